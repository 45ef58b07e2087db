/*  CURVE, see curve.h. */

#include "internal.h"
#include "curve.h"

tu_certs_t
tu_certs (void)
{
    tu_certs_t self = { zcert_new (), zcert_new () };
    CHECK (self.server && self.client);
    return self;
}

void
tu_certs_destroy (tu_certs_t *self)
{
    zcert_destroy (&self->server);
    zcert_destroy (&self->client);
}

bool
tu_curve_answered (const char *endpoint, const tu_certs_t *certs)
{
    zsock_t *peer = zsock_new (ZMQ_DEALER);
    zsock_set_linger (peer, 0);
    if (certs) {
        zcert_apply (certs->client, peer);
        zsock_set_curve_serverkey (peer, zcert_public_txt (certs->server));
    }
    CHECK (zsock_connect (peer, "%s", endpoint) == 0);
    tu_send_hex (peer, PING);
    const char *hex = tu_recv_hex (peer, certs? tu_limit (): 1500);
    CHECK (hex == NULL || streq (hex, PONG));
    zsock_destroy (&peer);
    return hex != NULL;
}

zactor_t *
tu_curve_client (const char *name, const char *endpoint, const tu_certs_t *certs)
{
    zactor_t *client = tu_keyed_node (certs->client);
    tu_status (client, NULL);
    tu_log_start ();
    zstr_sendx (client, "CONNECT", endpoint, zcert_public_txt (certs->server), NULL);
    zstr_sendx (client, "PUBLISH", name, "value", NULL);
    return client;
}

const char *
tu_curve_refusal (zactor_t *client, zactor_t *server)
{
    const char *line = tu_log_wait (tu_limit ());
    CHECK (line && line [0] == 'W');
    CHECK_INT (tu_status (client, NULL), 1);
    CHECK_INT (tu_status (server, NULL), 0);
    return line;
}
