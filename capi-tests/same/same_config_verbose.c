/*  server/verbose and server/animate: 1 turns the first on, and 0 not off again;
    the second is deprecated and does both. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_try (node, "SET", "server/background", "1", NULL);
    tu_try (node, "STATUS", NULL);
    tu_try (node, "SET", "server/verbose", "0", NULL);
    tu_try (node, "SET", "server/verbose", "1", NULL);
    tu_try (node, "SET", "server/verbose", "0", NULL);
    tu_try (node, "PUBLISH", "key", "value", NULL);
    tu_try (node, "SET", "server/animate", "0", NULL);
    tu_try (node, "PUBLISH", "key", "value 2", NULL);
    zactor_destroy (&node);

    node = tu_node ("another");
    tu_try (node, "SET", "server/background", "1", NULL);
    tu_try (node, "SET", "server/animate", "1", NULL);
    tu_try (node, "PUBLISH", "key", "value", NULL);
    zactor_destroy (&node);
    return tu_done ();
}
