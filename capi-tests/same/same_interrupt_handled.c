/*  An application that does not want CZMQ to handle signals: then the actor does
    not care about them either. */

#include "testutil.h"
#include <signal.h>

static volatile sig_atomic_t s_caught;

static void
catch_signal (int signal_nbr)
{
    (void) signal_nbr;
    s_caught++;
}

int
main (void)
{
    tu_start ();
    zsys_handler_set (NULL);
    struct sigaction action = { 0 };
    action.sa_handler = catch_signal;
    sigaction (SIGINT, &action, NULL);
    sigaction (SIGTERM, &action, NULL);

    zactor_t *node = tu_node ("node");
    CHECK (raise (SIGINT) == 0);
    CHECK (raise (SIGTERM) == 0);
    /*  Directed at the process, so that any thread may be the one that gets it. */
    CHECK (kill (getpid (), SIGINT) == 0);
    zclock_sleep (1500);
    tu_out ("caught %d, interrupted %d", (int) s_caught, zsys_interrupted? 1: 0);
    zstr_sendx (node, "PUBLISH", "key", "value", NULL);
    tu_out ("%s", tu_recv (node));
    tu_out ("%d tuples", tu_status (node, NULL));
    zactor_destroy (&node);
    return tu_done ();
}
