/*  LOAD of security/mechanism = curve takes the keys from a certificate file, in every
    build. */

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
    const char *path = tu_path ("server.cert");
    CHECK (zcert_save (server_cert, path) == 0);
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "LOAD", tu_file ("node.cfg", tu_printf (
        "zgossip\n"
        "    security\n"
        "        mechanism = curve\n"
        "        secret-key = %s_secret\n", path)), NULL);
    const char *endpoint = tu_bind_tcp (node);
    CHECK (answered (endpoint, client_cert, zcert_public_txt (server_cert)));
    CHECK (!answered (endpoint, NULL, NULL));
    zactor_destroy (&node);
    zcert_destroy (&server_cert);
    zcert_destroy (&client_cert);
    return tu_done ();
}
