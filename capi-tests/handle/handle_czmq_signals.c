//  A handle leaves SIGINT and SIGTERM as they were, though it uses the context of a CZMQ that is loaded and that
//  nobody has used. A program that then starts an actor has CZMQ's handlers after all.

#include <signal.h>
#include "testutil.h"
#include "zgossip_node.h"

static void own_handler (int number)
{
    (void) number;
}

static void *handler_of (int number)
{
    struct sigaction action;
    CHECK (sigaction (number, NULL, &action) == 0);
    return (void *) (uintptr_t) action.sa_handler;
}

static zgossip_node_t *used_node (void)
{
    zgossip_node_t *node = zgossip_node_new ("node", 0);
    CHECK (node);
    CHECK (zgossip_node_bind (node, "tcp://127.0.0.1:!") > 0);
    CHECK_INT (zgossip_node_connect (node, "inproc://nowhere", NULL), 0);
    CHECK_INT (zgossip_node_size (node), 0);
    return node;
}

int main (void)
{
    tu_watchdog (60);
    void *dfl = (void *) (uintptr_t) SIG_DFL, *own = (void *) (uintptr_t) own_handler;
    signal (SIGTERM, own_handler);
    zgossip_node_t *node = used_node ();
    CHECK (handler_of (SIGINT) == dfl && handler_of (SIGTERM) == own);
    zgossip_node_destroy (&node);
    CHECK (handler_of (SIGINT) == dfl && handler_of (SIGTERM) == own);

    //  The helper that looks at which zgossip this is has no part in it.
    zactor_t *actor = zactor_new (tu_native (), "actor");
    CHECK (actor);
    CHECK_INT (tu_status (actor, NULL), 0);
    void *czmq = handler_of (SIGINT);
    CHECK (czmq != dfl && handler_of (SIGTERM) == czmq);
    //  And it keeps them.
    node = used_node ();
    CHECK (handler_of (SIGINT) == czmq && handler_of (SIGTERM) == czmq);
    zgossip_node_destroy (&node);
    zactor_destroy (&actor);
    return 0;
}
