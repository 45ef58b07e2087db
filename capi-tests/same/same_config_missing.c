/*  Files that cannot be read or written: one warning, and the node goes on. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_try (node, "PUBLISH", "key", "value", NULL);
    tu_try (node, "LOAD", tu_path ("missing.cfg"), NULL);
    tu_try (node, "CONFIGURE", tu_path ("missing.cfg"), NULL);
    tu_try (node, "LOAD", "", NULL);
    tu_try (node, "LOAD", tu_printf ("%s/none/node.cfg", tu_dir ()), NULL);
    tu_try (node, "SAVE", tu_printf ("%s/none/node.cfg", tu_dir ()), NULL);
    tu_try (node, "SAVE", tu_dir (), NULL);
    tu_try (node, "SAVE", "", NULL);
    tu_try (node, "PUBLISH", "key", "other", NULL);
    zactor_destroy (&node);
    return tu_done ();
}
