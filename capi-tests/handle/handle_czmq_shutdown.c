//  zsys_shutdown ends the context that the nodes' sockets are in. Each node then says ZGOSSIP_ENDED, whatever
//  sockets it had, and whoever waits for an event is told. Nothing hangs or ends the process.
//  Many rounds, as it depends on what the end of the context meets.

#include <pthread.h>
#include "testutil.h"
#include "zgossip_node.h"

static void *wait_for_the_end (void *node)
{
    int rc;
    zgossip_event_t *event;
    while ((rc = zgossip_node_recv (node, -1, &event)) == 0)
        zgossip_event_destroy (&event);
    return (void *) (intptr_t) rc;
}

static void ends (bool bound, bool connected)
{
    void *rc;
    pthread_t thread;
    zgossip_node_t *node = zgossip_node_new ("node", 0);
    CHECK (node);
    if (bound)
        CHECK (zgossip_node_bind (node, "tcp://127.0.0.1:!") > 0);
    if (connected)
        CHECK_INT (zgossip_node_connect (node, "inproc://nowhere", NULL), 0);
    CHECK_INT (zgossip_node_publish (node, "key", 3, "value", 5, 0), 0);
    CHECK (pthread_create (&thread, NULL, wait_for_the_end, node) == 0);
    zsys_shutdown ();
    CHECK (pthread_join (thread, &rc) == 0);
    CHECK_INT ((intptr_t) rc, ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_size (node), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_connect (node, "inproc://there", NULL), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_bind (node, "inproc://here"), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_publish (node, "key", 3, "value", 5, 0), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_destroy (&node), 0);
}

int main (void)
{
    tu_watchdog (60);
    for (int sockets = 0; sockets < 200; sockets++)
        ends (sockets & 1, sockets & 2);
    return 0;
}
