/*  ALLOW lets in the clients that it names, and nobody else. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs (), others = tu_certs ();
    zactor_t *server = tu_keyed_node (certs.server);
    zstr_sendx (server, "ALLOW", zcert_public_txt (certs.client), NULL);
    const char *endpoint = tu_bind_tcp (server);
    /*  The client of the others has another key, and knows the server's. */
    zcert_destroy (&others.server);
    others.server = zcert_dup (certs.server);
    zactor_t *stranger = tu_curve_client ("stranger", endpoint, &others);
    CHECK_STR (tu_curve_refusal (stranger, server),
               "W: a client from 127.0.0.1 is not let in: its key is not allowed");
    CHECK_STR (tu_log_wait (tu_limit ()),
               tu_printf ("W: cannot connect to '%s': the server's ZAP handler refuses us (status 400)", endpoint));
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    CHECK_STR (tu_recv (server), "[DELIVER] [client] [value]");
    CHECK_INT (tu_status (server, NULL), 1);
    zactor_destroy (&client);
    zactor_destroy (&stranger);
    zactor_destroy (&server);
    tu_certs_destroy (&others);
    tu_certs_destroy (&certs);
    return tu_done ();
}
