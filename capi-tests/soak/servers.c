/*  CONNECT to servers that are not there yet, come back, move, refuse, hang or are oneself.
    After each: connected again, and both sides hold everything. */

#include "soak.h"
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* ---- a server in a process of its own, which can be stopped ---- */

enum { SERVER_PORT, SERVER_PUBLISH, SERVER_STATUS, SERVER_NATIVE };

/*  Runs a node: publishes so many tuples as it is told, and shows its STATUS. */
static void
server_process (soak_shared_t *shared, void *args)
{
    (void) args;
    zsys_init ();
    zsys_set_logstream (NULL);
    soak_node_t *node = soak_node_new (shared->word [SERVER_NATIVE] == 1, "server", false);
    zsys_set_logstream (NULL);
    shared->word [SERVER_PORT] = soak_bind_tcp (node);
    int64_t published = 0;
    for (;;) {
        soak_node_read (node);
        while (published < shared->word [SERVER_PUBLISH]) {
            char key [32];
            snprintf (key, sizeof (key), "server/%d", (int) published++);
            soak_publish (node, key, "value");
        }
        soak_node_ask (node);
        shared->word [SERVER_STATUS] = node->status;
        zclock_sleep (5);
    }
}

static pid_t s_stock_pid, s_native_pid;
static soak_shared_t *s_stock_shared, *s_native_shared;

/* ---- a cable that can be pulled ---- */

/*  The loopback interface of this process's own network goes up or down. Down is as where a cable
    was pulled: connections stay open at both ends, and nothing of what is sent arrives. */
static void
cable (bool plugged)
{
    struct ifreq request = { .ifr_name = "lo" };
    int fd = socket (AF_INET, SOCK_DGRAM, 0);
    CHECK (fd >= 0 && ioctl (fd, SIOCGIFFLAGS, &request) == 0);
    request.ifr_flags = (short) (plugged? request.ifr_flags | IFF_UP: request.ifr_flags & ~IFF_UP);
    CHECK (ioctl (fd, SIOCSIFFLAGS, &request) == 0);
    close (fd);
}

/*  A network of this process's own, so that its cable is nobody else's. To be made before there are
    threads. */
static bool
own_network (void)
{
    if (unshare (CLONE_NEWNET) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    cable (true);
    return true;
}

/*  Whether this end of a connection to this port is still open. */
static bool
is_open (bool end_of_server, unsigned port)
{
    FILE *file = fopen ("/proc/thread-self/net/tcp", "r");
    CHECK (file);
    char line [512];
    bool open = false;
    unsigned local, remote, state;
    while (fgets (line, sizeof (line), file))
        if (sscanf (line, " %*d: %*x:%x %*x:%x %x", &local, &remote, &state) == 3 && state == TCP_ESTABLISHED)
            open |= (end_of_server? local: remote) == port;
    fclose (file);
    return open;
}

/*  The cable has been pulled: wait until this end gives its connection up. How long that took. */
static int
wait_given_up (bool end_of_server, int port)
{
    int64_t start = zclock_mono ();
    while (is_open (end_of_server, (unsigned) port)) {
        CHECK (zclock_mono () - start < 30000 + tu_limit ());
        zclock_sleep (20);
    }
    return (int) (zclock_mono () - start);
}

/*  Wait for a line of the log with this text in it. */
static void
wait_logged (const char *text)
{
    const char *line;
    do
        CHECK ((line = tu_log_wait (tu_limit ())));
    while (!strstr (line, text));
}

/* ---- parts ---- */

static int s_number;

/*  A tuple on each side, and both hold all. */
static void
both_complete (soak_node_t *server, soak_node_t *client, int *count)
{
    char key [32];
    snprintf (key, sizeof (key), "s%d", ++s_number);
    soak_publish (server, key, "value");
    snprintf (key, sizeof (key), "c%d", s_number);
    soak_publish (client, key, "value");
    *count += 2;
    soak_node_t *both [2] = { server, client };
    soak_wait_count (both, 2, *count);
}

/*  Both hold everything; then the server goes, and the client publishes. */
static void
one_life (soak_node_t *server, soak_node_t *client, int round, int *count)
{
    both_complete (server, client, count);
    soak_node_destroy (&server);
    soak_publish (client, tu_printf ("between%d", round), "value");
    ++*count;
}

/*  The client keeps what earlier servers told it. Empty: the next server knows nothing;
    full: it has tuples of its own already. */
static void
restarts (bool server_native, const char *host, int rounds, bool twice)
{
    tu_need_name (host);
    int port = tu_free_port (), count = 0;
    const char *address = tu_printf ("tcp://127.0.0.1:%d", port);
    soak_node_t *client = soak_node_new (true, "client", false);
    /*  Before the server exists. */
    for (int times = 0; times < (twice? 3: 1); times++)
        soak_command (client, "CONNECT", tu_printf ("tcp://%s:%d", host, port), NULL);
    soak_publish (client, "early", "value");
    count++;
    for (int round = 0; round < rounds; round++) {
        soak_node_t *server = soak_node_new (server_native, "server", false);
        if (!server_native)
            soak_command (server, "SET", "server/timeout", "0");
        if (round % 2) {
            for (int index = 0; index < 50; index++)
                soak_publish (server, tu_printf ("full%d/%d", round, index), "value");
            count += 50;
        }
        tu_wait_free (port);
        soak_bind (server, address);
        one_life (server, client, round, &count);
    }
    soak_node_destroy (&client);
}

static void
restart_inproc (bool server_native, int rounds)
{
    const char *endpoint = tu_inproc ("restart");
    int count = 0;
    soak_node_t *client = soak_node_new (true, "client", false);
    soak_command (client, "CONNECT", endpoint, NULL);
    for (int round = 0; round < rounds; round++) {
        soak_node_t *server = soak_node_new (server_native, "server", false);
        soak_bind (server, endpoint);
        one_life (server, client, round, &count);
    }
    soak_node_destroy (&client);
}

/*  From inproc to IPC to TCP and back: CONNECT to each in turn. */
static void
moves (void)
{
    const char *endpoints [3] = { tu_inproc ("moves"), tu_ipc ("moves"), NULL };
    int port = tu_free_port (), count = 0;
    endpoints [2] = tu_printf ("tcp://127.0.0.1:%d", port);
    soak_node_t *client = soak_node_new (true, "client", false);
    for (int round = 0; round < 7; round++) {
        soak_node_t *server = soak_node_new (true, "server", false);
        if (round % 3 == 2)
            tu_wait_free (port);
        soak_bind (server, endpoints [round % 3]);
        soak_command (client, "CONNECT", endpoints [round % 3], NULL);
        both_complete (server, client, &count);
        soak_node_destroy (&server);
    }
    soak_node_destroy (&client);
}

static void
oneself (void)
{
    soak_node_t *node = soak_node_new (true, "node", false);
    const char *inproc = tu_inproc ("self");
    soak_command (node, "BIND", inproc, NULL);
    int port = soak_bind_tcp (node);
    soak_command (node, "CONNECT", inproc, NULL);
    soak_command (node, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    soak_command (node, "CONNECT", tu_printf ("tcp://localhost:%d", port), NULL);
    soak_node_t *another = soak_node_new (true, "another", false);
    soak_command (another, "CONNECT", inproc, NULL);
    int count = 0;
    for (int round = 0; round < 20; round++)
        both_complete (node, another, &count);
    /*  Each change is DELIVERed once. */
    CHECK_INT (node->delivers, count);
    soak_node_destroy (&another);
    soak_node_destroy (&node);
}

static void
bad_endpoints (void)
{
    soak_node_t *node = soak_node_new (true, "node", false);
    soak_node_t *server = soak_node_new (true, "server", false);
    int port = soak_bind_tcp (server), threads = tu_threads ();
    static const char *const bad [] = {
        "", "bogus", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:99999", "inproc://",
        "tcp://no.such.host.invalid:1", "ipc://", "ipc:///no/such/dir/socket", "udp://127.0.0.1:1", "tcp://*:1",
        "tcp://127.0.0.1:*", "\xff\xfe", "tcp://127.0.0.1:0", "ws://127.0.0.1:1", "tcp://[::1]:1",
        "tcp://%s%n:1", "inproc://nobody-is-there", "pgm://x;239.0.0.1:1", "tcp://nosuchif;127.0.0.1:1",
    };
    for (int round = 0; round < 3; round++)
        for (size_t index = 0; index < sizeof (bad) / sizeof (bad [0]); index++)
            soak_command (node, "CONNECT", bad [index], NULL);
    soak_command (node, "CONNECT", tu_printf ("ipc://%0200d", 1), NULL);
    soak_command (node, "CONNECT", tu_printf ("tcp://%05000d:1", 1), NULL);
    soak_command (node, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    int count = 0;
    both_complete (server, node, &count);
    /*  Long enough that servers which do not come up are looked into. */
    int64_t until = zclock_mono () + 2500;
    while (zclock_mono () < until)
        both_complete (server, node, &count);
    soak_say ("   threads: %d more", tu_threads () - threads);
    soak_node_destroy (&node);
    soak_node_destroy (&server);
}

/*  A server that speaks another mechanism refuses; then it is replaced by one that does not. */
static void
refused_then_accepted (const char *mechanism)
{
    int port = tu_free_port (), count = 0;
    const char *endpoint = tu_printf ("tcp://127.0.0.1:%d", port);
    zsock_t *refusing = zsock_new (ZMQ_ROUTER);
    zcert_t *cert = zcert_new ();
    if (streq (mechanism, "plain"))
        zsock_set_plain_server (refusing, 1);
    else {
        zcert_apply (cert, refusing);
        zsock_set_curve_server (refusing, 1);
    }
    CHECK (zsock_bind (refusing, "%s", endpoint) == port);
    soak_node_t *client = soak_node_new (true, "client", false);
    tu_log_start ();
    soak_command (client, "CONNECT", endpoint, NULL);
    soak_publish (client, "first", "value");
    count++;
    const char *line = tu_log_wait (10000);
    if (line)
        soak_say ("   %s", line);
    else
        soak_say ("   no word in the log about the refusal");
    zclock_sleep (1000);
    zsock_destroy (&refusing);
    zcert_destroy (&cert);
    tu_wait_free (port);
    soak_node_t *server = soak_node_new (true, "server", false);
    soak_bind (server, endpoint);
    both_complete (server, client, &count);
    soak_node_destroy (&server);
    soak_node_destroy (&client);
    CHECK (line);
}

/*  The ZAP handler changes its mind. */
static void
zap_then_accepted (void)
{
    zactor_t *auth = zactor_new (zauth, NULL);
    zstr_sendx (auth, "CURVE", tu_dir (), NULL);
    zsock_wait (auth);
    zcert_t *server_cert = zcert_new (), *client_cert = zcert_new ();
    soak_node_t *server = soak_node_new (true, "server", false);
    soak_node_t *client = soak_node_new (true, "client", false);
    soak_command (server, "SET PUBLICKEY", zcert_public_txt (server_cert), NULL);
    soak_command (server, "SET SECRETKEY", zcert_secret_txt (server_cert), NULL);
    soak_command (client, "SET PUBLICKEY", zcert_public_txt (client_cert), NULL);
    soak_command (client, "SET SECRETKEY", zcert_secret_txt (client_cert), NULL);
    int port = soak_bind_tcp (server), count = 0;
    tu_log_start ();
    soak_command (client, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), zcert_public_txt (server_cert));
    const char *line = tu_log_wait (10000);
    soak_say ("   %s", line? line: "no word in the log about the refusal");
    zstr_sendx (auth, "CURVE", CURVE_ALLOW_ANY, NULL);
    zsock_wait (auth);
    both_complete (server, client, &count);
    soak_node_destroy (&client);
    soak_node_destroy (&server);
    zcert_destroy (&server_cert);
    zcert_destroy (&client_cert);
    zactor_destroy (&auth);
    CHECK (line);
}

/*  A cable is pulled while both are quiet, or while one has something to say: the connection is
    given up, and rebuilt when the cable is back. */
static void
half_open (bool client_native, bool server_native)
{
    soak_node_t *server = soak_node_new (server_native, "server", false);
    soak_node_t *client = soak_node_new (client_native, "client", false);
    if (!server_native)
        soak_command (server, "SET", "server/timeout", "0");
    int port = soak_bind_tcp (server), count = 0;
    soak_command (client, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    both_complete (server, client, &count);
    CHECK (is_open (false, (unsigned) port) && is_open (true, (unsigned) port));
    cable (false);
    int by_client = wait_given_up (false, port), by_server = server_native? wait_given_up (true, port): 0;
    cable (true);
    int64_t start = zclock_mono ();
    both_complete (server, client, &count);
    soak_say ("   given up after %d ms by the client, %d ms later by a native server, rebuilt after %lld ms", by_client,
              by_server, (long long) (zclock_mono () - start));
    soak_node_destroy (&client);
    soak_node_destroy (&server);
}

/*  A server that stands still for longer than its own time-out and then goes on: a stock
    one forgets its clients in that moment, whatever they sent meanwhile. */
static void
stalled (pid_t pid, soak_shared_t *shared, int silence)
{
    soak_node_t *client = soak_node_new (true, "client", false);
    soak_wait_word (shared, SERVER_PORT, 1, tu_limit ());
    soak_command (client, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", (int) shared->word [SERVER_PORT]), NULL);
    shared->word [SERVER_PUBLISH]++;
    int held = (int) shared->word [SERVER_PUBLISH];
    soak_wait_count (&client, 1, held);
    kill (pid, SIGSTOP);
    zclock_sleep (silence);
    kill (pid, SIGCONT);
    zclock_sleep (200);
    /*  The client has nothing to say of its own that would reveal it. */
    shared->word [SERVER_PUBLISH]++;
    soak_wait_count (&client, 1, held + 1);
    soak_node_destroy (&client);
}

/*  A server whose time-out is shorter than the PINGs of a client are apart at first. */
static void
strict (int rounds)
{
    soak_node_t *server = soak_node_new (false, "server", false);
    soak_node_t *client = soak_node_new (true, "client", false);
    soak_command (server, "SET", "server/timeout", "200");
    int port = soak_bind_tcp (server), count = 0;
    soak_command (client, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    for (int round = 0; round < rounds; round++) {
        both_complete (server, client, &count);
        zclock_sleep (400);
    }
    soak_node_destroy (&client);
    soak_node_destroy (&server);
}

/*  A client that says HELLO, whose machine then vanishes: the connection is closed, and the session
    is forgotten. */
static void
half_open_forgotten (void)
{
    soak_node_t *server = soak_node_new (true, "server", false);
    int port = soak_bind_tcp (server), fd = tu_zmtp_connect (port);
    tu_log_start ();
    soak_command (server, "VERBOSE", NULL, NULL);
    static const unsigned char hello [] = { 0, 4, 0xaa, 0xa0, 1, 1 };
    CHECK (send (fd, hello, sizeof (hello), MSG_NOSIGNAL) == sizeof (hello));
    wait_logged ("HELLO");
    cable (false);
    soak_say ("   given up after %d ms", wait_given_up (true, port));
    cable (true);
    /*  A ROUTER tells that a client has gone when something is sent to it. */
    soak_publish (server, "key", "value");
    wait_logged ("$ terminate");
    close (fd);
    soak_node_destroy (&server);
    zsys_set_logstream (NULL);
}

static void
mutual (bool other_native)
{
    soak_node_t *one = soak_node_new (true, "one", false);
    soak_node_t *other = soak_node_new (other_native, "other", false);
    if (!other_native)
        soak_command (other, "SET", "server/timeout", "0");
    const char *first = tu_inproc ("one"), *second = tu_inproc ("other");
    soak_command (one, "CONNECT", second, NULL);
    soak_command (other, "CONNECT", first, NULL);
    soak_bind (one, first);
    soak_bind (other, second);
    int count = 0;
    for (int round = 0; round < 20; round++)
        both_complete (one, other, &count);
    soak_node_destroy (&other);
    soak_node_destroy (&one);
}

static bool s_has_cable;

/*  Whether to run a part that pulls the cable. */
static bool
cable_part (const soak_args_t *args, const char *name)
{
    if (!soak_part (args, name))
        return false;
    if (s_has_cable)
        return true;
    soak_say ("   skipped: this process may not have a network of its own");
    if (args->only)
        exit (TU_SKIPPED);
    return false;
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 600);
    s_has_cable = own_network ();
    bool full = args.scale >= 100;
    s_stock_shared = soak_shared_new ();
    s_native_shared = soak_shared_new ();
    s_native_shared->word [SERVER_NATIVE] = 1;
    s_stock_pid = soak_fork (server_process, s_stock_shared, NULL);
    s_native_pid = soak_fork (server_process, s_native_shared, NULL);
    zsys_init ();
    zsys_set_logstream (NULL);
    int rounds = full? 10: 4;
    if (soak_part (&args, "restart-native"))
        restarts (true, "127.0.0.1", rounds, false);
    if (soak_part (&args, "restart-stock"))
        restarts (false, "127.0.0.1", rounds, false);
    if (soak_part (&args, "restart-host-name"))
        restarts (true, "localhost", rounds, true);
    if (soak_part (&args, "restart-host-name-stock"))
        restarts (false, "localhost", rounds, true);
    if (soak_part (&args, "restart-inproc-native"))
        restart_inproc (true, rounds);
    if (soak_part (&args, "restart-inproc-stock"))
        restart_inproc (false, rounds);
    zsys_set_logstream (NULL);
    if (soak_part (&args, "moves"))
        moves ();
    if (soak_part (&args, "oneself"))
        oneself ();
    if (soak_part (&args, "mutual")) {
        mutual (true);
        mutual (false);
    }
    zsys_set_logstream (NULL);
    if (soak_part (&args, "bad-endpoints"))
        bad_endpoints ();
    if (soak_part (&args, "stalled-native"))
        stalled (s_native_pid, s_native_shared, 2500);
    if (cable_part (&args, "half-open-client"))
        half_open (true, false);
    zsys_set_logstream (NULL);
    if (cable_part (&args, "half-open-native"))
        half_open (true, true);
    if (soak_part (&args, "stalled-stock"))
        stalled (s_stock_pid, s_stock_shared, 2500);
    if (soak_part (&args, "strict-stock"))
        strict (full? 20: 5);
    if (cable_part (&args, "half-open-forgotten"))
        half_open_forgotten ();
    zsys_set_logstream (NULL);
    if (soak_part (&args, "wrong-mechanism-plain"))
        refused_then_accepted ("plain");
    if (soak_part (&args, "wrong-mechanism-curve"))
        refused_then_accepted ("curve");
    if (soak_part (&args, "zap-refuses"))
        zap_then_accepted ();
    soak_kill (s_stock_pid);
    soak_kill (s_native_pid);
    return tu_done ();
}
