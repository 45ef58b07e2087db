//  A child after a fork has no nodes: it is told, it can make its own, and the parent's go on.

#include <sys/wait.h>
#include "handle.h"

static void child (zgossip_node_t *node, const char *endpoint)
{
    zgossip_event_t *event;
    CHECK_INT (zgossip_node_size (node), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_publish (node, "a", 1, "b", 1, 0), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_recv (node, -1, &event), ZGOSSIP_ENDED);
    destroy (&node);
    zgossip_node_t *own = new_node ("own");
    connect_to (own, endpoint);
    publish (own, "child", "1");
    expect_tuple (own, "child", "1");
    expect_tuple (own, "parent", "1");
    destroy (&own);
}

int main (void)
{
    int status;
    zgossip_node_t *node = new_node ("parent");
    const char *endpoint = bind_tcp (node);
    pid_t pid = fork ();
    CHECK (pid >= 0);
    if (pid == 0) {
        child (node, endpoint);
        _exit (0);
    }
    expect_tuple (node, "child", "1");
    publish (node, "parent", "1");
    CHECK_INT (waitpid (pid, &status, 0), pid);
    CHECK_INT (status, 0);
    CHECK_STR (value_of (node, "child"), "1");
    destroy (&node);
    return 0;
}
