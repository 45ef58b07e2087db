/*  What nodes cost that do nothing, and what tuples cost that lie still. */

#include "bench.h"

#define NODES 100

void case_memory (size_t tuples)
{
    node_t node = node_new (FROM_PIPE);
    node_publish (&node, "READY", "");
    node_expect_key (&node, "READY");
    double before = resident_now (), cpu = cpu_now ();
    for (size_t number = 0; number < tuples; number++) {
        node_publish (&node, key_of (number), value_of (number));
        node_expect (&node, 1);
    }
    result ("cpu", "us/tuple", (cpu_now () - cpu) / (double) tuples);
    result ("memory", "bytes/tuple", (resident_now () - before) / (double) tuples);
    node_destroy (&node);
}

void case_idle (const char *transport)
{
    //  The first ones pay for what all share.
    node_t *first = star (transport, 1, 0);
    double memory = resident_now ();
    size_t descriptors = descriptors_now (), threads = threads_now ();
    node_t *nodes = star (transport, NODES - 1, 0);
    //  Both ends of each connection are in this process.
    result ("memory", "kB/node", (resident_now () - memory) / 1024 / NODES);
    result ("descriptors", "count/node", (double) (descriptors_now () - descriptors) / NODES);
    result ("threads", "count/node", (double) (threads_now () - threads) / NODES);
    int seconds = quick_mode? 2: 10;
    double cpu = cpu_now ();
    zclock_sleep (1000 * seconds);
    result ("cpu", "us/s/node", (cpu_now () - cpu) / seconds / NODES);
    end (nodes, NODES, 0);
    end (first, 2, 0);
}

static volatile size_t made;

static void no_more (int signal)
{
    (void) signal;
    result ("nodes", "count", (double) made);
    _exit (0);
}

/*  Connected nodes under CZMQ's default limit of sockets. CZMQ aborts at the next one. */
void case_most_nodes (void)
{
    signal (SIGABRT, no_more);
    node_t bound = node_new (FROM_PIPE);
    char *endpoint = strdup (node_bind (&bound, "inproc"));
    node_publish (&bound, "READY", "");
    node_expect_key (&bound, "READY");
    for (;;) {
        node_t node = node_new (FROM_SERVER);
        node_connect (&node, endpoint);
        zstr_sendx (node.actor, "STATUS", NULL);
        node_expect (&node, 1);
        made++;
    }
}
