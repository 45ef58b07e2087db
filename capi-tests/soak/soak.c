/*  Helpers of the soak tests, see soak.h. */

#include "soak.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* ---- arguments ---- */

soak_args_t
soak_start (int argc, char **argv, unsigned seconds)
{
    soak_args_t args = { .seed = 1, .scale = 100, .only = NULL };
    for (int index = 1; index + 1 < argc; index += 2) {
        if (streq (argv [index], "--seed"))
            args.seed = strtoull (argv [index + 1], NULL, 10);
        else
        if (streq (argv [index], "--scale"))
            args.scale = atoi (argv [index + 1]);
        else
        if (streq (argv [index], "--only"))
            args.only = argv [index + 1];
        else {
            fprintf (stderr, "unknown argument %s\n", argv [index]);
            exit (TU_BROKEN);
        }
    }
    if (!getenv ("ZGOSSIP_LIB")) {
        fprintf (stderr, "ZGOSSIP_LIB has to name libzgossip.so.1\n");
        exit (TU_BROKEN);
    }
    setvbuf (stdout, NULL, _IOLBF, 0);
    signal (SIGPIPE, SIG_IGN);
    /*  Memory that is freed goes back at once, so that figures of memory mean something. */
    mallopt (M_TRIM_THRESHOLD, 64 * 1024);
    mallopt (M_MMAP_THRESHOLD, 128 * 1024);
    mallopt (M_ARENA_MAX, 2);
    unsigned factor = soak_memory_counts ()? 1: 10;
    tu_watchdog (seconds * factor);
    return args;
}

int64_t
soak_scaled (const soak_args_t *args, int64_t full, int64_t least)
{
    int64_t number = full * args->scale / 100;
    return number > least? number: least;
}

bool
soak_part (const soak_args_t *args, const char *name)
{
    if (args->only && !streq (args->only, name))
        return false;
    soak_say ("-- %s", name);
    return true;
}

bool
soak_memory_counts (void)
{
    return getenv ("SOAK_CHECKER") == NULL;
}

/* ---- random numbers: splitmix64 ---- */

uint64_t
soak_next (soak_random_t *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t
soak_below (soak_random_t *random, uint32_t below)
{
    return (uint32_t) ((soak_next (random) >> 32) * below >> 32);
}

/* ---- figures ---- */

long
soak_rss_kb (void)
{
    malloc_trim (0);
    return tu_resident_kb (getpid ());
}

int
soak_descriptors (void)
{
    /*  Without the one that reads the directory. */
    return tu_entries ("/proc/self/fd") - 1;
}

int64_t
soak_cpu_ms (pid_t pid)
{
    unsigned long user, kernel;
    const char *stat = tu_slurp (tu_printf ("/proc/%d/stat", (int) pid));
    /*  Behind the name, which may have blanks in it. */
    const char *rest = stat? strrchr (stat, ')'): NULL;
    CHECK (rest);
    CHECK_INT (sscanf (rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel), 2);
    return (int64_t) (user + kernel) * 1000 / sysconf (_SC_CLK_TCK);
}

void
soak_say (const char *format, ...)
{
    va_list args;
    va_start (args, format);
    vprintf (format, args);
    va_end (args);
    putchar ('\n');
}

/* ---- nodes that somebody reads ---- */

static zhashx_t *
strings (void)
{
    zhashx_t *hash = zhashx_new ();
    zhashx_set_duplicator (hash, (zhashx_duplicator_fn *) strdup);
    zhashx_set_destructor (hash, (zhashx_destructor_fn *) zstr_free);
    return hash;
}

soak_node_t *
soak_node_new (bool native, const char *name, bool keep_tuples)
{
    soak_node_t *node = (soak_node_t *) zmalloc (sizeof (soak_node_t));
    CHECK (node);
    snprintf (node->name, sizeof (node->name), "%s", name);
    node->native = native;
    node->actor = zactor_new (native? tu_native (): zgossip, node->name);
    CHECK (node->actor);
    zsock_set_sndtimeo (node->actor, tu_limit ());
    node->status = -1;
    if (keep_tuples)
        node->held = strings ();
    return node;
}

void
soak_node_destroy (soak_node_t **node_p)
{
    soak_node_t *node = *node_p;
    if (node) {
        zactor_destroy (&node->actor);
        zhashx_destroy (&node->held);
        free (node);
        *node_p = NULL;
    }
}

void
soak_node_read (soak_node_t *node)
{
    while (zsock_events (node->actor) & ZMQ_POLLIN) {
        zmsg_t *msg = zmsg_recv (node->actor);
        CHECK (msg);
        char *word = zmsg_popstr (msg), *first = zmsg_popstr (msg), *second = zmsg_popstr (msg);
        if (!word || !first)
            tu_fail (__FILE__, __LINE__, "%s has ended", node->name);
        if (streq (word, "STATUS")) {
            CHECK (node->asked > 0);
            node->status = atoi (first);
            int64_t took = zclock_mono () - node->asked_at;
            if (took > node->slowest)
                node->slowest = took;
            node->asked--;
        }
        else
        if (streq (word, "PORT")) {
            node->port = atoi (first);
            node->ports++;
        }
        else {
            CHECK_STR (word, "DELIVER");
            CHECK (second && zmsg_size (msg) == 0);
            node->delivers++;
            if (node->held)
                zhashx_update (node->held, first, second);
        }
        zstr_free (&word);
        zstr_free (&first);
        zstr_free (&second);
        zmsg_destroy (&msg);
    }
}

void
soak_node_ask (soak_node_t *node)
{
    if (node->asked)
        return;
    node->asked = 1;
    node->asked_at = zclock_mono ();
    CHECK (zstr_send (node->actor, "STATUS") == 0);
}

void
soak_wait_count (soak_node_t **nodes, int nodes_nbr, int count)
{
    int64_t until = tu_deadline () + tu_limit ();
    for (int index = 0; index < nodes_nbr; index++)
        nodes [index]->status = -1;
    for (;;) {
        int ready = 0;
        for (int index = 0; index < nodes_nbr; index++) {
            soak_node_read (nodes [index]);
            if (nodes [index]->status == count)
                ready++;
            else
                soak_node_ask (nodes [index]);
        }
        if (ready == nodes_nbr)
            return;
        if (zclock_mono () > until) {
            for (int index = 0; index < nodes_nbr; index++)
                fprintf (stderr, "%s holds %d\n", nodes [index]->name, nodes [index]->status);
            tu_fail (__FILE__, __LINE__, "not all nodes hold %d tuples", count);
        }
        zclock_sleep (10);
    }
}

void
soak_publish (soak_node_t *node, const char *key, const char *value)
{
    soak_command (node, "PUBLISH", key, value);
}

void
soak_command (soak_node_t *node, const char *word, const char *first, const char *second)
{
    if (zstr_sendx (node->actor, word, first, first? second: NULL, NULL))
        tu_fail (__FILE__, __LINE__, "%s takes no commands", node->name);
}

const char *
soak_value (soak_node_t *node, const char *key)
{
    return (const char *) zhashx_lookup (node->held, key);
}

static int
port (soak_node_t *node)
{
    int64_t until = tu_deadline ();
    int ports = node->ports;
    CHECK (zstr_send (node->actor, "PORT") == 0);
    while (node->ports == ports) {
        soak_node_read (node);
        CHECK (zclock_mono () < until);
        zmq_pollitem_t item = { zsock_resolve (node->actor), 0, ZMQ_POLLIN, 0 };
        zmq_poll (&item, 1, 10);
    }
    return node->port;
}

int
soak_bind_tcp (soak_node_t *node)
{
    zstr_sendx (node->actor, "BIND", tu_tcp (), NULL);
    return port (node);
}

void
soak_bind (soak_node_t *node, const char *endpoint)
{
    int64_t until = tu_deadline ();
    for (;;) {
        soak_command (node, "BIND", endpoint, NULL);
        if (port (node) != -1)
            return;
        if (zclock_mono () > until)
            tu_fail (__FILE__, __LINE__, "cannot bind to %s", endpoint);
        zclock_sleep (5);
    }
}

/* ---- raw peers ---- */

int
soak_tcp_listen (int *port)
{
    struct sockaddr_in address = { 0 };
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons ((uint16_t) *port);
    int fd = socket (AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    socklen_t size = sizeof (address);
    CHECK (fd >= 0 && bind (fd, (struct sockaddr *) &address, size) == 0 && listen (fd, 100) == 0);
    CHECK (getsockname (fd, (struct sockaddr *) &address, &size) == 0);
    *port = ntohs (address.sin_port);
    return fd;
}

size_t
soak_publish_frame (unsigned char *frame, const char *key, const char *value)
{
    size_t key_size = strlen (key), value_size = strlen (value);
    static const unsigned char head [] = { 0xaa, 0xa0, 2, 1 };
    memcpy (frame, head, 4);
    frame [4] = (unsigned char) key_size;
    memcpy (frame + 5, key, key_size);
    unsigned char *place = frame + 5 + key_size;
    for (int shift = 24; shift >= 0; shift -= 8)
        *place++ = (unsigned char) (value_size >> shift);
    memcpy (place, value, value_size);
    memset (place + value_size, 0, 4);
    return (size_t) (place + value_size + 4 - frame);
}

/* ---- helper processes ---- */

soak_shared_t *
soak_shared_new (void)
{
    void *page = mmap (NULL, sizeof (soak_shared_t), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK (page != MAP_FAILED);
    return (soak_shared_t *) page;
}

pid_t
soak_fork (void (*function) (soak_shared_t *, void *), soak_shared_t *shared, void *args)
{
    fflush (NULL);
    pid_t parent = getpid ();
    pid_t pid = fork ();
    CHECK (pid >= 0);
    if (pid == 0) {
        prctl (PR_SET_PDEATHSIG, SIGKILL);
        if (getppid () != parent)
            _exit (0);
        function (shared, args);
        fflush (NULL);
        _exit (0);
    }
    return pid;
}

void
soak_wait_word (soak_shared_t *shared, int index, int64_t least, int64_t msecs)
{
    int64_t until = zclock_mono () + msecs;
    while (shared->word [index] < least) {
        if (zclock_mono () > until)
            tu_fail (__FILE__, __LINE__, "word %d is %lld, expected %lld", index,
                     (long long) shared->word [index], (long long) least);
        usleep (2000);
    }
}

void
soak_kill (pid_t pid)
{
    kill (pid, SIGKILL);
    int status;
    waitpid (pid, &status, 0);
}
