/*  Connections on which nobody says anything, ten thousand of them at the bar: what they cost the server,
    and how long a new client waits among them. */

#include "soak.h"
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT };

static void
server_process (soak_shared_t *shared, void *args)
{
    (void) args;
    zsys_init ();
    soak_node_t *server = soak_node_new (true, "server", false);
    soak_publish (server, "key", "value");
    shared->word [PORT] = soak_bind_tcp (server);
    for (;;) {
        soak_node_read (server);
        zclock_sleep (100);
    }
}

/*  As many as this system allows, if there may not be so many connections as wanted. */
static int
descriptors_for (int wanted)
{
    struct rlimit limit;
    CHECK (getrlimit (RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    CHECK (setrlimit (RLIMIT_NOFILE, &limit) == 0);
    return limit.rlim_cur < (rlim_t) wanted + 200? (int) limit.rlim_cur - 200: wanted;
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 300);
    int count = descriptors_for ((int) soak_scaled (&args, 10000, 200));
    soak_shared_t *shared = soak_shared_new ();
    pid_t server = soak_fork (server_process, shared, NULL);
    soak_wait_word (shared, PORT, 1, tu_limit ());
    int port = (int) shared->word [PORT];
    int *connections = zmalloc ((size_t) count * sizeof (int));
    /*  ZMTP: a frame of four bytes, HELLO. */
    static const unsigned char hello [] = { 0, 4, 0xaa, 0xa0, 1, 1 };
    int64_t start = zclock_mono ();
    for (int number = 0; number < count; number++) {
        connections [number] = tu_zmtp_connect (port);
        CHECK (send (connections [number], hello, sizeof (hello), MSG_NOSIGNAL) == sizeof (hello));
    }
    soak_say ("   %d connections within %lld ms", count, (long long) (zclock_mono () - start));

    /*  Past the end of their sessions, over several heartbeats and looks at all connections. */
    zclock_sleep (2000);
    int64_t before = soak_cpu_ms (server);
    start = zclock_mono ();
    zclock_sleep (10000);
    double share = (double) (soak_cpu_ms (server) - before) / (double) (zclock_mono () - start);
    soak_say ("   %.1f %% of a core", share * 100);

    zsys_init ();
    start = zclock_mono ();
    soak_node_t *client = soak_node_new (true, "client", false);
    soak_command (client, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
    soak_wait_count (&client, 1, 1);
    int64_t waited = zclock_mono () - start;
    soak_say ("   a new client has the set after %lld ms", (long long) waited);
    soak_node_destroy (&client);
    for (int number = 0; number < count; number++)
        close (connections [number]);
    free (connections);
    soak_kill (server);
    if (soak_memory_counts ())
        CHECK (share <= 0.10);
    /*  The bar; otherwise a busy machine may take its time. */
    if (args.scale >= 100)
        CHECK (waited <= 1000);
    return tu_done ();
}
