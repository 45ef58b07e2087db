/*  What a connection that breaks costs two nodes that hold the same. */

#include "bench.h"
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

/*  A relay between two ports that counts bytes, and cuts what it is told to cut. */
static int listener;
static unsigned short server_port;
static atomic_long bytes;
static atomic_int cut;

static int move_bytes (int from, int to)
{
    char buffer [65536];
    ssize_t size = read (from, buffer, sizeof buffer);
    if (size <= 0)
        return -1;
    bytes += size;
    for (ssize_t at = 0; at < size;) {
        ssize_t sent = write (to, buffer + at, (size_t) (size - at));
        if (sent <= 0)
            return -1;
        at += sent;
    }
    return 0;
}

static void *relay (void *unused)
{
    (void) unused;
    for (;;) {
        int client = accept (listener, NULL, NULL), server = socket (AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (server_port) };
        address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
        if (client == -1 || connect (server, (struct sockaddr *) &address, sizeof address) == -1)
            die ("relay: cannot connect");
        struct pollfd both [2] = { { client, POLLIN, 0 }, { server, POLLIN, 0 } };
        int rc = 0;
        while (rc == 0 && !atomic_exchange (&cut, 0)) {
            poll (both, 2, 5);
            if (both [0].revents)
                rc |= move_bytes (client, server);
            if (both [1].revents)
                rc |= move_bytes (server, client);
        }
        close (client);
        close (server);
    }
    return NULL;
}

static unsigned short listen_anywhere (void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    listener = socket (AF_INET, SOCK_STREAM, 0);
    if (bind (listener, (struct sockaddr *) &address, size) == -1 || listen (listener, 8) == -1)
        die ("relay: cannot listen");
    getsockname (listener, (struct sockaddr *) &address, &size);
    return ntohs (address.sin_port);
}

void case_reconnect (size_t tuples)
{
    node_t server = node_new (FROM_PIPE), client = node_new (FROM_SERVER);
    const char *endpoint = node_bind (&server, "tcp");
    server_port = (unsigned short) atoi (strrchr (endpoint, ':') + 1);
    char relayed [64];
    snprintf (relayed, sizeof relayed, "tcp://127.0.0.1:%d", listen_anywhere ());
    pthread_t thread;
    pthread_create (&thread, NULL, relay, NULL);
    node_connect (&client, relayed);
    for (size_t number = 0; number < tuples; number++) {
        node_publish (&server, key_of (number), value_of (number));
        node_expect (&server, 1);
        node_expect (&client, 1);
    }
    zclock_sleep (1000);
    //  Cut, and wait until nothing is said any more but what keeps a link alive.
    double cpu = cpu_now ();
    long before = bytes;
    cut = 1;
    while (cut)
        zclock_sleep (1);
    zclock_sleep (3000);
    result ("bytes", "kB", (double) (bytes - before) / 1024);
    result ("cpu", "ms", (cpu_now () - cpu) / 1000);
    node_publish (&server, "AFTER", "");
    node_expect_key (&client, "AFTER");
    _exit (0);
}
