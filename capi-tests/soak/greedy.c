/*  Peers that take more than they give: what waits for them in the node is bounded. */

#include "soak.h"
#include <sys/socket.h>

#define MOST_KB (100 * 1024)

static char s_value [1001];

static void
fill (soak_node_t *node, int tuples)
{
    memset (s_value, 'v', 1000);
    for (int index = 0; index < tuples; index++) {
        char key [32];
        snprintf (key, sizeof (key), "key/%d", index);
        soak_publish (node, key, s_value);
    }
    soak_wait_count (&node, 1, tuples);
}

/*  One of a hundred tuples has a new value. */
static void
change_one (soak_node_t *node, int change)
{
    char key [32];
    snprintf (key, sizeof (key), "key/%d", change % 100);
    memset (s_value, 'a' + change / 100 % 26, 1000);
    soak_publish (node, key, s_value);
    soak_node_read (node);
}

/*  Wait until the node has carried out all that it was told. */
static void
all_carried_out (soak_node_t *node)
{
    int64_t until = tu_deadline ();
    node->status = -1;
    while (node->status < 0) {
        soak_node_ask (node);
        soak_node_read (node);
        CHECK (zclock_mono () < until);
        usleep (500);
    }
}

static void
compare (const char *what, long before)
{
    long grown = soak_rss_kb () - before;
    soak_say ("   %s: grown by %ld kB", what, grown);
    if (soak_memory_counts ())
        CHECK (grown < MOST_KB);
}

/*  A server that says INVALID again and again, answers PINGs before they are asked, and
    does not read: each time the node has to tell it everything. */
static void
server_says_invalid (int rounds)
{
    soak_node_t *node = soak_node_new (true, "node", false);
    fill (node, 1000);
    zsock_t *server = zsock_new (ZMQ_ROUTER);
    zsock_set_rcvhwm (server, 10);
    zsock_set_linger (server, 0);
    int port = zsock_bind (server, "%s", tu_tcp ());
    CHECK (port > 0);
    long before = soak_rss_kb ();
    soak_command (node, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    zmsg_t *msg = tu_recv_msg (server, tu_limit ());
    CHECK (msg);
    zframe_t *id = zmsg_pop (msg);
    zmsg_destroy (&msg);
    static const char *const replies [] = { "\xaa\xa0\x05\x01", "\xaa\xa0\x04\x01" };
    for (int round = 0; round < rounds; round++) {
        zframe_send (&id, server, ZFRAME_MORE + ZFRAME_REUSE);
        zstr_send (server, replies [round % 4 != 0]);
        /*  One after the other, as fast as the node takes them. */
        all_carried_out (node);
    }
    compare ("a server that says INVALID", before);
    zframe_destroy (&id);
    zsock_destroy (&server);
    soak_node_destroy (&node);
}

/*  A server that says it is a ROUTER and nothing else ever, while tuples change. */
static void
server_stops_reading (int changes)
{
    int port = tu_free_port ();
    int listener = soak_tcp_listen (&port);
    soak_node_t *node = soak_node_new (true, "node", false);
    fill (node, 100);
    long before = soak_rss_kb ();
    soak_command (node, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    int fd = accept (listener, NULL, NULL);
    CHECK (fd >= 0);
    static const unsigned char greeting [64] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'N', 'U', 'L', 'L' };
    static const unsigned char ready [] = {
        4, 28, 5, 'R', 'E', 'A', 'D', 'Y', 11, 'S', 'o', 'c', 'k', 'e', 't', '-', 'T', 'y', 'p', 'e',
        0, 0, 0, 6, 'R', 'O', 'U', 'T', 'E', 'R' };
    CHECK (send (fd, greeting, sizeof (greeting), MSG_NOSIGNAL) == sizeof (greeting));
    CHECK (send (fd, ready, sizeof (ready), MSG_NOSIGNAL) == sizeof (ready));
    /*  HELLO and PING are here when there is more than greeting and READY. */
    unsigned char buffer [512];
    size_t got = 0;
    while (got < 64 + 30 + 12) {
        ssize_t size = recv (fd, buffer, sizeof (buffer), 0);
        CHECK (size > 0);
        got += (size_t) size;
    }
    for (int change = 0; change < changes; change++) {
        change_one (node, change);
        if (change % 1000 == 0) {
            all_carried_out (node);
            /*  The last that a server must be given is half a second to answer PING. */
            if (change == 0)
                zclock_sleep (1000);
        }
    }
    compare ("a server that stops reading", before);
    soak_node_destroy (&node);
    close (fd);
    close (listener);
}

/*  The same the other way round: a client that says HELLO, and no more. */
static void
client_stops_reading (int changes)
{
    soak_node_t *node = soak_node_new (true, "node", false);
    fill (node, 100);
    int port = soak_bind_tcp (node);
    zsock_t *client = zsock_new (ZMQ_DEALER);
    zsock_set_rcvhwm (client, 10);
    zsock_set_linger (client, 0);
    CHECK (zsock_connect (client, "tcp://127.0.0.1:%d", port) == 0);
    zmq_send (zsock_resolve (client), "\xaa\xa0\x01\x01", 4, 0);
    zmsg_t *msg = tu_recv_msg (client, tu_limit ());
    CHECK (msg);
    zmsg_destroy (&msg);
    long before = soak_rss_kb ();
    for (int change = 0; change < changes; change++) {
        change_one (node, change);
        if (change % 1000 == 0)
            soak_wait_count (&node, 1, 100);
    }
    compare ("a client that stops reading", before);
    zsock_destroy (&client);
    soak_node_destroy (&node);
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 300);
    int changes = (int) soak_scaled (&args, 500000, soak_memory_counts ()? 200000: 5000);
    zsys_init ();
    FILE *log = fopen ("/dev/null", "w");
    CHECK (log);
    zsys_set_logstream (log);
    if (soak_part (&args, "server-says-invalid"))
        server_says_invalid (1600);
    if (soak_part (&args, "server-stops-reading"))
        server_stops_reading (changes);
    if (soak_part (&args, "client-stops-reading"))
        client_stops_reading (changes);
    zsys_set_logstream (stdout);
    fclose (log);
    return tu_done ();
}
