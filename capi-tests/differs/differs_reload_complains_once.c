/*  A changed file that cannot be loaded is complained about once. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_status (node, NULL);
    zstr_sendx (node, "LOAD", tu_file ("node.cfg", "server\n    background = 1\n"), NULL);
    tu_status (node, NULL);
    tu_log_start ();
    tu_stdout_begin ();
    tu_file ("node.cfg", "server\n    background = 1\n  broken\n");
    /*  It looks once a second. */
    zclock_sleep (4500);
    int complaints = 0;
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        complaints++;
    const char *text = tu_stdout_end ();
    for (const char *line = strstr (text, "E (zconfig)"); line; line = strstr (line + 1, "E (zconfig)"))
        complaints++;
    /*  What is wrong, and which file it is in. */
    CHECK (complaints >= 1 && complaints <= 2);
    CHECK_INT (tu_status (node, NULL), 0);
    zactor_destroy (&node);
    return tu_done ();
}
