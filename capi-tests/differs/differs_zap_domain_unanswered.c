/*  With a ZAP domain and no ZAP handler nobody is let in, and the server warns of it. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs ();
    zactor_t *server = tu_keyed_node (certs.server);
    zstr_sendx (server, "ZAP DOMAIN", "TEST", NULL);
    tu_log_start ();
    const char *endpoint = tu_bind_tcp (server);
    CHECK_STR (tu_log_wait (tu_limit ()),
               "W: nobody is let in until a ZAP handler runs in this process (domain 'TEST')");
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    tu_curve_refusal (client, server);
    CHECK_INT (tu_status (server, NULL), 0);
    zactor_destroy (&client);
    zactor_destroy (&server);
    tu_certs_destroy (&certs);
    return tu_done ();
}
