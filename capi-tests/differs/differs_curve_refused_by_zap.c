/*  A client that the server's ZAP handler refuses says so, and names the server. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    /*  Lets those in whose certificates are in this directory: nobody. */
    zactor_t *handler = zactor_new (zauth, NULL);
    CHECK (handler);
    zstr_sendx (handler, "CURVE", tu_dir (), NULL);
    zsock_wait (handler);
    zcert_t *server_cert = zcert_new ();
    zcert_t *client_cert = zcert_new ();
    zactor_t *server = tu_keyed_node (server_cert);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_keyed_node (client_cert);
    tu_status (client, NULL);
    tu_log_start ();
    zstr_sendx (client, "CONNECT", endpoint, zcert_public_txt (server_cert), NULL);
    zstr_sendx (client, "PUBLISH", "client", "value", NULL);
    const char *line = tu_log_wait (tu_limit ());
    CHECK_STR (line, tu_printf ("W: cannot connect to '%s': the server's ZAP handler refuses us (status 400)", endpoint));
    CHECK_INT (tu_status (client, NULL), 1);
    CHECK_INT (tu_status (server, NULL), 0);
    zactor_destroy (&client);
    zactor_destroy (&server);
    zactor_destroy (&handler);
    zcert_destroy (&server_cert);
    zcert_destroy (&client_cert);
    return tu_done ();
}
