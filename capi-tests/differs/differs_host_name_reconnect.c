/*  A server CONNECTed by host name may restart: the client finds it again. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    tu_need_name ("localhost");
    int port = tu_free_port ();
    const char *address = tu_printf ("tcp://127.0.0.1:%d", port);
    zactor_t *server = tu_lasting_node ("server");
    zstr_sendx (server, "BIND", address, NULL);
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", tu_printf ("tcp://localhost:%d", port), NULL);
    zstr_sendx (client, "PUBLISH", "first", "value", NULL);
    tu_wait_count (server, 1, NULL);
    for (int count = 0; count < 2; count++) {
        zactor_destroy (&server);
        tu_wait_free (port);
        server = tu_lasting_node ("server");
        zstr_sendx (server, "BIND", address, NULL);
        CHECK_INT (tu_port (server, NULL), port);
        tu_wait_count (server, 1, NULL);
    }
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
