/*  A star with a native node in the middle and both kinds around it, over every transport. */

#include "testutil.h"

#define HUB 1

int
main (void)
{
    tu_start ();
    zactor_t *nodes [MIXED_NODES];
    tu_mixed_new (nodes);
    const char *endpoints [3] = { tu_inproc ("hub"), tu_ipc ("hub"), NULL };
    zstr_sendx (nodes [HUB], "BIND", endpoints [0], NULL);
    zstr_sendx (nodes [HUB], "BIND", endpoints [1], NULL);
    endpoints [2] = tu_bind_tcp (nodes [HUB]);
    for (int index = 0; index < MIXED_NODES; index++)
        if (index != HUB)
            zstr_sendx (nodes [index], "CONNECT", endpoints [index % 3], NULL);
    tu_mixed_run (nodes);
    return tu_done ();
}
