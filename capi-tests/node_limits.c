//  No descriptors left, at each step of making a node: an error, and nothing left behind.

#include <sys/resource.h>
#include "node.h"

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
        CHECK_INT (threads (), threads_before);
    }
    CHECK (made > 0 && failures > 0);
    printf ("%d made, %d not\n", made, failures);
}

static void none_for_a_socket (void)
{
    zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_OFF);
    CHECK (node != NULL);
    //  libzmq may still be closing some, so that one attempt or two succeed.
    int rc = 0;
    for (int attempt = 0; attempt < 20 && rc == 0; attempt++) {
        char endpoint [32];
        snprintf (endpoint, sizeof endpoint, "inproc://here%d", attempt);
        set_limit (next_descriptor ());
        rc = zgossip_node_connect (node, endpoint, NULL);
    }
    CHECK_INT (rc, ZGOSSIP_REFUSED);
    CHECK_INT (zgossip_node_bind (node, "inproc://here"), ZGOSSIP_REFUSED);
    CHECK (strstr (zgossip_error_text (), "Too many open files") != NULL);
    CHECK_INT (zgossip_node_connect (node, "inproc://there", NULL), ZGOSSIP_REFUSED);
    publish (node, "key", "value");
    expect_tuple (node, "key", "value");
    set_limit (256);
    CHECK_INT (zgossip_node_bind (node, "inproc://here"), 0);
    connect_to (node, "inproc://there");
    destroy (&node);
}

int main (void)
{
    none_for_a_node ();
    none_for_a_socket ();
    return 0;
}
