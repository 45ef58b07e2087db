/*  An application that publishes 5,000 tuples before it reads anything is not
    blocked, and finds all DELIVERs afterwards, in order. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    for (int index = 0; index < 5000; index++)
        CHECK (zstr_sendx (node, "PUBLISH", tu_printf ("key%d", index), "value", NULL) == 0);
    for (int index = 0; index < 5000; index++)
        CHECK_STR (tu_recv (node), tu_printf ("[DELIVER] [key%d] [value]", index));
    CHECK_INT (tu_status (node, NULL), 5000);
    zactor_destroy (&node);
    return tu_done ();
}
