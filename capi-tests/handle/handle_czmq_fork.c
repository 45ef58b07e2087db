//  A child after a fork, where the parent has used CZMQ: its own nodes are in the context that CZMQ has there,
//  and reach the parent's, which are an error. It may end by exit as well as by _exit.

#include <sys/wait.h>
#include "testutil.h"
#include "zgossip_node.h"

static void wait_for (zgossip_node_t *node, const char *key)
{
    char value [8];
    int64_t end = tu_deadline ();
    while (zgossip_node_get (node, key, ZGOSSIP_STRING, value, sizeof value) < 0) {
        CHECK (zclock_mono () < end);
        zclock_sleep (1);
    }
}

static void child (zgossip_node_t *parent, const char *endpoint)
{
    CHECK_INT (zgossip_node_size (parent), ZGOSSIP_ENDED);
    zgossip_node_t *own = zgossip_node_new ("child", 0);
    CHECK (own);
    CHECK_INT (zgossip_node_connect (own, endpoint, NULL), 0);
    CHECK_INT (zgossip_node_publish (own, "child", 5, "1", 1, 0), 0);
    wait_for (own, "parent");
    zgossip_node_destroy (&own);
    zgossip_node_destroy (&parent);
}

int main (void)
{
    tu_watchdog (100);
    zgossip_node_t *node = zgossip_node_new ("parent", 0);
    CHECK (node);
    int port = zgossip_node_bind (node, "tcp://127.0.0.1:!");
    CHECK (port > 0);
    char endpoint [64];
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    CHECK_INT (zgossip_node_publish (node, "parent", 6, "1", 1, 0), 0);
    for (int by_exit = 0; by_exit < 2; by_exit++) {
        int status;
        pid_t pid = fork ();
        CHECK (pid >= 0);
        if (pid == 0) {
            tu_watchdog (30);
            child (node, endpoint);
            if (by_exit)
                exit (0);
            _exit (0);
        }
        wait_for (node, "child");
        CHECK_INT (waitpid (pid, &status, 0), pid);
        CHECK_INT (status, 0);
    }
    zgossip_node_destroy (&node);
    return 0;
}
