/*  A program that has switched the log off hears nothing of the node. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zsys_set_logstream (NULL);
    tu_stdout_begin ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET", "some/item", "value", NULL);
    zstr_send (node, "UNHEARD OF");
    CHECK_INT (tu_status (node, NULL), 0);
    const char *text = tu_stdout_end ();
    CHECK_STR (text, "");
    zactor_destroy (&node);
    return tu_done ();
}
