/*  Peers that mean harm, one or ten at a time, against a node that holds many tuples. While they attack, and
    after they have left, the owner asks STATUS all the time and two other peers send each other tuples by way of the
    node. What all of them notice is bounded, and what the node needs.

    Three processes: the node and its owner; the attackers, which know nothing of ZeroMQ; the other peers. Each
    attacker sends at most so many bytes a second, as otherwise only the machine would be measured. */

#include "soak.h"
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define RATE        100000      /*  Bytes that an attacker sends in a second */
#define ATTACK_MS   5000
#define AFTER_MS    5000        /*  From its leaving on everything has to be as before within this time */
#define STEP_MS     10
#define VALUE       50
#define LARGE       10000       /*  Bytes of the value that bare tuples ask for */
#define SAMPLES     20000
/*  The bars. A shortened run shares its machine with others. */
#define MOST_MS         50
#define MOST_MS_SHORT   250
#define MOST_KB         (64 * 1024)

/*  What the processes tell each other. */
enum { PORT, MEASURE, WORST, OVER, ASKED, GOAL, STOP };

typedef struct {
    const char *name;
    bool reads;
    /*  What is said once, and what is said again and again; sizes of frames are theirs. */
    size_t (*once) (unsigned char *at), (*again) (unsigned char *at, int round);
} attack_t;

/* ---- frames ---- */

static size_t
frame (unsigned char *at, const void *content, size_t size)
{
    size_t head = 2;
    at [0] = 0;
    at [1] = (unsigned char) size;
    if (size > 255) {
        at [0] = 2;
        for (int byte = 0; byte < 8; byte++)
            at [1 + byte] = (unsigned char) ((uint64_t) size >> (56 - 8 * byte));
        head = 9;
    }
    memcpy (at + head, content, size);
    return head + size;
}

static size_t
signal_frame (unsigned char *at, int type)
{
    const unsigned char content [4] = { 0xaa, 0xa0, (unsigned char) type, 1 };
    return frame (at, content, 4);
}

/*  HELLO of a native peer that holds something else. */
static size_t
native_hello (unsigned char *at)
{
    static const unsigned char content [] = {
        0xaa, 0xa0, 1, 1, 0x5a, 0x45, 1, 0, 31,
        1, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 2,
        3, 0, 16, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8 };
    return frame (at, content, sizeof (content));
}

static size_t
nothing (unsigned char *at)
{
    (void) at;
    return 0;
}

static size_t
pings (unsigned char *at, int round)
{
    (void) round;
    return signal_frame (at, 3);
}

static size_t
hellos_and_pongs (unsigned char *at, int round)
{
    (void) round;
    size_t size = native_hello (at);
    return size + signal_frame (at + size, 4);
}

static size_t
sessions (unsigned char *at, int round)
{
    (void) round;
    size_t size = signal_frame (at, 1);
    size += signal_frame (at + size, 3);
    return size + signal_frame (at + size, 5);
}

static size_t
sketches (unsigned char *at, int round)
{
    int cells = 4 * (round % 1024 + 1);
    const unsigned char content [] = {
        0xaa, 0xa0, 3, 1, 0x5a, 0x45, 1, 0, 5, 4, 0, 2, (unsigned char) (cells >> 8), (unsigned char) cells };
    return frame (at, content, sizeof (content));
}

static size_t
bare_tuples (unsigned char *at, int round)
{
    (void) round;
    unsigned char content [64];
    return frame (at, content, soak_publish_frame (content, "large", "x"));
}

static const attack_t attacks [] = {
    { "pings-unread", false, native_hello, pings },
    { "hellos-and-pongs", true, nothing, hellos_and_pongs },
    { "czmq-sessions", true, nothing, sessions },
    { "sketches", true, native_hello, sketches },
    { "bare-tuples-unread", false, native_hello, bare_tuples },
};
#define ATTACKS (int) (sizeof (attacks) / sizeof (attacks [0]))

/* ---- attackers ---- */

typedef struct {
    const attack_t *attack;
    int number;
} attackers_t;

static int
connected (int port, bool reads)
{
    int fd = tu_zmtp_connect (port), small = 4096;
    if (!reads)
        setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof (small));
    return fd;
}

/*  Says all of it, or gives up: a node may take no more. */
static void
say (int fd, const unsigned char *bytes, size_t size)
{
    struct pollfd writable = { .fd = fd, .events = POLLOUT };
    while (size && poll (&writable, 1, 2000) == 1) {
        ssize_t sent = send (fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            return;
        bytes += sent;
        size -= (size_t) sent;
    }
}

static void
attack (soak_shared_t *shared, void *args)
{
    attackers_t *attackers = (attackers_t *) args;
    const attack_t *how = attackers->attack;
    while (shared->word [MEASURE] < 1)
        usleep (1000);
    static unsigned char bytes [4096], junk [1 << 16];
    int fds [10], rounds = 0;
    for (int index = 0; index < attackers->number; index++) {
        fds [index] = connected ((int) shared->word [PORT], how->reads);
        say (fds [index], bytes, how->once (bytes));
    }
    /*  What it says every so often; then the rest of that time is for reading. */
    while (shared->word [MEASURE] < 2) {
        size_t size = 0;
        while (size < RATE * STEP_MS / 1000)
            size += how->again (bytes + size, rounds++);
        int64_t until = zclock_mono () + STEP_MS;
        for (int index = 0; index < attackers->number; index++)
            say (fds [index], bytes, size);
        do {
            struct pollfd readable [10];
            for (int index = 0; index < attackers->number; index++)
                readable [index] = (struct pollfd) { .fd = fds [index], .events = how->reads? POLLIN: 0 };
            if (poll (readable, (nfds_t) attackers->number, 1) > 0)
                for (int index = 0; index < attackers->number; index++)
                    if (readable [index].revents & POLLIN)
                        (void) !recv (fds [index], junk, sizeof (junk), MSG_DONTWAIT);
        } while (zclock_mono () < until);
    }
}

/* ---- the node ---- */

typedef struct {
    bool native;
    int tuples;
} target_t;

static void
target (soak_shared_t *shared, void *args)
{
    target_t *target = (target_t *) args;
    soak_node_t *node = soak_node_new (target->native, "target", false);
    char key [32], value [VALUE + 1], large [LARGE + 1];
    memset (value, 'v', VALUE);
    memset (large, 'l', LARGE);
    value [VALUE] = large [LARGE] = 0;
    for (int index = 1; index < target->tuples; index++) {
        snprintf (key, sizeof (key), "key/%d", index);
        soak_publish (node, key, value);
        soak_node_read (node);
    }
    soak_publish (node, "large", large);
    soak_wait_count (&node, 1, target->tuples);
    shared->word [PORT] = soak_bind_tcp (node);
    /*  Ask, and wait for the answer; the slowest of each phase, and how many were slower than the bar. */
    while (!shared->word [STOP]) {
        int64_t asked = zclock_usecs ();
        soak_node_ask (node);
        while (node->asked) {
            soak_node_read (node);
            if (node->asked)
                usleep (200);
        }
        int64_t took = zclock_usecs () - asked;
        if (took > shared->word [WORST])
            shared->word [WORST] = took;
        shared->word [ASKED]++;
        shared->word [OVER] += took > shared->word [GOAL];
        usleep (STEP_MS * 1000);
    }
    soak_node_destroy (&node);
}

/* ---- the other peers ---- */

typedef struct {
    int64_t cpu, status_worst, status_over, status_asked, tuple_p99, tuple_worst, lost;
    long rss;
} figures_t;

static int
ascending (const void *one, const void *other)
{
    int64_t a = *(const int64_t *) one, b = *(const int64_t *) other;
    return (a > b) - (a < b);
}

/*  For so long, one peer publishes and the other waits for it. */
static figures_t
observe (soak_shared_t *shared, pid_t pid, soak_node_t *writer, soak_node_t *reader, int64_t msecs)
{
    static int64_t took [SAMPLES];
    static int number = 0;
    int samples = 0;
    figures_t figures = { .cpu = soak_cpu_ms (pid) };
    int64_t until = zclock_mono () + msecs, start = zclock_mono ();
    shared->word [WORST] = shared->word [OVER] = shared->word [ASKED] = 0;
    while (zclock_mono () < until && samples < SAMPLES) {
        int64_t sent = zclock_usecs (), before = reader->delivers;
        soak_publish (writer, tu_printf ("probe/%d", number % 100), tu_printf ("%d", number));
        number++;
        while (reader->delivers == before && zclock_mono () < until + 2000) {
            soak_node_read (reader);
            soak_node_read (writer);
            if (reader->delivers == before)
                usleep (200);
        }
        figures.lost += reader->delivers == before;
        took [samples++] = zclock_usecs () - sent;
        long rss = tu_resident_kb (pid);
        figures.rss = rss > figures.rss? rss: figures.rss;
        usleep (STEP_MS * 1000);
    }
    qsort (took, (size_t) samples, sizeof (took [0]), ascending);
    figures.tuple_p99 = took [samples * 99 / 100];
    figures.tuple_worst = took [samples - 1];
    figures.cpu = (soak_cpu_ms (pid) - figures.cpu) * 100 / (zclock_mono () - start);
    figures.status_worst = shared->word [WORST];
    figures.status_over = shared->word [OVER];
    figures.status_asked = shared->word [ASKED];
    return figures;
}

static void
show (const char *when, figures_t figures, long set)
{
    soak_say ("   %s: STATUS at most %.1f ms (%lld of %lld slow), tuples %.1f ms at the 99th percentile, at most "
              "%.1f ms, CPU %lld %%, %ld kB above the set", when, (double) figures.status_worst / 1000,
              (long long) figures.status_over, (long long) figures.status_asked,
              (double) figures.tuple_p99 / 1000, (double) figures.tuple_worst / 1000, (long long) figures.cpu,
              figures.rss - set);
}

static void
check (figures_t figures, long set, int64_t most_ms)
{
    CHECK (figures.lost == 0);
    CHECK (figures.tuple_p99 <= most_ms * 1000);
    /*  At the 99th percentile as well. */
    CHECK (figures.status_over * 100 <= figures.status_asked);
    CHECK (figures.rss - set <= MOST_KB);
}

/*  One attack, in a process of its own. */
static void
one_case (const attack_t *how, int number, bool native, int tuples, int64_t most_ms)
{
    soak_shared_t *shared = soak_shared_new ();
    shared->word [GOAL] = most_ms * 1000;
    target_t node = { native, tuples };
    attackers_t those = { how, number };
    pid_t pid = soak_fork (target, shared, &node), others = soak_fork (attack, shared, &those);
    zsys_init ();
    zsys_set_logstream (NULL);
    soak_wait_word (shared, PORT, 1, 120000);
    const char *endpoint = tu_printf ("tcp://127.0.0.1:%d", (int) shared->word [PORT]);
    soak_node_t *writer = soak_node_new (true, "writer", false), *reader = soak_node_new (true, "reader", false);
    soak_command (writer, "CONNECT", endpoint, NULL);
    soak_command (reader, "CONNECT", endpoint, NULL);
    soak_node_t *both [] = { writer, reader };
    soak_wait_count (both, 2, tuples);
    zclock_sleep (1000);
    /*  Once without attack, also for all that is set aside once. */
    figures_t quiet = observe (shared, pid, writer, reader, 1000);
    shared->word [MEASURE] = 1;
    figures_t during = observe (shared, pid, writer, reader, ATTACK_MS);
    shared->word [MEASURE] = 2;
    soak_kill (others);
    int64_t left = zclock_mono ();
    figures_t after;
    /*  Until all is as it was, which must not take long. */
    do
        after = observe (shared, pid, writer, reader, 500);
    while ((after.tuple_worst > most_ms * 1000 || after.status_worst > most_ms * 1000 || after.cpu > quiet.cpu + 15)
           && zclock_mono () < left + AFTER_MS);
    soak_say ("   %s, %d of them, %s node with %d tuples", how->name, number, native? "native": "stock", tuples);
    show ("attacked", during, quiet.rss);
    show (tu_printf ("%lld ms after it", (long long) (zclock_mono () - left)), after, quiet.rss);
    if (native) {
        check (during, quiet.rss, most_ms);
        check (after, quiet.rss, most_ms);
        CHECK (after.cpu <= quiet.cpu + 15);
    }
    soak_kill (pid);
    soak_node_destroy (&writer);
    soak_node_destroy (&reader);
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 900);
    if (!soak_memory_counts ()) {
        soak_say ("   skipped: under a checker, times and memory are those of the checker");
        return TU_SKIPPED;
    }
    int tuples = (int) soak_scaled (&args, 100000, 10000);
    int64_t most_ms = args.scale >= 100? MOST_MS: MOST_MS_SHORT;
    int failed = 0;
    for (int index = 0; index < ATTACKS; index++)
        for (int number = 1; number <= 10; number += 9)
            /*  CZMQ's actor is only looked at in the full version. */
            for (int native = args.scale < 100; native < 2; native++) {
                if (args.only && !streq (args.only, attacks [index].name))
                    continue;
                fflush (NULL);
                pid_t pid = fork ();
                CHECK (pid >= 0);
                if (pid == 0) {
                    one_case (&attacks [index], number, native, tuples, most_ms);
                    fflush (NULL);
                    _exit (0);
                }
                int status = 0;
                CHECK (waitpid (pid, &status, 0) == pid);
                failed += native && status != 0;
                if (status)
                    soak_say ("   %s, %d of them, %s node: did not pass", attacks [index].name, number,
                              native? "native": "stock");
            }
    CHECK_INT (failed, 0);
    return 0;
}
