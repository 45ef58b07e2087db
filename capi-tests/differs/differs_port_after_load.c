/*  PORT shows a TCP port that was bound by LOAD. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    int port = tu_free_port ();
    zstr_sendx (node, "LOAD", tu_file ("node.cfg", tu_printf (
        "zgossip\n    bind\n        endpoint = tcp://127.0.0.1:%d\n", port)), NULL);
    CHECK_INT (tu_port (node, NULL), port);
    zstr_sendx (node, "LOAD", tu_file ("other.cfg", tu_printf (
        "zgossip\n    bind\n        endpoint = %s\n", tu_tcp ())), NULL);
    int other = tu_port (node, NULL);
    CHECK (other > 0 && other != port);
    tu_served (tu_printf ("tcp://127.0.0.1:%d", other));
    zactor_destroy (&node);
    return tu_done ();
}
