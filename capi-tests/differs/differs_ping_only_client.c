/*  A client that only PINGs gets PONGs, and is left alone otherwise. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
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
