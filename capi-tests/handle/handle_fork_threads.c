//  A child of a process whose threads are inside the library at the moment of the fork: whatever lock they
//  held, the child does not wait for it. It makes nodes and uses them; the parent's are an error there.

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include "handle.h"

#define THREADS  4
#define CHILDREN 100

static atomic_bool over;

//  Nodes come and go, and so does the context that they share; lines for the log are written.
static void *make_nodes (void *unused)
{
    while (!over) {
        zgossip_node_t *node = new_node ("short");
        CHECK_INT (zgossip_node_unpublish (node, "", 0), 0);
        CHECK_INT (zgossip_node_size (node), 0);
        zgossip_node_connect (node, "nonsense", NULL);
        zgossip_node_disconnect (node, "nonsense");
        destroy (&node);
    }
    return unused;
}

//  Calls from many threads to one node, which keep the table of handles busy.
static void *use_node (void *node)
{
    while (!over)
        CHECK (zgossip_node_size (node) >= 0);
    return NULL;
}

static void child (zgossip_node_t *node)
{
    zgossip_event_t *event;
    CHECK_INT (zgossip_node_size (node), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_recv (node, -1, &event), ZGOSSIP_ENDED);
    CHECK_INT (zgossip_node_fd (node), ZGOSSIP_ENDED);
    zgossip_node_t *own = new_node ("own");
    CHECK_INT (zgossip_node_bind (own, "inproc://own"), 0);
    publish (own, "key", "value");
    expect_tuple (own, "key", "value");
    CHECK (zgossip_node_load (own, "/no/such/file") == ZGOSSIP_REFUSED);
    destroy (&own);
    destroy (&node);
}

//  Whether the child came to its end; one that hangs is ended here.
static bool ends_well (pid_t pid)
{
    int status = 0;
    for (long long end = now () + limit () / 2; now () < end; usleep (1000))
        if (waitpid (pid, &status, WNOHANG) == pid) {
            if (status != 0)
                fprintf (stderr, "a child ends with wait status %d\n", status);
            return status == 0;
        }
    fprintf (stderr, "a child hangs\n");
    kill (pid, SIGKILL);
    waitpid (pid, &status, 0);
    return false;
}

int main (void)
{
    int harmed = 0;
    pthread_t makers [THREADS], users [THREADS];
    zgossip_node_t *node = new_node ("parent");
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT (pthread_create (&makers [i], NULL, make_nodes, NULL), 0);
        CHECK_INT (pthread_create (&users [i], NULL, use_node, node), 0);
    }
    for (int i = 0; i < CHILDREN; i++) {
        pid_t pid = fork ();
        CHECK (pid >= 0);
        if (pid == 0) {
            child (node);
            _exit (0);
        }
        harmed += !ends_well (pid);
    }
    over = true;
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT (pthread_join (makers [i], NULL), 0);
        CHECK_INT (pthread_join (users [i], NULL), 0);
    }
    CHECK_INT (harmed, 0);
    destroy (&node);
    return 0;
}
