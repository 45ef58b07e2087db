/*  Random and mutated frames from hostile clients and servers, while two well-behaved peers,
    one stock and one native, exchange tuples through the node. None is lost, STATUS is
    answered within a second throughout, and memory is flat afterwards. */

#include "soak.h"

#define CLIENTS 4               /*  Raw DEALERs connected to the node */
#define SERVERS 3               /*  Raw ROUTERs that the node has CONNECTed to */
#define STREAMS 1               /*  Plain TCP, now and then with a ZMTP greeting */
#define PEERS   (CLIENTS + SERVERS + STREAMS)
#define KEYS    64              /*  Hostile tuples have one of these keys */

enum { FRAMES_SENT, FRAMES_WANTED, NODE_PORT, GO, FIRST_SERVER_PORT };

/* ---- the hostile process ---- */

static const struct { unsigned char bytes [24]; size_t size; } seeds [] = {
    { { 0xaa, 0xa0, 1, 1 }, 4 },
    { { 0xaa, 0xa0, 3, 1 }, 4 },
    { { 0xaa, 0xa0, 4, 1 }, 4 },
    { { 0xaa, 0xa0, 5, 1 }, 4 },
    { { 0xaa, 0xa0, 2, 1, 3, 'h', '0', '1', 0, 0, 0, 3, 'h', '0', '1', 0, 0, 0, 0 }, 19 },
    { { 0xaa, 0xa0, 1, 1, 'Z', 'E', 1, 0, 0, 0, 5, 1, 2, 3, 4, 5 }, 16 },
    { { 0xaa, 0xa0, 1, 2 }, 4 },
};
#define SEEDS (uint32_t) (sizeof (seeds) / sizeof (seeds [0]))

/*  A frame that happens to be a PUBLISH would grow the set of tuples, which is no fault of
    the node's: give it one of a few keys. */
static size_t
tame (soak_random_t *random, unsigned char *frame, size_t size)
{
    if (size < 5 || frame [0] != 0xaa || frame [1] != 0xa0 || frame [2] != 2 || frame [3] != 1)
        return size;
    size_t place = 5 + (size_t) frame [4];
    if (place + 4 > size)
        return size;
    size_t value = (size_t) frame [place] << 24 | (size_t) frame [place + 1] << 16
                 | (size_t) frame [place + 2] << 8 | frame [place + 3];
    if (place + 4 + value + 4 > size)
        return size;
    char key [8];
    snprintf (key, sizeof (key), "h%02u", soak_below (random, KEYS) % 100);
    return soak_publish_frame (frame, key, key);
}

static size_t
hostile_frame (soak_random_t *random, unsigned char *frame)
{
    size_t size;
    if (soak_below (random, 3) == 0) {
        size = soak_below (random, 4)? soak_below (random, 40): soak_below (random, 700);
        for (size_t index = 0; index < size; index++)
            frame [index] = (unsigned char) soak_next (random);
        if (size >= 2 && soak_below (random, 2)) {
            frame [0] = 0xaa;
            frame [1] = 0xa0;
        }
        if (size >= 4 && soak_below (random, 2)) {
            frame [2] = (unsigned char) (1 + soak_below (random, 5));
            frame [3] = 1;
        }
    }
    else {
        uint32_t seed = soak_below (random, SEEDS);
        /*  Whole and valid ones are rare: each HELLO is worth the whole table. */
        size = seeds [seed].size;
        memcpy (frame, seeds [seed].bytes, size);
        uint32_t mutations = soak_below (random, 500) == 0? 0: 1 + soak_below (random, 3);
        while (mutations--)
            switch (soak_below (random, 5)) {
                case 0:
                    size = soak_below (random, (uint32_t) size + 1);
                    break;
                case 1:
                    if (size)
                        frame [soak_below (random, (uint32_t) size)] ^=
                            (unsigned char) (1u << soak_below (random, 8));
                    break;
                case 2:
                    if (size)
                        frame [soak_below (random, (uint32_t) size)] =
                            (unsigned char) (soak_below (random, 2)? 0xff: 0);
                    break;
                case 3:
                    for (uint32_t more = soak_below (random, 20); more; more--)
                        frame [size++] = (unsigned char) soak_next (random);
                    break;
                case 4:
                    if (size > 8)
                        memset (frame + 8, 0xff, 4);
                    break;
            }
    }
    return tame (random, frame, size);
}

static int
hostile_message (soak_random_t *random, void *socket, const unsigned char *id, size_t id_size)
{
    unsigned char frame [1024];
    int frames = soak_below (random, 3)? 1: 1 + (int) soak_below (random, 4);
    if (id && zmq_send (socket, id, id_size, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
        return 0;
    for (int index = 0; index < frames; index++) {
        size_t size = hostile_frame (random, frame);
        int more = index + 1 < frames? ZMQ_SNDMORE: 0;
        if (zmq_send (socket, frame, size, ZMQ_DONTWAIT | more) < 0)
            return 0;
    }
    return frames;
}

/*  Drops a message; keeps its first frame. False if there was none. */
static bool
drop_message (void *socket, unsigned char *id, size_t *id_size)
{
    unsigned char part [256];
    int size = zmq_recv (socket, part, sizeof (part), ZMQ_DONTWAIT);
    if (size < 0)
        return false;
    if (id && size <= 64) {
        memcpy (id, part, (size_t) size);
        *id_size = (size_t) size;
    }
    int more = 0;
    size_t more_size = sizeof (more);
    while (zmq_getsockopt (socket, ZMQ_RCVMORE, &more, &more_size) == 0 && more)
        zmq_recv (socket, part, sizeof (part), 0);
    return true;
}

static int
hostile_stream (soak_random_t *random, int *fd, int port)
{
    static const unsigned char greeting [64] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'N', 'U', 'L', 'L' };
    static const unsigned char ready [] = {
        4, 26, 5, 'R', 'E', 'A', 'D', 'Y', 11, 'S', 'o', 'c', 'k', 'e', 't', '-', 'T', 'y', 'p', 'e',
        0, 0, 0, 6, 'D', 'E', 'A', 'L', 'E', 'R' };
    if (*fd < 0) {
        *fd = tu_tcp_connect (port);
        if (*fd < 0)
            return 0;
        if (soak_below (random, 2)) {
            send (*fd, greeting, sizeof (greeting), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (soak_below (random, 2)) {
                unsigned char copy [sizeof (ready)];
                memcpy (copy, ready, sizeof (ready));
                copy [1] = sizeof (ready) - 2;
                send (*fd, copy, sizeof (copy), MSG_NOSIGNAL | MSG_DONTWAIT);
            }
        }
    }
    unsigned char bytes [1024];
    size_t size = 0;
    bytes [size++] = 0;
    bytes [size++] = (unsigned char) soak_below (random, 256);
    size += hostile_frame (random, bytes + size);
    if (send (*fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 || soak_below (random, 50) == 0) {
        close (*fd);
        *fd = -1;
    }
    return 1;
}

static void
hostile (soak_shared_t *shared, void *args)
{
    soak_random_t random = { ((soak_args_t *) args)->seed };
    void *context = zmq_ctx_new ();
    void *sockets [CLIENTS + SERVERS];
    unsigned char ids [SERVERS] [64];
    size_t id_sizes [SERVERS] = { 0 };
    int hwm = 1000, none = 0;
    for (int index = 0; index < SERVERS; index++) {
        sockets [CLIENTS + index] = zmq_socket (context, ZMQ_ROUTER);
        void *socket = sockets [CLIENTS + index];
        zmq_setsockopt (socket, ZMQ_SNDHWM, &hwm, sizeof (hwm));
        zmq_setsockopt (socket, ZMQ_LINGER, &none, sizeof (none));
        int mandatory = 1;
        zmq_setsockopt (socket, ZMQ_ROUTER_MANDATORY, &mandatory, sizeof (mandatory));
        if (zmq_bind (socket, "tcp://127.0.0.1:*"))
            _exit (TU_BROKEN);
        char endpoint [64];
        size_t size = sizeof (endpoint);
        zmq_getsockopt (socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
        shared->word [FIRST_SERVER_PORT + index] = atoi (strrchr (endpoint, ':') + 1);
    }
    shared->word [GO] = 1;
    while (shared->word [GO] < 2)
        usleep (1000);
    int port = (int) shared->word [NODE_PORT];
    char endpoint [64];
    snprintf (endpoint, sizeof (endpoint), "tcp://127.0.0.1:%d", port);
    for (int index = 0; index < CLIENTS; index++) {
        sockets [index] = zmq_socket (context, ZMQ_DEALER);
        zmq_setsockopt (sockets [index], ZMQ_SNDHWM, &hwm, sizeof (hwm));
        zmq_setsockopt (sockets [index], ZMQ_LINGER, &none, sizeof (none));
        if (zmq_connect (sockets [index], endpoint))
            _exit (TU_BROKEN);
    }
    int stream = -1, peer = 0;
    int64_t idle = 0;
    while (shared->word [GO] < 3) {
        if (shared->word [FRAMES_SENT] >= shared->word [FRAMES_WANTED]) {
            /*  Let the others have their turn; the odd ones go on reading. */
            for (int index = 1; index < CLIENTS + SERVERS; index += 2)
                while (drop_message (sockets [index], NULL, NULL))
                    ;
            usleep (1000);
            continue;
        }
        int sent = 0;
        peer = (peer + 1) % PEERS;
        if (peer < CLIENTS)
            sent = hostile_message (&random, sockets [peer], NULL, 0);
        else
        if (peer < CLIENTS + SERVERS) {
            int server = peer - CLIENTS;
            if (id_sizes [server] || drop_message (sockets [peer], ids [server], &id_sizes [server]))
                sent = hostile_message (&random, sockets [peer], ids [server], id_sizes [server]);
        }
        else
            sent = hostile_stream (&random, &stream, port);
        /*  Half of them never read. */
        if (peer % 2 && peer < CLIENTS + SERVERS)
            for (int count = 0; count < 50 && drop_message (sockets [peer], NULL, NULL); count++)
                ;
        shared->word [FRAMES_SENT] += sent;
        idle = sent? 0: idle + 1;
        if (idle > PEERS)
            usleep (200);
    }
    _exit (0);
}

/* ---- the node and its friends ---- */

#define SECOND 1000

/*  What is under way has arrived and what was freed has gone back when the figure stays. */
static long
settled_rss (soak_node_t **nodes, int nodes_nbr, long good, int64_t msecs)
{
    int64_t until = zclock_mono () + msecs, still = 0;
    long rss = soak_rss_kb ();
    while (rss > good && zclock_mono () < until && still < SECOND) {
        int64_t start = zclock_mono ();
        for (int index = 0; index < nodes_nbr; index++)
            soak_node_read (nodes [index]);
        zclock_sleep (50);
        long now = soak_rss_kb ();
        still = labs (now - rss) < 100 && good == 0? still + zclock_mono () - start: 0;
        rss = now;
    }
    return rss;
}

static void
echoing (zsock_t *pipe, void *args)
{
    (void) args;
    zsock_signal (pipe, 0);
    bool ended = false;
    while (!ended) {
        char *text = zstr_recv (pipe);
        ended = !text || streq (text, "$TERM");
        if (!ended)
            zstr_send (pipe, text);
        zstr_free (&text);
    }
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 1200);
    int64_t frames = soak_scaled (&args, 1000000, 3000);
    int tuples = (int) soak_scaled (&args, 10000, 300);
    soak_shared_t *shared = soak_shared_new ();
    pid_t pid = soak_fork (hostile, shared, &args);
    while (shared->word [GO] < 1)
        usleep (1000);
    zsys_init ();
    zsys_set_logstream (NULL);

    soak_node_t *node = soak_node_new (true, "node", false);
    soak_node_t *stock = soak_node_new (false, "stock", true);
    soak_node_t *native = soak_node_new (true, "native", true);
    soak_command (stock, "SET", "server/timeout", "0");
    /*  SET makes the stock actor send the log to standard output. */
    tu_status (stock->actor, NULL);
    FILE *log = tmpfile ();
    zsys_set_logstream (log);
    int port = soak_bind_tcp (node);
    const char *endpoint = tu_printf ("tcp://127.0.0.1:%d", port);
    soak_command (stock, "CONNECT", endpoint, NULL);
    soak_command (native, "CONNECT", endpoint, NULL);
    for (int index = 0; index < SERVERS; index++) {
        soak_command (node, "CONNECT", tu_printf ("tcp://127.0.0.1:%d",
                      (int) shared->word [FIRST_SERVER_PORT + index]), NULL);
    }
    /*  An actor that only echoes tells how slow the machine is. */
    zactor_t *echo = zactor_new (echoing, NULL);
    CHECK (echo);
    int64_t echo_asked = 0, echo_slowest = 0;

    shared->word [NODE_PORT] = port;
    shared->word [FRAMES_WANTED] = 0;
    shared->word [GO] = 2;
    int published = 0;
    soak_node_t *all [3] = { node, stock, native };
    long rss_third = 0, rss_peak = 0;
    int64_t start = zclock_mono (), asked = 0, looked = 0;
    for (;;) {
        int64_t sent = shared->word [FRAMES_SENT];
        /*  Nine tenths of the tuples in the first third, so that the set hardly grows after;
            the frames wait for the tuples, whoever of the two is slower. */
        int64_t third = frames / 3, first = tuples * 9 / 10;
        int64_t due = sent < third? first * sent / third
                                  : first + (tuples - first) * (sent - third) / (frames - third);
        for (int count = 0; count < 20 && published <= due && published < tuples; count++) {
            char key [32];
            snprintf (key, sizeof (key), "good/%06d", published);
            soak_publish (published % 2? stock: native, key, key);
            published++;
        }
        int64_t allowed = frames;
        if (published < due)
            allowed = sent;
        else
        if (sent + 3000 < frames)
            allowed = sent + 3000;
        shared->word [FRAMES_WANTED] = allowed;
        soak_node_read (node);
        soak_node_read (stock);
        soak_node_read (native);
        if (!node->asked) {
            soak_node_ask (node);
            asked++;
        }
        if (!echo_asked) {
            zstr_send (echo, "?");
            echo_asked = zclock_mono ();
        }
        if (zsock_events (echo) & ZMQ_POLLIN) {
            char *text = zstr_recv (echo);
            zstr_free (&text);
            int64_t took = zclock_mono () - echo_asked;
            if (took > echo_slowest)
                echo_slowest = took;
            echo_asked = 0;
        }
        if (zclock_mono () > looked + 100) {
            looked = zclock_mono ();
            long rss = tu_resident_kb (getpid ());
            if (rss > rss_peak)
                rss_peak = rss;
        }
        if (!rss_third && sent >= third && published >= first) {
            rss_third = settled_rss (all, 3, 0, 60 * SECOND);
            /*  Nobody has listened to it meanwhile. */
            if (echo_asked)
                echo_asked = zclock_mono ();
        }
        if (sent >= frames && published == tuples)
            break;
        zmq_pollitem_t item = { zsock_resolve (node->actor), 0, ZMQ_POLLIN, 0 };
        zmq_poll (&item, 1, 1);
    }
    int64_t took = zclock_mono () - start;
    soak_say ("%lld frames from %d peers in %lld ms, %d tuples", (long long) shared->word [FRAMES_SENT],
              PEERS, (long long) took, tuples);
    /*  All tuples everywhere. */
    int64_t until = tu_deadline () + tu_limit ();
    soak_node_t *both [2] = { stock, native };
    for (int index = 0; index < tuples; ) {
        char key [32];
        snprintf (key, sizeof (key), "good/%06d", index);
        bool there = true;
        for (int side = 0; side < 2; side++) {
            const char *value = soak_value (both [side], key);
            if (!value) {
                there = false;
                if (zclock_mono () > until)
                    tu_fail (__FILE__, __LINE__, "%s lacks %s (seed %llu)", both [side]->name, key,
                             (unsigned long long) args.seed);
            }
            else
                CHECK_STR (value, key);
        }
        if (there)
            index++;
        else {
            soak_node_read (node);
            soak_node_read (stock);
            soak_node_read (native);
            zclock_sleep (1);
        }
    }
    until = tu_deadline ();
    do {
        soak_node_read (node);
        if (!node->asked)
            soak_node_ask (node);
        zclock_sleep (1);
        CHECK (zclock_mono () < until);
    } while (node->status < tuples);
    CHECK (node->status <= tuples + KEYS);
    soak_say ("node holds %d tuples, none of %d lost", node->status, tuples);
    soak_say ("%lld STATUS questions, slowest reply %lld ms (an idle actor's: %lld ms)", (long long) asked,
              (long long) node->slowest, (long long) echo_slowest);
    long most = rss_third + 8 * 1024 + (long) tuples * 2 / 10;
    /*  Longer than a connection lives whose other end does not read, and than the queues of those
        that do need to drain on a busy machine. */
    long rss_end = settled_rss (all, 3, soak_memory_counts ()? most: LONG_MAX, 180 * SECOND);
    soak_say ("resident: %ld kB at a third, %ld kB at the end, %ld kB at most", rss_third, rss_end, rss_peak);
    /*  A busy machine must not fail the test: an actor that does nothing was as slow. */
    CHECK (node->slowest <= SECOND + 4 * echo_slowest);
    if (soak_memory_counts ())
        CHECK (rss_end <= most);
    shared->word [GO] = 3;
    fseek (log, 0, SEEK_END);
    soak_say ("%ld bytes of log", ftell (log));
    zsys_set_logstream (stdout);
    fclose (log);
    soak_node_destroy (&native);
    soak_node_destroy (&stock);
    soak_node_destroy (&node);
    zactor_destroy (&echo);
    soak_kill (pid);
    return tu_done ();
}
