/*  zactor_destroy ends the actor also when it has many commands to carry out. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("first");
    zactor_destroy (&node);
    int threads = tu_threads ();
    for (int count = 0; count < 20; count++) {
        node = zactor_new (zgossip, NULL);
        CHECK (node);
        for (int index = 0; index < 3000; index++)
            zstr_sendx (node, "PUBLISH", "key", "value", NULL);
        zactor_destroy (&node);
    }
    CHECK (tu_wait_threads (threads));
    return tu_done ();
}
