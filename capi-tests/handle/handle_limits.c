//  No descriptors left, at each step of making a node: an error, and nothing left behind.

#include <sys/resource.h>
#include "handle.h"

static void set_limit (int files)
{
    struct rlimit limit;
    CHECK_INT (getrlimit (RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = files;
    CHECK_INT (setrlimit (RLIMIT_NOFILE, &limit), 0);
}

//  The number that the next descriptor gets.
static int next_descriptor (void)
{
    int next = dup (0);
    CHECK (next > 0);
    close (next);
    return next;
}

static void none_for_a_node (void)
{
    int made = 0, failures = 0, lowest = next_descriptor ();
    int before = descriptors (), threads_before = threads ();
    for (int more = 0; more < 24; more++) {
        set_limit (lowest + more);
        zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_OFF);
        if (node) {
            made++;
            publish (node, "key", "value");
            expect_tuple (node, "key", "value");
            destroy (&node);
        }
        else {
            failures++;
            CHECK_INT (zgossip_error_code (), ZGOSSIP_NO_RESOURCES);
            CHECK (strstr (zgossip_error_text (), "Too many open files") != NULL);
        }
        set_limit (256);
        CHECK_INT (descriptors (), before);
        WAIT_UNTIL (threads () == threads_before);
    }
    CHECK (made > 0 && failures > 0);
    printf ("%d made, %d not\n", made, failures);
}

static void none_for_a_socket (void)
{
    zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_OFF);
    CHECK (node != NULL);
    //  libzmq may still be closing some, so that one attempt or two succeed.
    int refused [2] = { 0, 0 };
    for (int attempt = 0; attempt < 50; attempt++) {
        char endpoint [32];
        snprintf (endpoint, sizeof endpoint, "inproc://here%d", attempt);
        set_limit (256);
        set_limit (next_descriptor ());
        refused [0] += zgossip_node_connect (node, endpoint, NULL) == ZGOSSIP_NO_RESOURCES;
        //  Has a socket from the first success on.
        refused [1] += zgossip_node_bind (node, endpoint) == ZGOSSIP_NO_RESOURCES;
    }
    CHECK (refused [0] > 0);
    printf ("of 50 attempts, %d connects and %d binds refused\n", refused [0], refused [1]);
    publish (node, "key", "value");
    expect_tuple (node, "key", "value");
    set_limit (256);
    CHECK_INT (zgossip_node_bind (node, "inproc://here"), 0);
    connect_to (node, "inproc://there");
    publish (node, "key", "another");
    expect_tuple (node, "key", "another");
    destroy (&node);
}

int main (void)
{
    none_for_a_node ();
    none_for_a_socket ();
    return 0;
}
