/*  A client with keys finds its server again, encrypted as before. */

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
    int port = tu_free_port ();
    const char *endpoint = tu_printf ("tcp://127.0.0.1:%d", port);
    zactor_t *client = tu_keyed_node (client_cert);
    zstr_sendx (client, "CONNECT", endpoint, zcert_public_txt (server_cert), NULL);
    zstr_sendx (client, "PUBLISH", "client", "value", NULL);
    for (int count = 0; count < 2; count++) {
        tu_wait_free (port);
        zactor_t *server = tu_keyed_node (server_cert);
        zstr_sendx (server, "BIND", endpoint, NULL);
        tu_wait_count (server, 1, NULL);
        CHECK (!answered (endpoint, NULL, NULL));
        zactor_destroy (&server);
    }
    zactor_destroy (&client);
    zcert_destroy (&server_cert);
    zcert_destroy (&client_cert);
    return tu_done ();
}
