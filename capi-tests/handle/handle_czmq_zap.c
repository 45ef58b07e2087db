//  Where the process has CZMQ, its ZAP handler decides about the clients of a handle, by the domain that
//  was named.

#include "testutil.h"
#include "zgossip_node.h"

int main (void)
{
    char keys [2][2][41], endpoint [64];
    zgossip_event_t *event;
    tu_start ();
    zactor_t *auth = zactor_new (zauth, NULL);
    //  Nobody's certificate is in there.
    zstr_sendx (auth, "CURVE", tu_dir (), NULL);
    CHECK_INT (zsock_wait (auth), 0);

    zgossip_node_t *hub = zgossip_node_new ("hub", 0);
    zgossip_node_t *leaf = zgossip_node_new ("leaf", ZGOSSIP_LOG_EVENTS);
    for (int i = 0; i < 2; i++) {
        CHECK_INT (zgossip_new_keys (keys [i][0], keys [i][1]), 0);
        CHECK_INT (zgossip_node_set_keys (i ? leaf : hub, keys [i][0], keys [i][1]), 0);
    }
    CHECK_INT (zgossip_node_set_zap_domain (hub, "domain"), 0);
    int port = zgossip_node_bind (hub, "tcp://127.0.0.1:!");
    CHECK (port > 0);
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    CHECK_INT (zgossip_node_connect (leaf, endpoint, keys [0][0]), 0);

    CHECK_INT (zgossip_node_recv (leaf, tu_limit (), &event), 0);
    CHECK_INT (zgossip_event_type (event), ZGOSSIP_EVENT_LOG);
    CHECK (strstr (zgossip_event_value (event, NULL), "ZAP handler refuses us") != NULL);
    zgossip_event_destroy (&event);

    zgossip_node_destroy (&leaf);
    zgossip_node_destroy (&hub);
    zactor_destroy (&auth);
    return tu_done ();
}
