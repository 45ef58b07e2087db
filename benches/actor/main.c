/*  bench [--limit] [--quick] CASE [ARGUMENT ...]: measure once.
    Each result is a line: what, unit and value, with tabs between. */

#include "bench.h"
#include <sys/resource.h>

static void prepare (void)
{
    struct rlimit limit;
    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 20000? limit.rlim_max: 20000;
    setrlimit (RLIMIT_NOFILE, &limit);
    alarm (600);                    //  whatever hangs
}

int main (int argc, char *argv [])
{
    int at = 1;
    for (; at < argc && argv [at][0] == '-'; at++)
        if (streq (argv [at], "--limit"))
            limit_mode = true;
        else
        if (streq (argv [at], "--quick"))
            quick_mode = true;
    const char *name = at < argc? argv [at++]: "";
    const char *text = at < argc? argv [at]: "";
    size_t number = at < argc? (size_t) atol (argv [argc - 1]): 0;
    prepare ();
    //  The number of nodes under CZMQ's default of sockets is a result of its own.
    if (strneq (name, "most-nodes"))
        zsys_set_max_sockets (20000);

    if (streq (name, "publish"))
        case_publish ();
    else
    if (streq (name, "sync"))
        case_sync ();
    else
    if (streq (name, "fan-out"))
        case_fan_out (text, number);
    else
    if (streq (name, "leaf"))
        case_leaf (number);
    else
    if (streq (name, "mesh"))
        case_mesh (number);
    else
    if (streq (name, "chain"))
        case_chain ();
    else
    if (streq (name, "hub"))
        case_hub (text, number);
    else
    if (streq (name, "memory"))
        case_memory (number);
    else
    if (streq (name, "idle"))
        case_idle (text);
    else
    if (streq (name, "most-nodes"))
        case_most_nodes ();
    else
    if (streq (name, "reconnect"))
        case_reconnect (number);
    else {
        fprintf (stderr, "bench: no case '%s'\n", name);
        return 2;
    }
    return 0;
}
