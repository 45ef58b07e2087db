/*  The name of a node is copied: the program may overwrite or free it. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    char name [] = "before";
    zactor_t *node = tu_node (name);
    strcpy (name, "AFTER!");
    tu_status (node, NULL);
    tu_log_start ();
    zstr_send (node, "VERBOSE");
    tu_status (node, NULL);
    CHECK_STR (tu_log_next (), "D: before:     API command=STATUS");
    zactor_destroy (&node);
    return tu_done ();
}
