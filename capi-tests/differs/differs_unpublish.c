/*  UNPUBLISH forgets a tuple, in every build; an unknown key is no error. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PUBLISH", "one", "value", NULL);
    zstr_sendx (node, "PUBLISH", "two", "value", NULL);
    CHECK_INT (tu_status (node, NULL), 2);
    tu_log_start ();
    zstr_sendx (node, "UNPUBLISH", "one", NULL);
    zlist_t *seen = tu_list ();
    CHECK_INT (tu_status (node, seen), 1);
    zstr_sendx (node, "UNPUBLISH", "nobody knows", NULL);
    CHECK_INT (tu_status (node, seen), 1);
    CHECK_INT (zlist_size (seen), 0);
    CHECK (tu_log_next () == NULL);
    /*  It can be published again, with the same value. */
    zstr_sendx (node, "PUBLISH", "one", "value", NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [one] [value]");
    CHECK_INT (tu_status (node, NULL), 2);
    zlist_destroy (&seen);
    zactor_destroy (&node);
    return tu_done ();
}
