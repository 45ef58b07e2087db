/*  Sessions as a server keeps them: HELLO is answered with all tuples, PUBLISH
    without HELLO with INVALID, PING with PONG in any case. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    for (int index = 0; index < 20; index++)
        zstr_sendx (server, "PUBLISH", tu_printf ("key%d", index), "value", NULL);
    tu_wait_count (server, 20, NULL);

    zsock_t *stranger = tu_dealer (endpoint);
    tu_send_hex (stranger, PING);
    tu_out ("stranger: %s", tu_recv_hex (stranger, tu_limit ()));
    /*  A tuple the server has, so that only the reply is looked at here. */
    tu_send_hex (stranger, tu_publish_hex ("key1", "value", 0));
    tu_out ("stranger: %s", tu_recv_hex (stranger, tu_limit ()));

    /*  After INVALID a client starts again. */
    for (int round = 0; round < 2; round++) {
        zsock_t *client = round? tu_dealer (endpoint): stranger;
        zlist_t *seen = tu_list ();
        tu_send_hex (client, HELLO);
        tu_send_hex (client, PING);
        for (int count = 0; count < 20; count++)
            zlist_append (seen, (void *) tu_recv_hex (client, tu_limit ()));
        tu_show_sorted ("client", seen);
        tu_out ("client: %s", tu_recv_hex (client, tu_limit ()));
        zlist_destroy (&seen);
        zsock_destroy (&client);
    }
    /*  A client that has gone is no trouble. */
    zstr_sendx (server, "PUBLISH", "last", "value", NULL);
    tu_out ("%s", tu_recv (server));
    tu_out ("%d tuples", tu_status (server, NULL));
    zactor_destroy (&server);
    return tu_done ();
}
