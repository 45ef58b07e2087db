/*  A node that connects, publishes, reads a tuple of the server's and ends: the server has what it published. */

#include "testutil.h"

#define ROUNDS 50

int
main (void)
{
    tu_start ();
    zactor_t *hub = tu_node ("hub");
    const char *endpoint = tu_bind_tcp (hub);
    zstr_sendx (hub, "PUBLISH", "hub", "here", NULL);
    CHECK_STR (tu_recv (hub), "[DELIVER] [hub] [here]");
    for (int round = 0; round < ROUNDS; round++) {
        zactor_t *node = tu_node ("node");
        /*  However slow the machine is. CZMQ's actor has no such setting, and keeps it. */
        zstr_sendx (node, "SET", "zgossip/linger", "20000", NULL);
        zstr_sendx (node, "CONNECT", endpoint, NULL);
        zstr_sendx (node, "PUBLISH", tu_printf ("key %d", round), "value", NULL);
        bool told = false;
        while (!told)
            told = strcmp (tu_recv (node), "[DELIVER] [hub] [here]") == 0;
        zactor_destroy (&node);
        CHECK_STR (tu_recv (hub), tu_printf ("[DELIVER] [key %d] [value]", round));
    }
    tu_out ("%d of %d", ROUNDS, ROUNDS);
    zactor_destroy (&hub);
    return tu_done ();
}
