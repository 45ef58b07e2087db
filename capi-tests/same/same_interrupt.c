/*  SIGINT and SIGTERM, with CZMQ's own handler, end the actor within about a
    second; the application gets the signal of any actor that ends. */

#include "testutil.h"
#include <signal.h>

static void
interrupt (const char *name, int signal_nbr)
{
    zsys_interrupted = 0;
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PUBLISH", "key", "value", NULL);
    tu_out ("%s: %s", name, tu_recv (node));
    tu_status (node, NULL);

    int64_t start = zclock_mono ();
    CHECK (raise (signal_nbr) == 0);
    tu_out ("%s: interrupted %d", name, zsys_interrupted? 1: 0);
    tu_out ("%s: %s", name, tu_recv (node));
    /*  The node wakes up once a second; a busy machine gets a little more. */
    tu_out ("%s: %s", name, zclock_mono () - start < 2000 * (tu_limit () / 5000 + 1)? "soon": "LATE");
    tu_wait_ended (node);
    zactor_destroy (&node);

    /*  A node made now is made, and ends at once. */
    node = tu_node ("too late");
    tu_out ("%s: %s", name, tu_recv (node));
    tu_wait_ended (node);
    zactor_destroy (&node);
}

int
main (void)
{
    tu_start ();
    interrupt ("SIGINT", SIGINT);
    interrupt ("SIGTERM", SIGTERM);
    zsys_interrupted = 0;
    return tu_done ();
}
