/*  PORT is the last TCP port, also after a BIND to another transport. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_bind_tcp (node);
    int port = tu_port (node, NULL);
    zstr_sendx (node, "BIND", tu_inproc ("port"), NULL);
    CHECK_INT (tu_port (node, NULL), port);
    zstr_sendx (node, "BIND", tu_ipc ("port"), NULL);
    CHECK_INT (tu_port (node, NULL), port);
    zactor_destroy (&node);
    return tu_done ();
}
