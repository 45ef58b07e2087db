/*  One node bound to inproc, IPC and TCP, with a client on each: every tuple of
    every node arrives at all others. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *nodes [4];
    nodes [0] = tu_lasting_node ("base");
    const char *endpoints [4];
    endpoints [1] = tu_inproc ("base");
    endpoints [2] = tu_ipc ("base");
    zstr_sendx (nodes [0], "BIND", endpoints [1], NULL);
    zstr_sendx (nodes [0], "BIND", endpoints [2], NULL);
    endpoints [3] = tu_bind_tcp (nodes [0]);

    zlist_t *seen [4] = { tu_list (), tu_list (), tu_list (), tu_list () };
    for (int index = 0; index < 4; index++) {
        if (index) {
            nodes [index] = tu_lasting_node ("leaf");
            zstr_sendx (nodes [index], "CONNECT", endpoints [index], NULL);
        }
        for (int count = 0; count < 10; count++)
            zstr_sendx (nodes [index], "PUBLISH", tu_printf ("node%d/%d", index, count),
                        tu_printf ("%d", index * count), NULL);
    }
    tu_wait_all (nodes, 4, 40, seen);
    for (int index = 0; index < 4; index++) {
        tu_show_sorted (tu_printf ("node %d", index), seen [index]);
        zlist_destroy (&seen [index]);
        zactor_destroy (&nodes [index]);
    }
    return tu_done ();
}
