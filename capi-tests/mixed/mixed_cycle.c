/*  A ring of stock and native nodes in turns, with one link across. The tuples do
    not change, so that the stock nodes come to rest. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *nodes [MIXED_NODES];
    tu_mixed_new (nodes);
    const char *endpoints [MIXED_NODES];
    for (int index = 0; index < MIXED_NODES; index++) {
        if (index % 3 == 2)
            endpoints [index] = tu_bind_tcp (nodes [index]);
        else {
            endpoints [index] = index % 3? tu_ipc ("ring"): tu_inproc ("ring");
            zstr_sendx (nodes [index], "BIND", endpoints [index], NULL);
        }
    }
    for (int index = 0; index < MIXED_NODES; index++)
        zstr_sendx (nodes [index], "CONNECT", endpoints [(index + 1) % MIXED_NODES], NULL);
    zstr_sendx (nodes [0], "CONNECT", endpoints [3], NULL);
    tu_mixed_run (nodes);
    return tu_done ();
}
