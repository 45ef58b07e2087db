/*  security/mechanism null with a domain applies the domain. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "LOAD", tu_file ("node.cfg",
        "zgossip\n"
        "    security\n"
        "        mechanism = null\n"
        "        domain = somewhere\n"), NULL);
    const char *endpoint = tu_bind_tcp (node);
    tu_served (endpoint);
    CHECK_INT (tu_status (node, NULL), 0);
    zactor_destroy (&node);
    return tu_done ();
}
