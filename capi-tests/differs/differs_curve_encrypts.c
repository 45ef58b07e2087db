/*  With keys set the traffic is encrypted, in every build: nodes with keys exchange
    tuples, a peer without keys is not even answered. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs ();
    zactor_t *server = tu_keyed_node (certs.server);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    CHECK_STR (tu_recv (server), "[DELIVER] [client] [value]");
    zstr_sendx (server, "PUBLISH", "server", "value", NULL);
    tu_wait_count (client, 2, NULL);

    CHECK (tu_curve_answered (endpoint, &certs));
    CHECK (!tu_curve_answered (endpoint, NULL));
    zactor_destroy (&client);
    zactor_destroy (&server);
    tu_certs_destroy (&certs);
    return tu_done ();
}
