/*  What is wrong in a configuration file, and on which line, is said in the log.
    Nothing is written to standard output. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *path = tu_file ("bad.cfg", "# comment\nserver\n    timeout = \"1000\n");
    tu_stdout_begin ();
    const char *line = tu_one_line (node, 'W', "LOAD", path, NULL);
    const char *text = tu_stdout_end ();
    CHECK_STR (text, "");
    CHECK (strstr (line, path) && strstr (line, "line 3"));
    zactor_destroy (&node);
    return tu_done ();
}
