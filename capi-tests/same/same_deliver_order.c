/*  Commands are carried out in order, and what they cause comes in the same
    order: a node DELIVERs its own tuples, each before the next reply. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    for (int index = 0; index < 200; index++) {
        zstr_sendx (node, "PUBLISH", tu_printf ("key%d", index % 150), tu_printf ("%d", index), NULL);
        if (index % 40 == 0)
            zstr_send (node, "STATUS");
        if (index % 70 == 0)
            zstr_send (node, "PORT");
    }
    zstr_send (node, "STATUS");
    for (int count = 200 + 5 + 3 + 1; count; count--)
        tu_out ("%s", tu_recv (node));
    zactor_destroy (&node);
    return tu_done ();
}
