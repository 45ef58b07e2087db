/*  Networks of several shapes, with tuples that do not change: several servers,
    two nodes connected both ways, a node connected to itself, cycles, a chain. */

#include "testutil.h"

#define NODES 4

static zactor_t *s_nodes [NODES];
static const char *s_endpoints [NODES];

static void
open_nodes (void)
{
    for (int index = 0; index < NODES; index++) {
        s_nodes [index] = tu_lasting_node ("node");
        s_endpoints [index] = tu_inproc ("node");
        zstr_sendx (s_nodes [index], "BIND", s_endpoints [index], NULL);
    }
}

static void
join (int from, int to)
{
    zstr_sendx (s_nodes [from], "CONNECT", s_endpoints [to], NULL);
}

static void
publish_all (int round)
{
    for (int index = 0; index < NODES; index++)
        for (int count = 0; count < 5; count++)
            zstr_sendx (s_nodes [index], "PUBLISH", tu_printf ("%d.%d.%d", round, index, count),
                        "value", NULL);
}

/*  Half of the tuples are there before the links, half come later. */
static void
finish (const char *label)
{
    zlist_t *seen [NODES];
    for (int index = 0; index < NODES; index++)
        seen [index] = tu_list ();
    tu_wait_all (s_nodes, NODES, NODES * 5, seen);
    publish_all (2);
    tu_wait_all (s_nodes, NODES, NODES * 10, seen);
    for (int index = 0; index < NODES; index++) {
        tu_show_sorted (tu_printf ("%s, node %d", label, index), seen [index]);
        zlist_destroy (&seen [index]);
        zactor_destroy (&s_nodes [index]);
    }
}

int
main (void)
{
    tu_start ();

    open_nodes ();
    publish_all (1);
    join (0, 1), join (0, 2), join (0, 3);
    finish ("several servers");

    open_nodes ();
    publish_all (1);
    join (0, 1), join (1, 0), join (1, 2), join (2, 1), join (2, 3);
    finish ("both ways");

    open_nodes ();
    publish_all (1);
    join (0, 0), join (0, 1), join (1, 2), join (2, 3), join (3, 3);
    finish ("to itself");

    open_nodes ();
    publish_all (1);
    join (0, 1), join (1, 2), join (2, 3), join (3, 0), join (0, 2);
    finish ("cycle");

    open_nodes ();
    publish_all (1);
    join (3, 2), join (1, 2), join (1, 0);
    finish ("chain");
    return tu_done ();
}
