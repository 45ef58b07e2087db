/*  $TERM ends the actor, which says so by the signal that any zactor sends. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PUBLISH", "a", "b", NULL);
    zstr_send (node, "$TERM");
    tu_out ("%s", tu_recv (node));
    zmsg_t *msg = tu_recv_msg (node, tu_limit ());
    CHECK (msg);
    tu_out ("signal %d", zmsg_signal (msg));
    tu_out ("%s", tu_hex (zframe_data (zmsg_first (msg)), zframe_size (zmsg_first (msg))));
    zmsg_destroy (&msg);
    tu_wait_ended (node);
    zactor_destroy (&node);
    tu_out ("destroyed");
    return tu_done ();
}
