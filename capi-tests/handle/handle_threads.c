//  Threads that call everything on one node at once, and one that destroys it under their hands: they are
//  told so, and nobody crashes or hangs. Also what `make tsan` runs.

#include <pthread.h>
#include "handle.h"

static zgossip_node_t *node, *peer;
static const char *endpoint;

static void *publisher (void *name)
{
    char key [32];
    for (int i = 0;; i++) {
        snprintf (key, sizeof key, "%s%d", (char *) name, i % 50);
        int rc = zgossip_node_publish (node, key, ZGOSSIP_STRING, i % 2 ? "1" : "2", 1, 0);
        if (rc == 0 && i % 10 == 0)
            rc = zgossip_node_unpublish (node, key, ZGOSSIP_STRING);
        if (rc < 0) {
            CHECK (rc == ZGOSSIP_ENDED || rc == ZGOSSIP_BAD_ARGUMENT);
            return NULL;
        }
    }
}

static void *reader (void *unused)
{
    (void) unused;
    char buffer [16];
    for (;;) {
        long long rc = zgossip_node_get (node, "a1", 2, buffer, sizeof buffer);
        if (rc >= 0 || rc == ZGOSSIP_NOT_FOUND)
            rc = zgossip_node_size (node);
        if (rc >= 0)
            rc = zgossip_node_connect (node, endpoint, NULL);
        if (rc >= 0)
            rc = zgossip_node_disconnect (node, endpoint);
        if (rc < 0) {
            CHECK (rc == ZGOSSIP_ENDED || rc == ZGOSSIP_BAD_ARGUMENT);
            CHECK_INT (zgossip_error_code (), rc);
            return NULL;
        }
        zgossip_tuples_t *all = zgossip_node_snapshot (node);
        while (all && zgossip_tuples_next (all) > 0)
            CHECK (*zgossip_tuples_key (all, NULL));
        zgossip_tuples_destroy (&all);
    }
}

static void *receiver (void *unused)
{
    (void) unused;
    zgossip_event_t *event;
    for (;;) {
        int rc = zgossip_node_recv (node, -1, &event);
        if (rc < 0) {
            CHECK (rc == ZGOSSIP_ENDED || rc == ZGOSSIP_BAD_ARGUMENT);
            return NULL;
        }
        CHECK (zgossip_event_key (event, NULL) != NULL);
        zgossip_event_destroy (&event);
    }
}

int main (void)
{
    void *(*work []) (void *) = { publisher, publisher, reader, receiver, receiver };
    char *names [] = { "a", "b", NULL, NULL, NULL };
    int rounds = getenv ("ZGOSSIP_TEST_CHECKER") ? 3 : 20;

    peer = new_node ("peer");
    endpoint = bind_tcp (peer);
    for (int round = 0; round < rounds; round++) {
        pthread_t threads [5];
        zgossip_node_t *mine = new_node ("shared"), *copy = mine;
        node = mine;
        publish (mine, "a1", "0");
        for (int i = 0; i < 5; i++)
            CHECK_INT (pthread_create (&threads [i], NULL, work [i], names [i]), 0);
        //  Until all of them are at it.
        WAIT_UNTIL (zgossip_node_size (mine) > 40);
        destroy (&mine);
        CHECK_INT (zgossip_node_destroy (&copy), ZGOSSIP_BAD_ARGUMENT);
        for (int i = 0; i < 5; i++)
            CHECK_INT (pthread_join (threads [i], NULL), 0);
    }
    destroy (&peer);
    return 0;
}
