//  zgossip/limits/rate: who sends more is read more slowly, loses nothing, and keeps nobody else from being heard.

#include "handle.h"

#define RATE 500
#define KEYS 1500

static zgossip_node_t *limited_node (void)
{
    zgossip_node_t *node = new_node ("limited");
    char rate [16];
    snprintf (rate, sizeof rate, "%d", RATE);
    CHECK_INT (zgossip_node_set (node, "zgossip/limits/rate", rate), 0);
    return node;
}

static void publish_many (zgossip_node_t *node)
{
    for (int key = 0; key < KEYS; key++) {
        char name [16];
        snprintf (name, sizeof name, "%d", key);
        publish (node, name, "value");
    }
}

//  All of them arrive, in no less than the limit allows: a tenth of a second's worth may come at once.
static void all_arrive_slowly (zgossip_node_t *node, long long start, int others)
{
    WAIT_UNTIL (zgossip_node_size (node) == KEYS + others);
    CHECK (now () - start >= 1000LL * KEYS / RATE - 150);
}

static void clients (void)
{
    zgossip_node_t *limited = limited_node (), *honest = new_node ("honest"), *flooding = new_node ("flooding");
    const char *endpoint = bind_tcp (limited);
    CHECK_INT (zgossip_node_connect (honest, endpoint, NULL), 0);
    CHECK_INT (zgossip_node_connect (flooding, endpoint, NULL), 0);
    publish (limited, "both", "there");
    WAIT_UNTIL (has (honest, "both", "there") && has (flooding, "both", "there"));
    long long start = now ();
    publish_many (flooding);
    publish (honest, "honest", "value");
    WAIT_UNTIL (has (limited, "honest", "value"));
    CHECK (zgossip_node_size (limited) < KEYS);
    all_arrive_slowly (limited, start, 2);
    destroy (&flooding);
    destroy (&honest);
    destroy (&limited);
}

static void servers (void)
{
    zgossip_node_t *limited = limited_node (), *quiet = new_node ("quiet"), *flooding = new_node ("flooding");
    CHECK_INT (zgossip_node_connect (limited, bind_tcp (flooding), NULL), 0);
    CHECK_INT (zgossip_node_connect (limited, bind_tcp (quiet), NULL), 0);
    publish (limited, "both", "there");
    WAIT_UNTIL (has (quiet, "both", "there") && has (flooding, "both", "there"));
    long long start = now ();
    publish_many (flooding);
    publish (quiet, "quiet", "value");
    WAIT_UNTIL (has (limited, "quiet", "value"));
    CHECK (zgossip_node_size (limited) < KEYS);
    all_arrive_slowly (limited, start, 2);
    destroy (&flooding);
    destroy (&quiet);
    destroy (&limited);
}

//  The first set is told as fast as ever.
static void a_set (void)
{
    zgossip_node_t *limited = new_node ("limited"), *hub = new_node ("hub"), *full = new_node ("full");
    CHECK_INT (zgossip_node_set (limited, "zgossip/limits/rate", "1"), 0);
    publish_many (hub);
    publish_many (full);
    CHECK_INT (zgossip_node_connect (limited, bind_tcp (hub), NULL), 0);
    CHECK_INT (zgossip_node_connect (full, bind_tcp (limited), NULL), 0);
    WAIT_UNTIL (zgossip_node_size (limited) == KEYS);
    destroy (&full);
    destroy (&hub);
    destroy (&limited);
}

int main (void)
{
    clients ();
    servers ();
    a_set ();
    return 0;
}
