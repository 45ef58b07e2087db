/*  A raw ROUTER that is the server of one node, see raw_server.h. */

#include "internal.h"
#include "raw_server.h"

raw_server_t
raw_server (void)
{
    const char *endpoint = tu_inproc ("router");
    raw_server_t self = { tu_router (endpoint), NULL, tu_node ("client") };
    zstr_sendx (self.client, "CONNECT", endpoint, NULL);
    raw_server_hears (&self, HELLO);
    return self;
}

void
raw_server_destroy (raw_server_t *self)
{
    zframe_destroy (&self->peer);
    zactor_destroy (&self->client);
    zsock_destroy (&self->router);
}

void
raw_server_tell (raw_server_t *self, const char *key)
{
    tu_router_send (self->router, self->peer, tu_publish_hex (key, "value", 0));
}

void
raw_server_hears_nothing (raw_server_t *self, int count)
{
    int64_t until = tu_deadline ();
    while (tu_status (self->client, NULL) < count) {
        const char *hex = tu_router_recv (self->router, &self->peer, 20);
        if (hex)
            tu_fail_call ("the node sends %s", hex);
        if (zclock_mono () > until)
            tu_fail_call ("the node does not hold %d tuples", count);
    }
}

void
raw_server_hears (raw_server_t *self, const char *hex)
{
    const char *sent = tu_router_recv (self->router, &self->peer, tu_limit ());
    if (!sent || !streq (sent, hex))
        tu_fail_call ("the node sends %s, expected %s", sent? sent: "nothing", hex);
}
