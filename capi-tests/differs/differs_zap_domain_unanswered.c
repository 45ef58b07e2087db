/*  With a ZAP domain and no ZAP handler nobody is let in, and the server warns of it. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs ();
    zactor_t *server = tu_keyed_node (certs.server);
    zstr_sendx (server, "ZAP DOMAIN", "TEST", NULL);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    /*  The client says so as well, in whichever order. */
    const char *line;
    do
        CHECK ((line = tu_log_wait (tu_limit ())));
    while (!streq (line, "W: nobody is let in until a ZAP handler runs in this process (domain 'TEST')"));
    CHECK_INT (tu_status (client, NULL), 1);
    CHECK_INT (tu_status (server, NULL), 0);
    zactor_destroy (&client);
    zactor_destroy (&server);
    tu_certs_destroy (&certs);
    return tu_done ();
}
