//  A value for which there is no memory ends nobody: its publisher gets an error, and a node that is told it goes on
//  without it, with one line in the log.

#include <sys/resource.h>
#include <sys/wait.h>
#include "handle.h"

#define SIZE (100 << 20)

//  From now on this process may take so much more address space.
static void limit_memory (long bytes)
{
    long pages = 0;
    FILE *file = fopen ("/proc/self/statm", "r");
    CHECK (file != NULL);
    CHECK_INT (fscanf (file, "%ld", &pages), 1);
    fclose (file);
    rlim_t most = pages * sysconf (_SC_PAGESIZE) + bytes;
    struct rlimit limit = { most, most };
    CHECK_INT (setrlimit (RLIMIT_AS, &limit), 0);
}

//  A node that has room for the message, and not for what becomes of it.
static void receiver (int write_port)
{
    zgossip_node_t *node = zgossip_node_new ("receiver", ZGOSSIP_LOG_EVENTS);
    CHECK (node != NULL);
    CHECK_INT (zgossip_node_set (node, "zgossip/limits/value", "0"), 0);
    int port = zgossip_node_bind (node, "tcp://127.0.0.1:!");
    CHECK (port > 0);
    limit_memory (3L * SIZE);
    CHECK_INT (write (write_port, &port, sizeof port), sizeof port);
    expect_line (node, "there is no memory for a value of 'large'", "is not taken from a peer");
    WAIT_UNTIL (has (node, "small", "1"));
    CHECK (value_of (node, "large") == NULL);
    destroy (&node);
}

int main (void)
{
    int ports [2], port, status;
    CHECK_INT (pipe (ports), 0);
    pid_t child = fork ();
    if (child == 0) {
        receiver (ports [1]);
        return 0;
    }
    CHECK_INT (read (ports [0], &port, sizeof port), sizeof port);
    char endpoint [64], *value = malloc (SIZE + 1);
    CHECK (value != NULL);
    memset (value, 'v', SIZE);
    value [SIZE] = 0;
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    zgossip_node_t *node = new_node ("publisher");
    CHECK_INT (zgossip_node_set (node, "zgossip/limits/value", "0"), 0);
    connect_to (node, endpoint);
    publish (node, "large", value);
    publish (node, "small", "1");
    CHECK_INT (waitpid (child, &status, 0), child);
    CHECK_INT (status, 0);

    limit_memory (2L * SIZE);
    CHECK_INT (zgossip_node_publish (node, "larger", ZGOSSIP_STRING, value, SIZE, 0), ZGOSSIP_NO_RESOURCES);
    CHECK (strstr (zgossip_error_text (), "no memory") != NULL);
    publish (node, "still", "here");
    CHECK (has (node, "still", "here"));
    destroy (&node);
    free (value);
    return 0;
}
