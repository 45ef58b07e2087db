/*  Clients that come and go, servers that restart: descriptors, threads and memory are
    afterwards where they were after the first few. */

#include "soak.h"
#include <sys/socket.h>

typedef struct { int descriptors, threads; long rss; } figures_t;

/*  What is closed in the background has been closed when the figures stay at this. */
static figures_t
figures (const figures_t *goal, soak_node_t *node)
{
    figures_t now = { 0 };
    int64_t until = goal? tu_deadline () + tu_limit (): zclock_mono () + 2500;
    do {
        if (node)
            soak_node_read (node);
        zclock_sleep (50);
        now = (figures_t) { soak_descriptors (), tu_threads (), soak_rss_kb () };
    } while (zclock_mono () < until && (!goal || now.descriptors > goal->descriptors || now.threads > goal->threads));
    return now;
}

static void
compare (const char *what, int cycles, figures_t before, figures_t after)
{
    soak_say ("   %s, %d cycles: descriptors %d -> %d, threads %d -> %d, resident %ld -> %ld kB", what, cycles,
              before.descriptors, after.descriptors, before.threads, after.threads, before.rss, after.rss);
    CHECK (after.descriptors <= before.descriptors);
    CHECK (after.threads <= before.threads);
    if (soak_memory_counts ())
        CHECK (after.rss <= before.rss + 3 * 1024);
}

/*  Raw clients: said HELLO, said half a frame, said nothing, not even ZMTP. */
static void
raw_clients (soak_node_t *node, int port, int cycles)
{
    char endpoint [64];
    snprintf (endpoint, sizeof (endpoint), "tcp://127.0.0.1:%d", port);
    for (int cycle = 0; cycle < cycles; cycle++) {
        if (cycle % 5 == 4) {
            int fd = tu_tcp_connect (port);
            CHECK (fd >= 0);
            if (cycle % 2)
                send (fd, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL);
            close (fd);
        }
        else {
            zsock_t *client = zsock_new (ZMQ_DEALER);
            CHECK (client && zsock_connect (client, "%s", endpoint) == 0);
            static const char *const words [] = { "\xaa\xa0\x01\x01", "\xaa\xa0\x03\x01", "\xaa\xa0", "\xaa\xa0\x02\x01" };
            zmq_send (zsock_resolve (client), words [cycle % 4], cycle % 4 == 2? 2: 4, 0);
            if (cycle % 4 == 1) {
                /*  Stay until the node has answered. */
                zmsg_t *msg = tu_recv_msg (client, tu_limit ());
                CHECK (msg);
                zmsg_destroy (&msg);
            }
            zsock_destroy (&client);
        }
        soak_node_read (node);
    }
    /*  Lost ones are noticed when something is sent to them. */
    soak_publish (node, "for everybody", cycles % 2? "odd": "even");
}

/*  Each life of a peer has a key of its own, as two values for one key are another matter. */
static int s_life;

static void
actors (soak_node_t *node, const char *endpoint, bool native, int cycles)
{
    for (int cycle = 0; cycle < cycles; cycle++) {
        soak_node_t *client = soak_node_new (native, "client", false);
        soak_command (client, "CONNECT", endpoint, NULL);
        char key [32];
        snprintf (key, sizeof (key), "client %d", s_life++);
        soak_publish (client, key, "value");
        int64_t before = node->delivers, until = tu_deadline ();
        while (node->delivers == before) {
            soak_node_read (node);
            CHECK (zclock_mono () < until);
            zclock_sleep (1);
        }
        soak_node_destroy (&client);
    }
}

/*  A native node is the client here, the server restarts. */
static void
servers (soak_node_t *node, const char *endpoint, int port, bool native, int cycles)
{
    for (int cycle = 0; cycle < cycles; cycle++) {
        soak_node_t *server = soak_node_new (native, "server", false);
        char key [32];
        snprintf (key, sizeof (key), "server %d", s_life++);
        soak_publish (server, key, "value");
        if (port)
            tu_wait_free (port);
        soak_bind (server, endpoint);
        int64_t before = node->delivers, until = tu_deadline ();
        while (node->delivers == before) {
            soak_node_read (node);
            soak_node_read (server);
            CHECK (zclock_mono () < until);
            zclock_sleep (1);
        }
        soak_node_destroy (&server);
    }
}

/*  Nobody listens, so nothing comes of it: servers, monitors and their sockets. */
static void
nodes_without_server (int cycles)
{
    for (int cycle = 0; cycle < cycles; cycle++) {
        soak_node_t *node = soak_node_new (true, "node", false);
        soak_command (node, "CONNECT", "tcp://127.0.0.1:9", NULL);
        soak_command (node, "CONNECT", "tcp://localhost:9", NULL);
        soak_command (node, "BIND", cycle % 2? "tcp://127.0.0.1:*": "inproc://cycle", NULL);
        soak_publish (node, "key", "value");
        soak_node_destroy (&node);
    }
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 900);
    int cycles = (int) soak_scaled (&args, 1000, 40), some = cycles / 10 + 10;
    zsys_init ();
    zsys_set_logstream (NULL);

    if (soak_part (&args, "raw-clients")) {
        soak_node_t *node = soak_node_new (true, "node", false);
        int port = soak_bind_tcp (node);
        raw_clients (node, port, some);
        figures_t before = figures (NULL, node);
        raw_clients (node, port, cycles);
        figures_t after = figures (&before, node);
        compare ("raw clients", cycles, before, after);
        soak_node_destroy (&node);
    }
    for (int native = 0; native < 2; native++)
        if (soak_part (&args, native? "native-clients": "stock-clients")) {
            soak_node_t *node = soak_node_new (true, "node", false);
            char endpoint [64];
            snprintf (endpoint, sizeof (endpoint), "tcp://127.0.0.1:%d", soak_bind_tcp (node));
            actors (node, endpoint, native, some);
            zsys_set_logstream (NULL);
            figures_t before = figures (NULL, node);
            actors (node, endpoint, native, cycles);
            figures_t after = figures (&before, node);
            compare ("clients", cycles, before, after);
            soak_node_destroy (&node);
        }
    for (int native = 0; native < 2; native++)
        for (int inproc = 0; inproc < 2; inproc++)
            if (soak_part (&args, native? inproc? "native-servers-inproc": "native-servers-tcp"
                                      : inproc? "stock-servers-inproc": "stock-servers-tcp")) {
                soak_node_t *node = soak_node_new (true, "node", false);
                int port = inproc? 0: tu_free_port ();
                char endpoint [64];
                snprintf (endpoint, sizeof (endpoint), inproc? "inproc://cycles": "tcp://127.0.0.1:%d", port);
                soak_command (node, "CONNECT", endpoint, NULL);
                servers (node, endpoint, port, native, some);
                zsys_set_logstream (NULL);
                figures_t before = figures (NULL, node);
                /*  libzmq waits a tenth of a second before it connects again. */
                int rounds = inproc? cycles: cycles / 4;
                servers (node, endpoint, port, native, rounds);
                figures_t after = figures (&before, node);
                compare ("servers", rounds, before, after);
                soak_node_destroy (&node);
            }
    zsys_set_logstream (NULL);
    if (soak_part (&args, "without-server")) {
        nodes_without_server (some);
        figures_t before = figures (NULL, NULL);
        nodes_without_server (cycles);
        figures_t after = figures (&before, NULL);
        compare ("nodes without a server", cycles, before, after);
    }
    return tu_done ();
}
