/*  LOAD of a directory is refused with a warning, and leaves the configuration as it
    was. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *line = tu_one_line (node, 'W', "LOAD", tu_dir (), NULL);
    CHECK (strstr (line, tu_dir ()));
    CHECK_STR (tu_saved (node), "server\n    timeout = \"1000\"\n");
    zactor_destroy (&node);
    return tu_done ();
}
