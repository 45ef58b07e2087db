/*  The example of the manual page, step by step, without its CURVE part. */

#include "manual.h"

int
main (void)
{
    tu_start ();

    /*  Client to server. The codec is no part of this: codec_manual has it. */
    zactor_t *server = tu_node ("server");
    zstr_sendx (server, "BIND", "inproc://zgossip", NULL);
    zsock_t *client = tu_dealer ("inproc://zgossip");
    tu_send_hex (client, HELLO);
    tu_send_hex (client, PING);
    tu_out ("client: %s", tu_recv_hex (client, tu_limit ()));
    zactor_destroy (&server);
    zsock_destroy (&client);

    /*  Peer to peer. */
    manual_t nodes = manual_nodes ();

    /*  The manual sleeps here for 200 ms. */
    zlist_t *seen = tu_list ();
    tu_wait_count (nodes.alpha, 4, seen);
    tu_show_list ("alpha", seen);
    tu_out ("alpha: STATUS %d", tu_status (nodes.alpha, NULL));

    zlist_destroy (&seen);
    manual_destroy (&nodes);
    return tu_done ();
}
