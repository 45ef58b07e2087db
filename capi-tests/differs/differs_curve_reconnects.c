/*  A client with keys finds its server again, encrypted as before. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs ();
    int port = tu_free_port ();
    const char *endpoint = tu_printf ("tcp://127.0.0.1:%d", port);
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    for (int count = 0; count < 2; count++) {
        tu_wait_free (port);
        zactor_t *server = tu_keyed_node (certs.server);
        zstr_sendx (server, "BIND", endpoint, NULL);
        tu_wait_count (server, 1, NULL);
        CHECK (!tu_curve_answered (endpoint, NULL));
        zactor_destroy (&server);
    }
    zactor_destroy (&client);
    tu_certs_destroy (&certs);
    return tu_done ();
}
