/*  A client that only PINGs gets PONGs, and is left alone otherwise. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_inproc ("ping");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zsock_t *client = tu_dealer (endpoint);
    for (int count = 0; count < 3; count++) {
        tu_send_hex (client, PING);
        tu_expect_hex (client, PONG);
        zstr_sendx (server, "PUBLISH", tu_printf ("key%d", count), "value", NULL);
        CHECK_INT (tu_status (server, NULL), count + 1);
    }
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
