/*  A client that has the wrong key of its server says so, and names the server. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zcert_t *server_cert = zcert_new ();
    zcert_t *client_cert = zcert_new ();
    zcert_t *another_cert = zcert_new ();
    zactor_t *server = tu_keyed_node (server_cert);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_keyed_node (client_cert);
    tu_status (client, NULL);
    tu_log_start ();
    zstr_sendx (client, "CONNECT", endpoint, zcert_public_txt (another_cert), NULL);
    zstr_sendx (client, "PUBLISH", "client", "value", NULL);
    const char *line = tu_log_wait (tu_limit ());
    CHECK (line && line [0] == 'W' && strstr (line, endpoint));
    CHECK_INT (tu_status (client, NULL), 1);
    CHECK_INT (tu_status (server, NULL), 0);
    zactor_destroy (&client);
    zactor_destroy (&server);
    zcert_destroy (&server_cert);
    zcert_destroy (&client_cert);
    zcert_destroy (&another_cert);
    return tu_done ();
}
