/*  A value that the file format has no way to write is refused with a warning, so
    that what SAVE writes can be loaded. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET", "fine", "value", NULL);
    zstr_sendx (node, "SET", "server/background", "1", NULL);
    tu_status (node, NULL);
    tu_log_start ();
    const char *path = tu_path ("node.cfg");
    zstr_sendx (node, "SET", "two/lines", "a\nb\"", NULL);
    zstr_sendx (node, "SAVE", path, NULL);
    tu_status (node, NULL);
    /*  Be it on SET or on SAVE. */
    const char *line = tu_log_next ();
    CHECK (line && line [0] == 'W');
    tu_log_start ();
    if (tu_slurp (path))
        zstr_sendx (node, "LOAD", path, NULL);
    tu_status (node, NULL);
    CHECK (tu_log_next () == NULL);
    zactor_destroy (&node);
    return tu_done ();
}
