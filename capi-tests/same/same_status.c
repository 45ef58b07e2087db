/*  STATUS counts keys: neither publications nor changes of value. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_out ("STATUS %d", tu_status (node, NULL));
    tu_try (node, "PUBLISH", "a", "1", NULL);
    tu_try (node, "PUBLISH", "a", "1", NULL);
    tu_try (node, "PUBLISH", "a", "2", NULL);
    tu_try (node, "PUBLISH", "a", "1", NULL);
    tu_try (node, "PUBLISH", "b", "1", NULL);
    tu_try (node, "PUBLISH", "A", "1", NULL);
    tu_try (node, "PUBLISH", "a ", "1", NULL);
    zactor_destroy (&node);
    return tu_done ();
}
