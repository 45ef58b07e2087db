//  Join, publish, watch, leave; over every transport, in a process without CZMQ.

#include "handle.h"

static void over (const char *endpoint)
{
    zgossip_node_t *hub = new_node ("hub");
    zgossip_node_t *one = new_node ("one");
    zgossip_node_t *two = new_node ("two");
    if (endpoint)
        CHECK_INT (zgossip_node_bind (hub, endpoint), 0);
    else
        endpoint = bind_tcp (hub);
    connect_to (one, endpoint);
    connect_to (two, endpoint);

    publish (one, "key", "value");
    expect_tuple (one, "key", "value");
    expect_tuple (hub, "key", "value");
    expect_tuple (two, "key", "value");
    CHECK_INT (zgossip_node_size (two), 1);
    CHECK_STR (value_of (two, "key"), "value");

    publish (one, "key", "another");
    expect_tuple (one, "key", "another");
    expect_tuple (hub, "key", "another");
    expect_tuple (two, "key", "another");

    //  Who has left hears nothing more, keeps what it has, and hears the rest when it is back.
    CHECK_INT (zgossip_node_disconnect (two, endpoint), 0);
    CHECK_INT (zgossip_node_disconnect (two, endpoint), ZGOSSIP_REFUSED);
    publish (one, "later", "1");
    expect_tuple (hub, "later", "1");
    expect_nothing (two);
    CHECK_INT (zgossip_node_size (two), 1);
    CHECK (!value_of (two, "later"));
    connect_to (two, endpoint);
    expect_tuple (two, "later", "1");

    CHECK_INT (zgossip_node_unpublish (two, "later", ZGOSSIP_STRING), 0);
    CHECK (!value_of (two, "later"));

    destroy (&one);
    destroy (&two);
    destroy (&hub);
}

//  Behind what the server held, its endpoint; once, until the connection is another one.
static void joined (void)
{
    zgossip_node_t *hub = new_node ("hub"), *leaf = new_node ("leaf");
    const char *endpoint = bind_tcp (hub);
    zgossip_event_t *event;
    for (int round = 0; round < 2; round++) {
        publish (hub, "held", round ? "2" : "1");
        connect_to (leaf, endpoint);
        CHECK_INT (zgossip_node_recv (leaf, limit (), &event), 0);
        CHECK_INT (zgossip_event_type (event), ZGOSSIP_EVENT_TUPLE);
        CHECK_STR (zgossip_event_value (event, NULL), round ? "2" : "1");
        CHECK_INT (zgossip_event_destroy (&event), 0);
        CHECK_INT (zgossip_node_recv (leaf, limit (), &event), 0);
        CHECK_INT (zgossip_event_type (event), ZGOSSIP_EVENT_JOINED);
        CHECK_STR (zgossip_event_key (event, NULL), endpoint);
        CHECK_STR (zgossip_event_value (event, NULL), "");
        CHECK_INT (zgossip_event_destroy (&event), 0);
        publish (hub, "later", round ? "2" : "1");
        CHECK_INT (zgossip_node_recv (leaf, limit (), &event), 0);
        CHECK_STR (zgossip_event_key (event, NULL), "later");
        CHECK_INT (zgossip_event_destroy (&event), 0);
        CHECK_INT (zgossip_node_disconnect (leaf, endpoint), 0);
    }
    CHECK_INT (zgossip_node_recv (leaf, 0, &event), ZGOSSIP_TIMED_OUT);
    destroy (&leaf);
    destroy (&hub);
}

//  A list is of one moment, whatever comes later.
static void snapshot (void)
{
    zgossip_node_t *node = new_node ("node");
    char key [16];
    size_t size = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf (key, sizeof key, "key%d", i);
        publish (node, key, "before");
    }
    zgossip_tuples_t *all = zgossip_node_snapshot (node);
    CHECK (all != NULL);
    CHECK_INT (zgossip_tuples_size (all), 1000);
    CHECK (!zgossip_tuples_key (all, &size));
    publish (node, "key0", "after");
    publish (node, "new", "after");
    CHECK_INT (zgossip_node_size (node), 1001);
    destroy (&node);

    for (int i = 0; i < 1000; i++) {
        CHECK_INT (zgossip_tuples_next (all), 1);
        snprintf (key, sizeof key, "key%d", i);
        CHECK_STR (zgossip_tuples_key (all, &size), key);
        CHECK_INT (size, strlen (key));
        CHECK_STR (zgossip_tuples_value (all, &size), "before");
        CHECK_INT (size, strlen ("before"));
    }
    CHECK_INT (zgossip_tuples_next (all), 0);
    CHECK_INT (zgossip_tuples_next (all), 0);
    CHECK (!zgossip_tuples_key (all, NULL));
    CHECK (!zgossip_tuples_value (all, NULL));
    CHECK_INT (zgossip_tuples_destroy (&all), 0);
    CHECK (!all);
    CHECK_INT (zgossip_tuples_destroy (&all), 0);
}

//  Bytes with a size: not UTF-8, empty, large; and a buffer that is too small.
static void bytes (void)
{
    zgossip_node_t *node = new_node (NULL);
    zgossip_event_t *event;
    static char large [16 << 20];
    char small [4] = "xxx";
    size_t size = 0;
    memset (large, 'v', sizeof large);

    CHECK_INT (zgossip_node_publish (node, "\xff\x01key", 3, large, sizeof large, 0), 0);
    CHECK_INT (zgossip_node_recv (node, limit (), &event), 0);
    CHECK_STR (zgossip_event_key (event, &size), "\xff\x01k");
    CHECK_INT (size, 3);
    const char *value = zgossip_event_value (event, &size);
    CHECK_INT (size, sizeof large);
    CHECK_INT (strlen (value), sizeof large);
    CHECK_INT (zgossip_event_destroy (&event), 0);

    CHECK_INT (zgossip_node_publish (node, "", 0, "", 0, 0), 0);
    CHECK_INT (zgossip_node_publish (node, NULL, 0, NULL, 0, 0), 0);
    expect_tuple (node, "", "");
    expect_nothing (node);
    CHECK_INT (zgossip_node_get (node, "", 0, NULL, 0), 0);

    publish (node, "key", "value");
    CHECK_INT (zgossip_node_get (node, "key", 3, NULL, 0), 5);
    CHECK_INT (zgossip_node_get (node, "key", 3, small, 3), 5);
    CHECK_STR (small, "val");
    publish (node, "key", "va");
    CHECK_INT (zgossip_node_get (node, "key", 3, small, 3), 2);
    CHECK_STR (small, "va");
    destroy (&node);
}

int main (void)
{
    char ipc [64];
    snprintf (ipc, sizeof ipc, "ipc:///tmp/zgossip-node-%d", (int) getpid ());
    over (NULL);
    over (ipc);
    over ("inproc://hub");
    joined ();
    snapshot ();
    bytes ();
    CHECK_STR (strncmp (zgossip_version (), "libzgossip ", 11) ? "?" : "libzgossip", "libzgossip");
    return 0;
}
