/*  A client that the server's ZAP handler refuses says so, and names the server. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    /*  Lets those in whose certificates are in this directory: nobody. */
    zactor_t *handler = zactor_new (zauth, NULL);
    CHECK (handler);
    zstr_sendx (handler, "CURVE", tu_dir (), NULL);
    zsock_wait (handler);
    tu_certs_t certs = tu_certs ();
    zactor_t *server = tu_keyed_node (certs.server);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    CHECK_STR (tu_curve_refusal (client, server),
               tu_printf ("W: cannot connect to '%s': the server's ZAP handler refuses us (status 400)", endpoint));
    zactor_destroy (&client);
    zactor_destroy (&server);
    zactor_destroy (&handler);
    tu_certs_destroy (&certs);
    return tu_done ();
}
