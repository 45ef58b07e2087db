/*  SET without path is refused with one warning, and the
    node goes on. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PUBLISH", "held", "value", NULL);
    tu_one_line (node, 'W', "SET", NULL);
    zstr_sendx (node, "PUBLISH", "key", "value", NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [key] [value]");
    CHECK_INT (tu_status (node, NULL), 2);
    zactor_destroy (&node);
    return tu_done ();
}
