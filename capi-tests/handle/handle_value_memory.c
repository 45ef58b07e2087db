//  A large value is held three times at most while it passes through: at its publisher, at a node that forwards it, and
//  at a node that receives it. A quarter more is allowed for everything else that the process does meanwhile.

#include <sys/wait.h>
#include "handle.h"

#define SIZE (16 << 20)

static long peak (void)
{
    char line [256];
    long kilobytes = 0;
    FILE *status = fopen ("/proc/self/status", "r");
    CHECK (status != NULL);
    while (fgets (line, sizeof line, status))
        if (strncmp (line, "VmHWM:", 6) == 0)
            kilobytes = atol (line + 6);
    fclose (status);
    return kilobytes;
}

//  A node that is told the value grows by so many quarters of it at most.
static pid_t node_process (const char *server, int quarters, int *port)
{
    int up [2];
    CHECK_INT (pipe (up), 0);
    pid_t child = fork ();
    if (child == 0) {
        zgossip_node_t *node = new_node ("node");
        int bound = zgossip_node_bind (node, "tcp://127.0.0.1:*");
        CHECK (bound > 0);
        if (server)
            connect_to (node, server);
        publish (node, "warm", "up");
        long before = peak ();
        CHECK_INT (write (up [1], &bound, sizeof bound), sizeof bound);
        WAIT_UNTIL (zgossip_node_get (node, "large", ZGOSSIP_STRING, NULL, 0) == SIZE);
        //  And forwarded, where there is somebody.
        CHECK (zgossip_node_flush (node, limit ()) >= 0);
        CHECK_INT ((peak () - before) * 4 > quarters * (SIZE / 1024L), 0);
        destroy (&node);
        exit (0);
    }
    CHECK_INT (read (up [0], port, sizeof *port), sizeof *port);
    return child;
}

int main (void)
{
    char hub [64], middle [64];
    int port, status;
    pid_t receiver = node_process (NULL, 13, &port);
    snprintf (hub, sizeof hub, "tcp://127.0.0.1:%d", port);
    pid_t forwarder = node_process (hub, 13, &port);
    snprintf (middle, sizeof middle, "tcp://127.0.0.1:%d", port);

    zgossip_node_t *node = new_node ("node");
    connect_to (node, middle);
    WAIT_UNTIL (has (node, "warm", "up"));
    char *value = malloc (SIZE);
    CHECK (value != NULL);
    memset (value, 'v', SIZE);
    long before = peak ();
    CHECK_INT (zgossip_node_publish (node, "large", ZGOSSIP_STRING, value, SIZE, 0), 0);
    CHECK_INT (zgossip_node_flush (node, limit ()), 1);
    CHECK_INT ((peak () - before) * 4 > 13 * (SIZE / 1024L), 0);
    CHECK (waitpid (receiver, &status, 0) == receiver && status == 0);
    CHECK (waitpid (forwarder, &status, 0) == forwarder && status == 0);
    destroy (&node);
    free (value);
    return 0;
}
