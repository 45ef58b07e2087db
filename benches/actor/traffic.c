/*  What tuples cost on their way. */

#include "bench.h"

#define READY "READY"
#define BATCH 500

void end (node_t *nodes, size_t count, size_t first)
{
    if (limit_mode) {
        node_publish (&nodes [first], "STOP", "");
        for (size_t index = 0; index < count; index++)
            node_expect_key (&nodes [index], "STOP");
    }
    for (size_t index = 0; index < count; index++)
        node_destroy (&nodes [index]);
    free (nodes);
}

/*  One node's publication becomes known to all. */
static void announce (node_t *nodes, size_t count, size_t first)
{
    node_publish (&nodes [first], READY, "");
    for (size_t index = 0; index < count; index++)
        node_expect_key (&nodes [index], READY);
}

/*  Publish so many tuples, in batches that fit into the pipes; each node's owner gets all. */
static void pump (node_t *nodes, size_t count, size_t first, size_t tuples)
{
    static size_t number;
    while (tuples) {
        size_t batch = tuples < BATCH? tuples: BATCH;
        for (size_t index = 0; index < batch; index++, number++)
            node_publish (&nodes [first], key_of (number), value_of (number));
        for (size_t index = 0; index < count; index++)
            node_expect (&nodes [index], batch);
        tuples -= batch;
    }
}

node_t *star (const char *transport, size_t leaves, size_t first)
{
    node_t *nodes = calloc (leaves + 1, sizeof (node_t));
    nodes [0] = node_new (FROM_PIPE);
    char *endpoint = strdup (node_bind (&nodes [0], transport));
    for (size_t index = 1; index <= leaves; index++) {
        nodes [index] = node_new (first == index? FROM_PIPE: FROM_SERVER);
        node_connect (&nodes [index], endpoint);
        node_start (&nodes [index], 0);
    }
    node_start (&nodes [0], leaves);
    free (endpoint);
    announce (nodes, leaves + 1, first);
    return nodes;
}

static size_t scaled (size_t count)
{
    return quick_mode? count / 5: count;
}

void case_publish (void)
{
    node_t *nodes = calloc (1, sizeof (node_t));
    size_t tuples = scaled (100000);
    nodes [0] = node_new (FROM_PIPE);
    node_start (&nodes [0], 0);
    announce (nodes, 1, 0);
    double cpu = cpu_now (), clock = clock_now ();
    pump (nodes, 1, 0, tuples);
    cpu = cpu_now () - cpu;
    clock = clock_now () - clock;
    result ("cpu", "us/tuple", cpu / (double) tuples);
    result ("rate", "tuples/s", 1e6 * (double) tuples / clock);
    end (nodes, 1, 0);
}

void case_sync (void)
{
    node_t *nodes = calloc (2, sizeof (node_t));
    size_t tuples = scaled (200000);
    nodes [0] = node_new (FROM_PIPE);
    char *endpoint = strdup (node_bind (&nodes [0], "tcp"));
    announce (nodes, 1, 0);
    pump (nodes, 1, 0, tuples);
    double cpu = cpu_now (), clock = clock_now ();
    nodes [1] = node_new (FROM_SERVER);
    node_connect (&nodes [1], endpoint);
    node_expect (&nodes [1], tuples + 1);
    cpu = cpu_now () - cpu;
    clock = clock_now () - clock;
    result ("cpu", "us/tuple", cpu / (double) tuples);
    result ("rate", "tuples/s", 1e6 * (double) tuples / clock);
    free (endpoint);
    end (nodes, 2, 0);
}

static void traffic (node_t *nodes, size_t count, size_t first, size_t tuples)
{
    double cpu = cpu_now (), clock = clock_now ();
    pump (nodes, count, first, tuples);
    cpu = cpu_now () - cpu;
    clock = clock_now () - clock;
    double deliveries = (double) tuples * (double) count;
    result ("cpu", "us/delivery", cpu / deliveries);
    result ("rate", "deliveries/s", 1e6 * deliveries / clock);
}

void case_fan_out (const char *transport, size_t leaves)
{
    node_t *nodes = star (transport, leaves, 0);
    traffic (nodes, leaves + 1, 0, scaled (200000 / leaves + 100));
    end (nodes, leaves + 1, 0);
}

void case_leaf (size_t leaves)
{
    if (limit_mode)
        die ("leaf: there is no limit mode");
    node_t *nodes = star ("tcp", leaves, 1);
    traffic (nodes, leaves + 1, 1, scaled (200000 / leaves + 100));
    end (nodes, leaves + 1, 1);
}

void case_mesh (size_t count)
{
    node_t *nodes = calloc (count, sizeof (node_t));
    char **endpoints = calloc (count, sizeof (char *));
    for (size_t index = 0; index < count; index++) {
        nodes [index] = node_new (FROM_PIPE);
        endpoints [index] = strdup (node_bind (&nodes [index], "tcp"));
    }
    for (size_t index = 0; index < count; index++)
        for (size_t other = 0; other < index; other++)
            node_connect (&nodes [index], endpoints [other]);
    for (size_t index = 0; index < count; index++) {
        node_publish (&nodes [index], key_of (1000000 + index), "");
        for (size_t other = 0; other < count; other++)
            node_expect_key (&nodes [other], key_of (1000000 + index));
    }
    //  All links are up and quiet. Each node publishes its share.
    size_t share = scaled (20000 / count / count + 20);
    double cpu = 0, clock = 0;
    for (size_t index = 0; index < count; index++) {
        double before = cpu_now (), clock_before = clock_now ();
        pump (nodes, count, index, share);
        cpu += cpu_now () - before;
        clock += clock_now () - clock_before;
    }
    double deliveries = (double) (share * count * count);
    result ("cpu", "us/delivery", cpu / deliveries);
    result ("rate", "deliveries/s", 1e6 * deliveries / clock);
    for (size_t index = 0; index < count; index++)
        free (endpoints [index]);
    free (endpoints);
    end (nodes, count, 0);
}

void case_chain (void)
{
    enum { HOPS = 10 };
    node_t *nodes = calloc (HOPS + 1, sizeof (node_t));
    char *endpoint = NULL;
    for (size_t index = 0; index <= HOPS; index++) {
        nodes [index] = node_new (index? FROM_SERVER: FROM_PIPE);
        if (index)
            node_connect (&nodes [index], endpoint);
        free (endpoint);
        endpoint = index < HOPS? strdup (node_bind (&nodes [index], "tcp")): NULL;
    }
    for (size_t index = HOPS + 1; index-- > 0;)
        node_start (&nodes [index], index < HOPS? 1: 0);
    announce (nodes, HOPS + 1, 0);
    size_t samples = scaled (2000);
    double *took = calloc (samples, sizeof (double));
    double cpu = cpu_now ();
    for (size_t index = 0; index < samples; index++) {
        double clock = clock_now ();
        node_publish (&nodes [0], key_of (index), value_of (index));
        node_expect (&nodes [HOPS], 1);
        took [index] = (clock_now () - clock) / HOPS;
        for (size_t other = 0; other < HOPS; other++)
            node_expect (&nodes [other], 1);
    }
    cpu = cpu_now () - cpu;
    qsort (took, samples, sizeof (double), compare_doubles);
    result ("p50", "us/hop", took [samples / 2]);
    result ("p99", "us/hop", took [samples * 99 / 100]);
    result ("cpu", "us/delivery", cpu / (double) (samples * (HOPS + 1)));
    free (took);
    free (endpoint);
    end (nodes, HOPS + 1, 0);
}

void case_hub (const char *transport, size_t leaves)
{
    double clock = clock_now ();
    node_t *nodes = star (transport, leaves, 0);
    result ("up", "s", (clock_now () - clock) / 1e6);
    result ("descriptors", "count", (double) descriptors_now ());
    result ("memory", "kB/leaf", resident_now () / 1024 / (double) leaves);
    traffic (nodes, leaves + 1, 0, 20);
    end (nodes, leaves + 1, 0);
}
