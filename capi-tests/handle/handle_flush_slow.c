//  A large value on a slow line: the end of its node waits as long as the line takes it, although no answer comes for
//  much longer than the node lingers; and where the line takes nothing more, it does not.

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include "handle.h"

#define CHUNK 65536

static char large [12 << 20];
static atomic_bool stuck;
static int hub_port;

static void pump (int from, int to, bool slow)
{
    static _Thread_local char bytes [CHUNK];
    ssize_t size;
    while ((size = recv (from, bytes, sizeof bytes, 0)) > 0) {
        for (ssize_t sent = 0; sent < size;) {
            ssize_t more = send (to, bytes + sent, size - sent, MSG_NOSIGNAL);
            if (more <= 0)
                return;
            sent += more;
        }
        while (slow && stuck)
            usleep (1000);
        //  2 MB a second.
        if (slow && size > 1000)
            usleep (30000);
    }
    shutdown (to, SHUT_WR);
}

static int ends [2];

static void *back (void *unused)
{
    (void) unused;
    pump (ends [1], ends [0], false);
    return NULL;
}

//  A line for one connection after the other.
static void *line (void *listener)
{
    for (;;) {
        struct sockaddr_in hub = { .sin_family = AF_INET, .sin_port = htons (hub_port) };
        hub.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
        ends [0] = accept (*(int *) listener, NULL, NULL);
        ends [1] = socket (AF_INET, SOCK_STREAM, 0);
        if (ends [0] == -1 || connect (ends [1], (struct sockaddr *) &hub, sizeof hub) != 0)
            return NULL;
        pthread_t other;
        CHECK_INT (pthread_create (&other, NULL, back, NULL), 0);
        pump (ends [0], ends [1], true);
        pthread_join (other, NULL);
        close (ends [0]);
        close (ends [1]);
    }
}

int main (void)
{
    int listener = socket (AF_INET, SOCK_STREAM, 0), small = 32768;
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    pthread_t thread;
    char endpoint [64];

    zgossip_node_t *hub = new_node ("hub");
    hub_port = atoi (strrchr (bind_tcp (hub), ':') + 1);
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    setsockopt (listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    CHECK_INT (bind (listener, (struct sockaddr *) &address, sizeof address), 0);
    CHECK_INT (listen (listener, 1), 0);
    getsockname (listener, (struct sockaddr *) &address, &size);
    CHECK_INT (pthread_create (&thread, NULL, line, &listener), 0);
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", ntohs (address.sin_port));

    memset (large, 'v', sizeof large);
    zgossip_node_t *node = new_node ("node");
    //  Half of what the line takes, and enough for a hub on a slow machine to answer.
    CHECK_INT (zgossip_node_set (node, "zgossip/linger", "3000"), 0);
    connect_to (node, endpoint);
    publish (node, "first", "1");
    WAIT_UNTIL (has (hub, "first", "1"));
    CHECK_INT (zgossip_node_publish (node, "large", ZGOSSIP_STRING, large, sizeof large, 0), 0);
    publish (node, "last", "1");
    destroy (&node);
    CHECK (has (hub, "last", "1"));
    CHECK_INT (zgossip_node_get (hub, "large", ZGOSSIP_STRING, NULL, 0), sizeof large);

    node = new_node ("node");
    CHECK_INT (zgossip_node_set (node, "zgossip/linger", "500"), 0);
    connect_to (node, endpoint);
    WAIT_UNTIL (has (node, "first", "1"));
    stuck = true;
    CHECK_INT (zgossip_node_publish (node, "lost", ZGOSSIP_STRING, large, sizeof large, 0), 0);
    destroy (&node);
    CHECK_INT (zgossip_node_get (hub, "lost", ZGOSSIP_STRING, NULL, 0), ZGOSSIP_NOT_FOUND);
    stuck = false;
    destroy (&hub);
    return 0;
}
