/*  security/mechanism null with a domain: the ZAP handler is asked about it. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    /*  Lets everybody in who is not on a list, and there is none. */
    zactor_t *auth = zactor_new (zauth, NULL);
    CHECK (auth);
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
    zactor_destroy (&auth);
    return tu_done ();
}
