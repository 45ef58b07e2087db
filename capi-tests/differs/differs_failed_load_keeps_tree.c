/*  LOAD of a file that is missing or malformed leaves the configuration as it was. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET", "mine/item", "value", NULL);
    zstr_sendx (node, "SET", "server/background", "1", NULL);
    const char *before = tu_saved (node);
    tu_one_line (node, 'W', "LOAD", tu_path ("missing.cfg"), NULL);
    tu_stdout_begin ();
    tu_one_line (node, 'W', "LOAD", tu_file ("bad.cfg", "a\n  b\n"), NULL);
    tu_stdout_end ();
    CHECK (before && strstr (before, "item = \"value\""));
    CHECK_STR (tu_saved (node), before);
    zactor_destroy (&node);
    return tu_done ();
}
