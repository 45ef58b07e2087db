/*  CONNECT to an endpoint that libzmq refuses: one warning, and nothing else. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_try (node, "CONNECT", "bogus", NULL);
    tu_try (node, "CONNECT", "tcp://", NULL);
    tu_try (node, "CONNECT", "tcp://127.0.0.1", NULL);
    tu_try (node, "CONNECT", "", NULL);
    tu_try (node, "CONNECT", "udp://127.0.0.1:9000", NULL);
    tu_try (node, "CONNECT", "inproc://", NULL);
    tu_try (node, "CONNECT", "nothing://127.0.0.1:9000", NULL);
    tu_try (node, "CONNECT", "100%s%n", NULL);
    tu_try (node, "PUBLISH", "key", "value", NULL);
    zactor_destroy (&node);
    return tu_done ();
}
