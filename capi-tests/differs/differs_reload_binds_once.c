/*  When a loaded file changes, only endpoints that are new in it are bound. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *old = tu_inproc ("old"), *other = tu_inproc ("other");
    const char *head = "server\n    background = 1\nzgossip\n    bind\n        endpoint = ";
    tu_status (node, NULL);
    tu_log_start ();
    zstr_sendx (node, "LOAD", tu_file ("node.cfg", tu_printf ("%s%s\n", head, old)), NULL);
    tu_status (node, NULL);
    CHECK (tu_log_next () == NULL);
    tu_file ("node.cfg", tu_printf ("%s%s\n    bind\n        endpoint = %s\n", head, old, other));
    const char *line = tu_log_wait (tu_limit ());
    CHECK (line && strncmp (line, "N: reloaded configuration from ", 31) == 0);
    const char *endpoints [2] = { old, other };
    for (int index = 0; index < 2; index++) {
        tu_served (endpoints [index]);
    }
    zactor_destroy (&node);
    return tu_done ();
}
