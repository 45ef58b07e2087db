//  CURVE: with the right keys tuples arrive, with a wrong one or without any they do not.

#include "handle.h"

static zgossip_node_t *with_keys (char *public, uint32_t options)
{
    char secret [41];
    zgossip_node_t *node = zgossip_node_new ("node", options);
    CHECK (node != NULL);
    CHECK_INT (zgossip_new_keys (public, secret), 0);
    CHECK_INT (zgossip_node_set_keys (node, public, secret), 0);
    return node;
}

int main (void)
{
    char hub_key [41], key [41];
    zgossip_event_t *event;
    zgossip_node_t *hub = with_keys (hub_key, 0);
    const char *endpoint = bind_tcp (hub);

    zgossip_node_t *friend = with_keys (key, 0);
    CHECK_INT (zgossip_node_connect (friend, endpoint, hub_key), 0);
    publish (friend, "key", "value");
    expect_tuple (friend, "key", "value");
    expect_tuple (hub, "key", "value");

    //  Takes another's key for the hub's: says so, as a line for the log.
    zgossip_node_t *mistaken = with_keys (key, ZGOSSIP_LOG_EVENTS);
    zgossip_node_t *plain = new_node ("plain");
    CHECK_INT (zgossip_node_connect (mistaken, endpoint, key), 0);
    connect_to (plain, endpoint);
    CHECK_INT (zgossip_node_recv (mistaken, limit (), &event), 0);
    CHECK_INT (zgossip_event_type (event), ZGOSSIP_EVENT_LOG);
    CHECK_STR (zgossip_event_key (event, NULL), "warning");
    CHECK (strstr (zgossip_event_value (event, NULL), "cannot connect to") != NULL);
    CHECK_INT (zgossip_event_destroy (&event), 0);

    //  Meanwhile a tuple has gone to the one who has the keys, and to nobody else.
    publish (hub, "secret", "1");
    expect_tuple (friend, "secret", "1");
    CHECK_INT (zgossip_node_size (mistaken), 0);
    CHECK_INT (zgossip_node_size (plain), 0);

    destroy (&plain);
    destroy (&mistaken);
    destroy (&friend);
    destroy (&hub);
    return 0;
}
