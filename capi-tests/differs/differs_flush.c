/*  FLUSH is answered by how many neighbours have taken everything that was published before. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *hub = tu_node ("hub");
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "FLUSH", NULL);
    CHECK_STR (tu_recv_for (node, tu_limit ()), "[FLUSH] [0]");
    zstr_sendx (node, "CONNECT", tu_bind_tcp (hub), NULL);
    zstr_sendx (node, "PUBLISH", "key", "value", NULL);
    zstr_sendx (node, "FLUSH", "10000", NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [key] [value]");
    CHECK_STR (tu_recv (node), "[FLUSH] [1]");
    CHECK_INT (tu_status (hub, NULL), 1);

    /*  And the other way: the hub asks its client. */
    zstr_sendx (hub, "PUBLISH", "other", "value", NULL);
    zstr_sendx (hub, "FLUSH", "10000", NULL);
    while (strcmp (tu_recv (hub), "[FLUSH] [1]") != 0)
        ;
    CHECK_INT (tu_status (node, NULL), 2);
    zactor_destroy (&node);
    zactor_destroy (&hub);
    return tu_done ();
}
