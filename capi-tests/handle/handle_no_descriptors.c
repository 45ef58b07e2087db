//  However few descriptors are left, every call says ZGOSSIP_NO_RESOURCES and leaves one line in the log, or
//  does what it should. libzmq ends the process in some places where it gets none.

#include <sys/resource.h>
#include <sys/wait.h>
#include "handle.h"

#define MOST 24

static void set_limit (int files)
{
    struct rlimit limit;
    CHECK_INT (getrlimit (RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = files;
    CHECK_INT (setrlimit (RLIMIT_NOFILE, &limit), 0);
}

//  So many descriptors are left from now on.
static void leave (int spare)
{
    set_limit (256);
    int next = dup (0);
    CHECK (next > 0);
    close (next);
    set_limit (next + spare);
}

//  Lines in the log since the last call, but for those about a name that was looked up meanwhile.
static int lines (zgossip_node_t *node)
{
    int count = 0;
    for (zgossip_event_t *event; recv_event (node, 0, &event) == 0; zgossip_event_destroy (&event))
        count += zgossip_event_type (event) == ZGOSSIP_EVENT_LOG
            && !strstr (zgossip_event_value (event, NULL), "cannot connect");
    return count;
}

//  Whether it was done: if not, for the one reason and with one line.
static int done (zgossip_node_t *node, long long rc)
{
    if (rc >= 0)
        return 1;
    CHECK_INT (rc, ZGOSSIP_NO_RESOURCES);
    CHECK (strstr (zgossip_error_text (), "Too many open files") != NULL);
    CHECK_INT (lines (node), 1);
    return 0;
}

static int calls (zgossip_node_t *node, const char *file, const char *ipc)
{
    return done (node, zgossip_node_bind (node, "tcp://127.0.0.1:!"))
        + done (node, zgossip_node_bind (node, "inproc://here"))
        + done (node, zgossip_node_bind (node, ipc))
        + done (node, zgossip_node_connect (node, "tcp://127.0.0.1:1", NULL))
        + done (node, zgossip_node_connect (node, "tcp://localhost:1", NULL))
        + done (node, zgossip_node_connect (node, "inproc://there", NULL))
        + done (node, zgossip_node_save (node, file))
        + done (node, zgossip_node_load (node, file));
}

//  In a process of its own: it may not survive.
static void with_spare (int spare)
{
    char folder [] = "/tmp/zgossip-descriptors-XXXXXX", file [64], ipc [64];
    CHECK (mkdtemp (folder) != NULL);
    snprintf (file, sizeof file, "%s/node.cfg", folder);
    snprintf (ipc, sizeof ipc, "ipc://%s/ipc", folder);
    fclose (fopen (file, "w"));
    leave (spare);
    zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_EVENTS);
    if (!node)
        CHECK_INT (zgossip_error_code (), ZGOSSIP_NO_RESOURCES);
    set_limit (256);
    if (!node)
        node = zgossip_node_new ("node", ZGOSSIP_LOG_EVENTS);
    CHECK (node != NULL);
    lines (node);
    leave (spare);
    int count = calls (node, file, ipc);
    CHECK (spare < MOST || count == 8);
    //  libzmq may still be closing some of the node before.
    CHECK (spare > 0 || count < 8);
    publish (node, "key", "value");
    set_limit (256);
    CHECK (has (node, "key", "value"));
    bind_tcp (node);
    CHECK_INT (zgossip_node_save (node, file), 0);
    destroy (&node);
    unlink (file);
    unlink (ipc + 6);
    rmdir (folder);
}

int main (void)
{
    for (int spare = 0; spare <= MOST; spare++) {
        int status;
        pid_t pid = fork ();
        CHECK (pid >= 0);
        if (pid == 0) {
            alarm (limit () / 1000);
            with_spare (spare);
            exit (0);
        }
        CHECK_INT (waitpid (pid, &status, 0), pid);
        if (status != 0)
            fprintf (stderr, "with %d descriptors left: status %x\n", spare, status);
        CHECK_INT (status, 0);
    }
    return 0;
}
