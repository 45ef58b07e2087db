//  Handles and CZMQ's actors side by side: join, publish, watch and leave, with CZMQ's actor as the hub
//  and with the native one, over every transport, inproc included.

#include "testutil.h"
#include "zgossip_node.h"

//  The next event but for those that tell of servers.
static int recv_event (zgossip_node_t *node, int timeout, zgossip_event_t **event)
{
    int rc;
    while ((rc = zgossip_node_recv (node, timeout, event)) == 0
    && zgossip_event_type (*event) == ZGOSSIP_EVENT_JOINED)
        zgossip_event_destroy (event);
    return rc;
}

static void expect_tuple (zgossip_node_t *node, const char *key, const char *value)
{
    zgossip_event_t *event;
    CHECK_INT (recv_event (node, tu_limit (), &event), 0);
    CHECK_STR (zgossip_event_key (event, NULL), key);
    CHECK_STR (zgossip_event_value (event, NULL), value);
    zgossip_event_destroy (&event);
}

static void publish (zgossip_node_t *node, const char *key, const char *value)
{
    CHECK_INT (zgossip_node_publish (node, key, ZGOSSIP_STRING, value, ZGOSSIP_STRING, 0), 0);
}

static void with_hub (bool native, const char *endpoint)
{
    zactor_t *hub = tu_mixed_node (native, "hub");
    zgossip_node_t *one = zgossip_node_new ("one", 0);
    zgossip_node_t *two = zgossip_node_new ("two", 0);
    zstr_sendx (hub, "SET", "server/timeout", "1000000", NULL);
    if (endpoint)
        zstr_sendx (hub, "BIND", endpoint, NULL);
    else
        endpoint = tu_bind_tcp (hub);
    CHECK_INT (zgossip_node_connect (one, endpoint, NULL), 0);
    CHECK_INT (zgossip_node_connect (two, endpoint, NULL), 0);

    publish (one, "one", "1");
    expect_tuple (one, "one", "1");
    expect_tuple (two, "one", "1");
    CHECK_STR (tu_recv (hub), "[DELIVER] [one] [1]");
    zstr_sendx (hub, "PUBLISH", "hub", "2", NULL);
    CHECK_STR (tu_recv (hub), "[DELIVER] [hub] [2]");
    expect_tuple (one, "hub", "2");
    expect_tuple (two, "hub", "2");
    CHECK_INT (zgossip_node_size (two), 2);

    CHECK_INT (zgossip_node_disconnect (two, endpoint), 0);
    publish (one, "later", "3");
    expect_tuple (one, "later", "3");
    CHECK_STR (tu_recv (hub), "[DELIVER] [later] [3]");
    zgossip_event_t *event;
    CHECK_INT (recv_event (two, 0, &event), ZGOSSIP_TIMED_OUT);
    CHECK_INT (zgossip_node_connect (two, endpoint, NULL), 0);
    expect_tuple (two, "later", "3");

    zgossip_node_destroy (&one);
    zgossip_node_destroy (&two);
    zactor_destroy (&hub);
}

int main (void)
{
    tu_start ();
    for (int native = 0; native < 2; native++) {
        with_hub (native, NULL);
        with_hub (native, tu_ipc (native ? "native" : "stock"));
        with_hub (native, tu_inproc (native ? "native" : "stock"));
    }
    return tu_done ();
}
