//  A thread that is cancelled in a call: the call is carried out to its end first. No lock stays held, and the
//  other threads go on.

#include <pthread.h>
#include <stdatomic.h>
#include "handle.h"

#define ROUNDS 200

static zgossip_node_t *node;
static atomic_int started;

static void *publisher (void *unused)
{
    for (started++;; pthread_testcancel ())
        publish (node, "key", "value");
    return unused;
}

static void *reader (void *unused)
{
    zgossip_event_t *event;
    for (started++;; pthread_testcancel ())
        if (zgossip_node_recv (node, 1, &event) == 0)
            zgossip_event_destroy (&event);
    return unused;
}

static void *asker (void *unused)
{
    for (started++;; pthread_testcancel ()) {
        CHECK (zgossip_node_size (node) >= 0);
        CHECK (zgossip_node_set (node, "a/b", "c") == 0);
    }
    return unused;
}

static void *maker (void *unused)
{
    for (started++;; pthread_testcancel ()) {
        zgossip_node_t *own = new_node ("own");
        connect_to (own, "inproc://nowhere");
        destroy (&own);
    }
    return unused;
}

int main (void)
{
    void *(*all [4]) (void *) = { publisher, reader, asker, maker };
    alarm (limit () / 1000 * 4);
    node = new_node ("node");
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads [4];
        started = 0;
        for (int i = 0; i < 4; i++)
            CHECK_INT (pthread_create (&threads [i], NULL, all [i], NULL), 0);
        WAIT_UNTIL (started == 4);
        //  At another moment each time.
        usleep (round * 7 % 500);
        for (int i = 0; i < 4; i++)
            CHECK_INT (pthread_cancel (threads [i]), 0);
        for (int i = 0; i < 4; i++) {
            void *result;
            CHECK_INT (pthread_join (threads [i], &result), 0);
            CHECK (result == PTHREAD_CANCELED);
        }
    }
    publish (node, "last", "1");
    CHECK_STR (value_of (node, "last"), "1");
    destroy (&node);
    return 0;
}
