//  Known to be told: zgossip_node_flush counts the neighbours that have taken everything, and to destroy a node is to
//  wait until they have; who has nobody to wait for does not wait.

#include <pthread.h>
#include "handle.h"

static char large [100000];

//  A node that waits for its neighbours however slow the machine is.
static zgossip_node_t *patient_node (void)
{
    zgossip_node_t *node = new_node ("node");
    CHECK_INT (zgossip_node_set (node, "zgossip/linger", "20000"), 0);
    return node;
}

static void counted (void)
{
    zgossip_node_t *hub = new_node ("hub"), *node = patient_node ();
    CHECK_INT (zgossip_node_flush (node, 10000), 0);
    CHECK_INT (zgossip_node_connect (node, bind_tcp (hub), NULL), 0);
    for (int key = 0; key < 50; key++) {
        char name [16];
        snprintf (name, sizeof name, "%d", key);
        CHECK_INT (zgossip_node_publish (node, name, ZGOSSIP_STRING, large, sizeof large, 0), 0);
    }
    CHECK_INT (zgossip_node_flush (node, -1), 1);
    CHECK_INT (zgossip_node_size (hub), 50);
    publish (hub, "key", "value");
    CHECK_INT (zgossip_node_flush (hub, limit ()), 1);
    CHECK (has (node, "key", "value"));

    //  A server that is not there is waited for as long as the time-out says.
    zgossip_node_t *alone = new_node ("alone");
    CHECK_INT (zgossip_node_connect (alone, "tcp://127.0.0.1:1", NULL), 0);
    long long start = now ();
    CHECK_INT (zgossip_node_flush (alone, 100), 0);
    CHECK (now () - start >= 100);
    destroy (&alone);
    destroy (&node);
    destroy (&hub);
}

static void ended_at_once (void)
{
    zgossip_node_t *hub = new_node ("hub");
    char endpoint [64];
    snprintf (endpoint, sizeof endpoint, "%s", bind_tcp (hub));
    for (int round = 1; round <= 20; round++) {
        zgossip_node_t *node = patient_node ();
        char key [16];
        snprintf (key, sizeof key, "%d", round);
        CHECK_INT (zgossip_node_connect (node, endpoint, NULL), 0);
        CHECK_INT (zgossip_node_publish (node, key, ZGOSSIP_STRING, large, sizeof large, 0), 0);
        destroy (&node);
        CHECK_INT (zgossip_node_size (hub), round);
    }
    destroy (&hub);
}

static zgossip_node_t *waiting;

static void *waits (void *unused)
{
    (void) unused;
    CHECK (zgossip_node_flush (waiting, 3600000) <= 0);
    return NULL;
}

//  Who waits keeps no node from ending.
static void ended_meanwhile (void)
{
    pthread_t thread;
    waiting = new_node ("waiting");
    CHECK_INT (zgossip_node_connect (waiting, "tcp://127.0.0.1:1", NULL), 0);
    publish (waiting, "key", "value");
    CHECK_INT (pthread_create (&thread, NULL, waits, NULL), 0);
    usleep (50000);
    zgossip_node_t *node = waiting;
    destroy (&node);
    pthread_join (thread, NULL);
}

int main (void)
{
    memset (large, 'v', sizeof large);
    counted ();
    ended_at_once ();
    ended_meanwhile ();
    return 0;
}
