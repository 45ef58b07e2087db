/*  A tuple does not go back to the client it came from. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_inproc ("echo");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, HELLO);
    for (int count = 0; count < 10; count++)
        tu_send_hex (client, tu_publish_hex (tu_printf ("key%d", count), "value", 0));
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    CHECK_INT (tu_status (server, NULL), 10);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
