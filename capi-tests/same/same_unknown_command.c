/*  A command that does not exist, or is not spelled in capitals, is answered by
    one error line in the log. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_try (node, "FROBNICATE", NULL);
    tu_try (node, "FROBNICATE", "with", "arguments", NULL);
    tu_try (node, "", NULL);
    tu_try (node, "", "PUBLISH", NULL);
    tu_try (node, "publish", "a", "b", NULL);
    tu_try (node, "Publish", "a", "b", NULL);
    tu_try (node, "status", NULL);
    tu_try (node, "port", NULL);
    tu_try (node, "bind", "inproc://none", NULL);
    tu_try (node, "connect", "inproc://none", NULL);
    tu_try (node, "set", "server/timeout", "1", NULL);
    tu_try (node, "verbose", NULL);
    tu_try (node, "$term", NULL);
    tu_try (node, "PUBLISH ", "a", "b", NULL);
    tu_try (node, " PUBLISH", "a", "b", NULL);
    tu_try (node, "SET PUBLICKEY ", "a", NULL);
    tu_try (node, "100%s%n", NULL);
    tu_try (node, "\xc3\xa4", NULL);
    zactor_destroy (&node);
    return tu_done ();
}
