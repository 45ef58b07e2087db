/*  A slow line between two nodes, on which one value takes longer than anything that a node waits for. The
    value crosses once, by one connection, and the small ones behind it come right behind it, in no more time
    than with CZMQ's actor, which has a line of its own beside. */

#include "soak.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

/* ---- the line ---- */

/*  One direction of a connection. The next bytes go out when those before have had their time. */
typedef struct {
    int from, to;
    int64_t free_at;                /*  in microseconds */
    int64_t bytes;
} way_t;

typedef struct {
    int listener, server_port, port;
    int rate;                       /*  bytes a second, each way */
    int connections;
    int64_t carried [2];            /*  to the server, to the client */
    volatile bool ends;
    pthread_t thread;
} line_t;

static void
small_buffers (int fd)
{
    int size = 16384, one = 1;
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof (size));
    setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof (size));
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof (one));
}

/*  Carry some bytes if there are any and their time has come. False when the connection has ended. */
static bool
carry (way_t *way, int rate)
{
    unsigned char bytes [4096];
    if (zclock_usecs () < way->free_at)
        return true;
    ssize_t size = recv (way->from, bytes, sizeof (bytes), MSG_DONTWAIT);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    for (ssize_t sent = 0, rc; sent < size; sent += rc)
        if ((rc = send (way->to, bytes + sent, (size_t) (size - sent), MSG_NOSIGNAL)) <= 0)
            return false;
    int64_t now = zclock_usecs ();
    /*  What a busy machine was late with is made up for, up to a tenth of a second. */
    way->free_at = (way->free_at > now - 100000? way->free_at: now) + size * 1000000 / rate;
    way->bytes += size;
    return size > 0;
}

/*  One connection from its beginning to its end. */
static void
carry_connection (line_t *line, int client)
{
    int server = tu_tcp_connect (line->server_port);
    CHECK (server >= 0);
    small_buffers (server);
    way_t ways [2] = { { client, server, 0, 0 }, { server, client, 0, 0 } };
    bool open = true;
    while (open && !line->ends) {
        for (int way = 0; way < 2; way++) {
            int64_t before = ways [way].bytes;
            open = open && carry (&ways [way], line->rate);
            line->carried [way] += ways [way].bytes - before;
        }
        zclock_sleep (2);
    }
    close (server);
    close (client);
}

static void *
line_thread (void *args)
{
    line_t *line = args;
    while (!line->ends) {
        struct pollfd item = { line->listener, POLLIN, 0 };
        if (poll (&item, 1, 20) <= 0)
            continue;
        int client = accept (line->listener, NULL, NULL);
        CHECK (client >= 0);
        small_buffers (client);
        line->connections++;
        carry_connection (line, client);
    }
    return NULL;
}

static void
line_start (line_t *line, int server_port, int rate)
{
    *line = (line_t) { .server_port = server_port, .rate = rate };
    line->listener = soak_tcp_listen (&line->port);
    small_buffers (line->listener);
    CHECK (pthread_create (&line->thread, NULL, line_thread, line) == 0);
}

static void
line_end (line_t *line)
{
    line->ends = true;
    pthread_join (line->thread, NULL);
    close (line->listener);
}

/* ---- two nodes and their line ---- */

typedef struct {
    soak_node_t *nodes [2];         /*  server, client */
    line_t line;
    int64_t took;                   /*  ms until the other had all, 0 before */
} pair_t;

static void
pair_start (pair_t *pair, bool native, int rate)
{
    memset (pair, 0, sizeof (*pair));
    pair->nodes [0] = soak_node_new (native, "server", true);
    pair->nodes [1] = soak_node_new (native, "client", true);
    /*  The server does not hear of a client that is sending a large value. */
    soak_command (pair->nodes [0], "SET", "server/timeout", "600000");
    line_start (&pair->line, soak_bind_tcp (pair->nodes [0]), rate);
    soak_command (pair->nodes [1], "CONNECT", tu_printf ("tcp://127.0.0.1:%d", pair->line.port), NULL);
    soak_publish (pair->nodes [0], "first", "value");
    soak_wait_count (pair->nodes, 2, 1);
}

static void
pair_end (pair_t *pair)
{
    soak_node_destroy (&pair->nodes [1]);
    soak_node_destroy (&pair->nodes [0]);
    line_end (&pair->line);
}

static bool
has_all (soak_node_t *node, size_t size)
{
    const char *large = soak_value (node, "large");
    return large && strlen (large) == size && soak_value (node, "before") && soak_value (node, "behind");
}

/*  A large value crosses from one node to the other, small ones before and behind it. */
static void
crosses (bool from_client, size_t size, int rate)
{
    pair_t pairs [2];               /*  stock, native */
    char *value = zmalloc (size + 1);
    memset (value, 'x', size);
    for (int native = 0; native < 2; native++)
        pair_start (&pairs [native], native, rate);
    int64_t start = zclock_mono (), limit = 3 * 1000 * (int64_t) size / rate + tu_limit ();
    for (int native = 0; native < 2; native++) {
        soak_node_t *writer = pairs [native].nodes [from_client];
        soak_publish (writer, "before", "value");
        soak_publish (writer, "large", value);
        soak_publish (writer, "behind", "value");
    }
    while (!pairs [0].took || !pairs [1].took) {
        CHECK (zclock_mono () - start < limit);
        for (int native = 0; native < 2; native++) {
            pair_t *pair = &pairs [native];
            soak_node_read (pair->nodes [0]);
            soak_node_read (pair->nodes [1]);
            if (!pair->took && has_all (pair->nodes [!from_client], size))
                pair->took = zclock_mono () - start;
        }
        zclock_sleep (5);
    }
    int64_t carried = pairs [1].line.carried [!from_client];
    soak_say ("   %zu bytes at %d a second: %.1f s, stock %.1f s; %lld bytes by %d connection(s)", size, rate,
              (double) pairs [1].took / 1000, (double) pairs [0].took / 1000, (long long) carried,
              pairs [1].line.connections);
    CHECK_INT (pairs [1].line.connections, 1);
    CHECK (carried < (int64_t) size + (int64_t) size / 20 + 10000);
    CHECK (pairs [1].took <= pairs [0].took * 11 / 10 + 1000);
    for (int native = 0; native < 2; native++)
        pair_end (&pairs [native]);
    free (value);
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 900);
    zsys_init ();
    zsys_set_logstream (NULL);
    bool full = args.scale >= 100;
    if (soak_part (&args, "to-server"))
        crosses (true, full? 12000000: 1500000, full? 300000: 50000);
    if (soak_part (&args, "to-client"))
        crosses (false, full? 12000000: 1500000, full? 300000: 50000);
    if (soak_part (&args, "very-slow"))
        crosses (true, full? 16000000: 640000, full? 64000: 16000);
    return tu_done ();
}
