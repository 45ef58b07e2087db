/*  A star with a stock or a native hub, stock and native leaves mixed: random silences, hub
    restarts, leaf restarts. 20 seconds after the last fault at the latest every living node
    holds every tuple that living nodes published.

    With a native hub that is judged for all nodes. A stock hub forgets whoever is silent for a
    second: a stock leaf then gets no more tuples, and the first ones that it publishes are
    lost. Nobody but those two could mend that, so with a stock hub the stock leaves are
    company only, and what is judged is that the hub and all native leaves hold what the
    hub and the native leaves published. And they publish when they begin only: a stock leaf that
    does after a pause makes T*T messages for T tuples between the two, and as a stock node
    takes no command before the last message, it may take none for minutes.

    A tuple counts from the moment of PUBLISH until its publisher is destroyed: what a node
    had published in an earlier life may or may not have survived. Keys are never used
    again, as two values for one key are another matter (CZMQ issue 1697).

    --only stock|native names the hub. */

#include "soak.h"

#define LEAVES 6
#define NODES  (LEAVES + 1)
#define HUB    0

typedef struct {
    soak_node_t *node;
    int life, published;
    int64_t began, silent_until;
} member_t;

static member_t s_members [NODES];
static bool s_hub_native;
static int s_port;

static bool
is_native (int index)
{
    return index == HUB? s_hub_native: index % 2 == 0;
}

static void
begin (int index)
{
    char name [24];
    snprintf (name, sizeof (name), "n%d", index);
    member_t *self = &s_members [index];
    self->node = soak_node_new (is_native (index), name, true);
    self->life++;
    self->published = 0;
    self->began = zclock_mono ();
    if (index == HUB) {
        tu_wait_free (s_port);
        char endpoint [40];
        snprintf (endpoint, sizeof (endpoint), "tcp://127.0.0.1:%d", s_port);
        soak_bind (self->node, endpoint);
    }
    else {
        char endpoint [40];
        snprintf (endpoint, sizeof (endpoint), "tcp://127.0.0.1:%d", s_port);
        soak_command (self->node, "CONNECT", endpoint, NULL);
    }
}

static void
key_of (char *key, int index, int number)
{
    snprintf (key, 48, "n%d/%d/%d", index, s_members [index].life, number);
}

static void
publish (int index)
{
    if (!s_hub_native && index != HUB && !is_native (index)
    &&  (s_members [index].published || zclock_mono () > s_members [index].began + 300))
        return;
    char key [48];
    key_of (key, index, s_members [index].published++);
    soak_publish (s_members [index].node, key, key);
}

static bool
is_judged (int index)
{
    return s_hub_native || index == HUB || is_native (index);
}

/*  The first tuple that a node lacks although it should not; false when there is none. */
static bool
lacking (int *holder, char *key)
{
    for (int node = 0; node < NODES; node++) {
        if (!is_judged (node))
            continue;
        for (int index = 0; index < NODES; index++) {
            if (!is_judged (index))
                continue;
            for (int number = s_members [index].published; number--; ) {
                key_of (key, index, number);
                if (!soak_value (s_members [node].node, key)) {
                    *holder = node;
                    return true;
                }
            }
        }
    }
    return false;
}

static void
read_all (void)
{
    for (int index = 0; index < NODES; index++)
        if (s_members [index].node)
            soak_node_read (s_members [index].node);
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 240);
    soak_random_t random = { args.seed };
    s_hub_native = !args.only || !streq (args.only, "stock");
    int64_t length = soak_scaled (&args, 60000, 3000);
    zsys_init ();
    zsys_set_logstream (NULL);
    s_port = tu_free_port ();
    for (int index = 0; index < NODES; index++)
        begin (index);

    int64_t start = zclock_mono (), next_fault = start + 500;
    int hub_restarts = 0, leaf_restarts = 0;
    while (zclock_mono () < start + length) {
        int64_t now = zclock_mono ();
        for (int index = 0; index < NODES; index++)
            if (now >= s_members [index].silent_until) {
                for (uint32_t count = 1 + soak_below (&random, 20); count; count--)
                    publish (index);
                /*  Mostly short, at times up to five seconds. */
                s_members [index].silent_until = now + soak_below (&random, soak_below (&random, 2)? 5000: 300);
            }
        if (now >= next_fault) {
            next_fault = now + soak_below (&random, 3000);
            uint32_t what = soak_below (&random, 4);
            int victim = what == 0? HUB: what < 3? 1 + (int) soak_below (&random, LEAVES): -1;
            if (victim == -1) {
                /*  Everybody is silent. */
                int64_t until = now + soak_below (&random, 5000);
                for (int index = 0; index < NODES; index++)
                    s_members [index].silent_until = until;
            }
            else {
                if (victim == HUB)
                    hub_restarts++;
                else
                    leaf_restarts++;
                soak_node_destroy (&s_members [victim].node);
                /*  Away for a while, during which the others go on. */
                int64_t back = zclock_mono () + (soak_below (&random, 2)? soak_below (&random, 2000): 0);
                while (zclock_mono () < back) {
                    for (int index = 0; index < NODES; index++)
                        if (s_members [index].node && soak_below (&random, 40) == 0)
                            publish (index);
                    read_all ();
                    zclock_sleep (10);
                }
                begin (victim);
            }
        }
        read_all ();
        zsys_set_logstream (NULL);
        zclock_sleep (5);
    }
    int64_t end = zclock_mono ();
    /*  Time in which the machine gave us nothing to do with is not held against anybody. */
    int64_t patience = 20000, last = end;
    int holder;
    char key [48];
    while (lacking (&holder, key)) {
        read_all ();
        zclock_sleep (10);
        int64_t now = zclock_mono ();
        if (now - last > 500)
            patience += now - last;
        last = now;
        if (now > end + patience) {
            /*  How much is missing, and where. */
            for (int node = 0; node < NODES; node++) {
                fprintf (stderr, "n%d %s:", node, is_native (node)? "native": "stock ");
                for (int index = 0; index < NODES; index++) {
                    int lacks = 0;
                    for (int number = 0; number < s_members [index].published; number++) {
                        char one [48];
                        key_of (one, index, number);
                        if (!soak_value (s_members [node].node, one))
                            lacks++;
                    }
                    fprintf (stderr, " %d/%d", lacks, s_members [index].published);
                }
                fprintf (stderr, "\n");
            }
            tu_fail (__FILE__, __LINE__, "n%d lacks %s; replay: star --only %s --seed %llu --scale %d", holder, key,
                     s_hub_native? "native": "stock", (unsigned long long) args.seed, args.scale);
        }
    }
    int tuples = 0;
    for (int index = 0; index < NODES; index++)
        tuples += s_members [index].published;
    soak_say ("seed %llu, %s hub: %d tuples of living nodes complete %lld ms after the end; %d hub and %d leaf restarts",
              (unsigned long long) args.seed, s_hub_native? "native": "stock", tuples,
              (long long) (zclock_mono () - end), hub_restarts, leaf_restarts);
    for (int index = NODES - 1; index >= 0; index--)
        soak_node_destroy (&s_members [index].node);
    return tu_done ();
}
