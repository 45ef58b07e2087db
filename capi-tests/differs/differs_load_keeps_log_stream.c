/*  LOAD leaves the log of the process where the program sent it. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    tu_log_start ();
    zactor_t *node = tu_node ("node");
    tu_status (node, NULL);
    tu_log_start ();
    zstr_sendx (node, "LOAD", tu_file ("node.cfg", "server\n    timeout = 1000\n"), NULL);
    zstr_send (node, "UNHEARD OF");
    tu_status (node, NULL);
    const char *text = tu_slurp (tu_path ("log"));
    CHECK (text && strstr (text, "UNHEARD OF"));
    zactor_destroy (&node);
    return tu_done ();
}
