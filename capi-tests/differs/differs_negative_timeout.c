/*  A negative server/timeout is refused with a warning, and the old one stays. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_one_line (node, 'W', "SET", "server/timeout", "-1", NULL);
    CHECK_STR (tu_saved (node), "server\n    timeout = \"1000\"\n");
    zactor_destroy (&node);
    return tu_done ();
}
