/*  One writer twice in a row, two at the same time, nodes that hold different values
    when they connect, and one that starts again with a new value: star, chain and
    ring of native ones, and a star around a stock node. All come to rest, equal, with few
    DELIVERs. */

#include "testutil.h"

#define NETS 4
#define NODES 4
#define KEYS 4
#define MOST_DELIVERS 20
/*  Rounds of nothing that count as quiet: longer than a value is held that was
    replaced before. */
#define QUIET_MS 1500

static const char *const keys [KEYS] = { "meet", "twice", "both", "again" };
static const char *const shapes [NETS] = { "star", "chain", "ring", "stock hub" };

typedef struct {
    zactor_t *nodes [NODES];
    const char *endpoints [NODES];
    char values [NODES][KEYS][16];
    int delivers [NODES][KEYS];
} net_t;

static net_t nets [NETS];

static void
publish (net_t *net, int node, const char *key, const char *value)
{
    CHECK (zstr_sendx (net->nodes [node], "PUBLISH", key, value, NULL) == 0);
}

/*  The links of a node, as a client, in a network of that shape. */
static void
connect_node (int shape, int node)
{
    net_t *net = &nets [shape];
    int server = shape == 1 || shape == 2? node - 1: 0;
    if (node)
        zstr_sendx (net->nodes [node], "CONNECT", net->endpoints [server], NULL);
    if (shape == 2 && node == NODES - 1)
        zstr_sendx (net->nodes [node], "CONNECT", net->endpoints [0], NULL);
}

/*  Take a DELIVER of a node if there is one. */
static bool
take (net_t *net, int node)
{
    zmsg_t *msg = tu_recv_msg (net->nodes [node], 1);
    if (!msg)
        return false;
    char *command = zmsg_popstr (msg), *key = zmsg_popstr (msg), *value = zmsg_popstr (msg);
    CHECK (command && key && value && streq (command, "DELIVER"));
    for (int index = 0; index < KEYS; index++)
        if (streq (key, keys [index])) {
            snprintf (net->values [node][index], sizeof (net->values [node][index]), "%s", value);
            CHECK (++net->delivers [node][index] <= MOST_DELIVERS);
        }
    free (command);
    free (key);
    free (value);
    zmsg_destroy (&msg);
    return true;
}

static bool
equal (void)
{
    for (int shape = 0; shape < NETS; shape++)
        for (int node = 1; node < NODES; node++)
            for (int key = 0; key < KEYS; key++)
                if (strcmp (nets [shape].values [node][key], nets [shape].values [0][key]))
                    return false;
    return true;
}

/*  Until all hold the same and nothing more is DELIVERed. */
static void
settle (const char *what)
{
    int64_t begun = zclock_mono (), last = begun, until = tu_deadline () + tu_limit ();
    while (!equal () || zclock_mono () < last + QUIET_MS) {
        for (int shape = 0; shape < NETS; shape++)
            for (int node = 0; node < NODES; node++)
                while (take (&nets [shape], node))
                    last = zclock_mono ();
        CHECK (zclock_mono () < until);
    }
    printf ("%s: equal and quiet after %d ms\n", what, (int) (last - begun));
}

static void
check_value (int key, const char *value)
{
    for (int shape = 0; shape < NETS; shape++)
        for (int node = 0; node < NODES; node++)
            if (strcmp (nets [shape].values [node][key], value))
                tu_fail (__FILE__, __LINE__, "%s, node %d: %s is %s, not %s", shapes [shape],
                         node, keys [key], nets [shape].values [node][key], value);
}

int
main (void)
{
    tu_start ();
    for (int shape = 0; shape < NETS; shape++)
        for (int node = 0; node < NODES; node++) {
            net_t *net = &nets [shape];
            net->nodes [node] = tu_mixed_node (shape != 3 || node, "node");
            net->endpoints [node] = tu_bind_tcp (net->nodes [node]);
            publish (net, node, "meet", tu_printf ("of node %d", node));
        }
    for (int shape = 0; shape < NETS; shape++) {
        publish (&nets [shape], NODES - 1, "again", "old");
        for (int node = 0; node < NODES; node++)
            connect_node (shape, node);
    }
    /*  Neither key is there before: an empty value would be equal everywhere. */
    for (int shape = 0; shape < NETS; shape++) {
        publish (&nets [shape], 1, "twice", "one");
        publish (&nets [shape], 1, "twice", "two");
        publish (&nets [shape], 1, "both", "of node 1");
        publish (&nets [shape], 2, "both", "of node 2");
    }
    settle ("connected, written twice and by two at once");
    check_value (1, "two");
    check_value (3, "old");

    for (int round = 0; round < 3; round++) {
        for (int shape = 0; shape < NETS; shape++) {
            publish (&nets [shape], 2, "twice", tu_printf ("one %d", round));
            publish (&nets [shape], 2, "twice", tu_printf ("two %d", round));
            publish (&nets [shape], 1, "both", tu_printf ("1 of %d", round));
            publish (&nets [shape], 3, "both", tu_printf ("3 of %d", round));
        }
        settle ("written again");
        check_value (1, tu_printf ("two %d", round));
    }

    for (int shape = 0; shape < NETS; shape++) {
        net_t *net = &nets [shape];
        zactor_destroy (&net->nodes [NODES - 1]);
        memset (net->values [NODES - 1], 0, sizeof (net->values [NODES - 1]));
        net->nodes [NODES - 1] = tu_mixed_node (true, "node");
        publish (net, NODES - 1, "again", "new");
        connect_node (shape, NODES - 1);
    }
    settle ("started again with a new value");
    check_value (3, "new");
    for (int shape = 0; shape < NETS; shape++)
        for (int node = 0; node < NODES; node++)
            zactor_destroy (&nets [shape].nodes [node]);
    return tu_done ();
}
