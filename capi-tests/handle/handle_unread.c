//  An owner that never takes an event: the node goes on, and what waits grows with the tuples only.

#include "handle.h"

#define KEYS   100
#define ROUNDS 2000

int main (void)
{
    zgossip_node_t *hub = new_node ("hub");
    zgossip_node_t *leaf = new_node ("leaf");
    char key [16], value [200];
    int waiting = 0, first = 0;
    zgossip_event_t *event;
    memset (value, 'v', sizeof value);
    connect_to (leaf, bind_tcp (hub));

    publish (leaf, "first", "1");
    WAIT_UNTIL (zgossip_node_size (hub) == 1);
    long before = resident ();
    for (int round = 0; round < ROUNDS; round++) {
        snprintf (value + 190, 10, "%d", round);
        for (int i = 0; i < KEYS; i++) {
            snprintf (key, sizeof key, "key%d", i);
            publish (leaf, key, value);
        }
    }
    WAIT_UNTIL (has (hub, "key99", value));
    WAIT_UNTIL (has (leaf, "key99", value));
    long grown = resident () - before;

    //  2,000 as they came, and then the latest of each.
    while (zgossip_node_recv (hub, 0, &event) == 0) {
        if (waiting == 0)
            CHECK_STR (zgossip_event_key (event, NULL), "first");
        first += strcmp (zgossip_event_value (event, NULL), value) == 0;
        CHECK_INT (zgossip_event_destroy (&event), 0);
        waiting++;
    }
    CHECK (waiting >= KEYS + 1 && waiting <= 2000 + 2 * KEYS);
    CHECK (first >= KEYS);
    //  40 MB and more if all had waited.
    if (!getenv ("ZGOSSIP_TEST_CHECKER"))
        CHECK (grown < 20000);
    printf ("%d events of %d waited, %ld kB\n", waiting, KEYS * ROUNDS + 1, grown);

    //  From now on every change is told again.
    publish (hub, "a", "1");
    publish (hub, "a", "2");
    expect_tuple (hub, "a", "1");
    expect_tuple (hub, "a", "2");
    destroy (&leaf);
    destroy (&hub);
    return 0;
}
