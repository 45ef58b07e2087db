/*  Who joins late is told everything: 5,000 tuples, and what the joiner brings
    goes to all others. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *nodes [3];
    const char *endpoint;
    nodes [0] = tu_server (&endpoint);
    nodes [1] = tu_lasting_node ("early");
    zstr_sendx (nodes [1], "CONNECT", endpoint, NULL);
    for (int index = 0; index < 5000; index++) {
        zstr_sendx (nodes [1], "PUBLISH", tu_printf ("key%d", index), tu_printf ("%d", index * 7), NULL);
        if (index % 500 == 0)
            tu_wait_all (nodes, 2, index + 1, NULL);
    }
    tu_wait_all (nodes, 2, 5000, NULL);

    nodes [2] = tu_lasting_node ("late");
    zstr_sendx (nodes [2], "PUBLISH", "late", "value", NULL);
    zstr_sendx (nodes [2], "CONNECT", endpoint, NULL);
    zlist_t *seen [3] = { tu_list (), tu_list (), tu_list () };
    tu_wait_all (nodes, 3, 5001, seen);
    tu_show_sorted ("server", seen [0]);
    tu_show_sorted ("early", seen [1]);
    tu_show_sorted ("late", seen [2]);
    for (int index = 0; index < 3; index++) {
        zlist_destroy (&seen [index]);
        zactor_destroy (&nodes [index]);
    }
    return tu_done ();
}
