/*  A client that has the wrong key of its server says so, and names the server. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs ();
    tu_certs_t wrong = { zcert_new (), certs.client };
    zactor_t *server = tu_keyed_node (certs.server);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_curve_client ("client", endpoint, &wrong);
    CHECK (strstr (tu_curve_refusal (client, server), endpoint));
    zactor_destroy (&client);
    zactor_destroy (&server);
    tu_certs_destroy (&certs);
    zcert_destroy (&wrong.server);
    return tu_done ();
}
