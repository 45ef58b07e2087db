/*  A negative server/timeout is refused with a warning, and the old one stays. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_one_line (node, 'W', "SET", "server/timeout", "-1", NULL);
    const char *path = tu_path ("node.cfg");
    zstr_sendx (node, "SAVE", path, NULL);
    tu_status (node, NULL);
    CHECK_STR (tu_slurp (path), "server\n    timeout = \"1000\"\n");
    zactor_destroy (&node);
    return tu_done ();
}
