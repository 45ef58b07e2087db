/*  With keys set the traffic is encrypted, in every build: nodes with keys exchange
    tuples, a peer without keys is not even answered. */

#include "testutil.h"

/*  Whether a raw peer, with keys or without, is answered. */
static bool
answered (const char *endpoint, zcert_t *cert, const char *server_key)
{
    zsock_t *client = zsock_new (ZMQ_DEALER);
    zsock_set_linger (client, 0);
    if (cert) {
        zcert_apply (cert, client);
        zsock_set_curve_serverkey (client, server_key);
    }
    CHECK (zsock_connect (client, "%s", endpoint) == 0);
    tu_send_hex (client, PING);
    const char *hex = tu_recv_hex (client, cert? tu_limit (): 1500);
    CHECK (hex == NULL || streq (hex, PONG));
    zsock_destroy (&client);
    return hex != NULL;
}

int
main (void)
{
    tu_start ();
    zcert_t *server_cert = zcert_new ();
    zcert_t *client_cert = zcert_new ();
    zactor_t *server = tu_keyed_node (server_cert);
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_keyed_node (client_cert);
    zstr_sendx (client, "CONNECT", endpoint, zcert_public_txt (server_cert), NULL);
    zstr_sendx (client, "PUBLISH", "client", "value", NULL);
    CHECK_STR (tu_recv (server), "[DELIVER] [client] [value]");
    zstr_sendx (server, "PUBLISH", "server", "value", NULL);
    tu_wait_count (client, 2, NULL);

    CHECK (answered (endpoint, client_cert, zcert_public_txt (server_cert)));
    CHECK (!answered (endpoint, NULL, NULL));
    zactor_destroy (&client);
    zactor_destroy (&server);
    zcert_destroy (&server_cert);
    zcert_destroy (&client_cert);
    return tu_done ();
}
