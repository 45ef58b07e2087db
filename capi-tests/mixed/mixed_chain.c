/*  A chain of stock and native nodes in turns, over every transport: each holds all
    tuples of all. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *nodes [MIXED_NODES];
    tu_mixed_new (nodes);
    /*  Links go both ways along the chain, so that either kind is server to the
        other as well as client. */
    const char *endpoints [MIXED_NODES] = {
        NULL, tu_inproc ("chain"), NULL, tu_ipc ("chain"), tu_inproc ("chain"), NULL
    };
    zstr_sendx (nodes [1], "BIND", endpoints [1], NULL);
    endpoints [2] = tu_bind_tcp (nodes [2]);
    zstr_sendx (nodes [3], "BIND", endpoints [3], NULL);
    zstr_sendx (nodes [4], "BIND", endpoints [4], NULL);
    zstr_sendx (nodes [0], "CONNECT", endpoints [1], NULL);
    zstr_sendx (nodes [1], "CONNECT", endpoints [2], NULL);
    zstr_sendx (nodes [2], "CONNECT", endpoints [3], NULL);
    zstr_sendx (nodes [3], "CONNECT", endpoints [4], NULL);
    zstr_sendx (nodes [5], "CONNECT", endpoints [4], NULL);
    tu_mixed_run (nodes);
    return tu_done ();
}
