/*  A port above 65535 is refused. libzmq would take the lower 16 bits of the number for the port. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "BIND", "tcp://127.0.0.1:131071", NULL);
    CHECK_INT (tu_port (node, NULL), -1);
    zstr_sendx (node, "BIND", "tcp://127.0.0.1:*", NULL);
    CHECK (tu_port (node, NULL) > 0);
    zactor_destroy (&node);
    return tu_done ();
}
