/*  Random scripts, given to CZMQ's actor and to the native one: what can be seen has to be the
    same as long as CZMQ's lives.

        differential [--seed N] [--first N] [--step N] [--count N] [--seconds N]

    A script is made from a number, so that a failure can be had again: --seed N runs
    that one and shows both sides. Each side is a process of its own, the native one with the
    library of ZGOSSIP_LIB preloaded, because CZMQ's actor ends at any frame that it
    does not like. There, the native one has to refuse that same frame, and the script is over. */

#include "script.h"
#include "testutil.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*  CZMQ's actor is known to lose a tuple now and then on a busy machine; the native one must not. */
#define ATTEMPTS 3
/*  Limit of a single wait of a script, in ms. */
#define PATIENCE "30000"

typedef struct {
    pid_t pid;
    int pipe;
    char *text;
    size_t size;
    int status;
} side_t;

static side_t
start_side (uint64_t seed, const char *library)
{
    side_t side = { 0 };
    int ends [2];
    if (pipe (ends) || (side.pid = fork ()) < 0) {
        perror ("differential");
        exit (TU_BROKEN);
    }
    if (side.pid == 0) {
        dup2 (ends [1], STDOUT_FILENO);
        dup2 (ends [1], STDERR_FILENO);
        close (ends [0]);
        close (ends [1]);
        setenv ("ZGOSSIP_TEST_ACTOR", library? "native": "stock", 1);
        setenv ("ZGOSSIP_TEST_DEADLINE", PATIENCE, 1);
        unsetenv ("ZGOSSIP_IGNORE_KEYS");
        if (library)
            setenv ("LD_PRELOAD", library, 1);
        char number [32];
        snprintf (number, sizeof (number), "%llu", (unsigned long long) seed);
        execl ("/proc/self/exe", "differential", "--script", number, (char *) NULL);
        _exit (TU_BROKEN);
    }
    close (ends [1]);
    side.pipe = ends [0];
    return side;
}

static void
finish_side (side_t *side)
{
    size_t max = 1 << 16;
    side->text = (char *) malloc (max + 1);
    ssize_t got;
    while (side->text && (got = read (side->pipe, side->text + side->size, max - side->size)) > 0) {
        side->size += (size_t) got;
        if (side->size == max)
            side->text = (char *) realloc (side->text, (max *= 2) + 1);
    }
    if (!side->text)
        abort ();
    side->text [side->size] = 0;
    close (side->pipe);
    waitpid (side->pid, &side->status, 0);
}

typedef struct {
    int passed, failed, refused;
} sum_t;

static bool
same (const side_t *stock, const side_t *native, sum_t *sum)
{
    if (native->status)
        return false;
    if (WIFSIGNALED (stock->status)) {
        /*  It wrote whole lines until then. */
        return stock->size <= native->size && !memcmp (stock->text, native->text, stock->size);
    }
    bool equal = !stock->status && !strcmp (stock->text, native->text);
    sum->refused += equal && strstr (native->text, SCRIPT_REFUSED) != NULL;
    return equal;
}

/*  Where the two part, with a few lines before. */
static void
show_difference (const side_t *stock, const side_t *native)
{
    size_t same = 0, before = 0;
    while (stock->text [same] && stock->text [same] == native->text [same])
        same++;
    for (int lines = 0; same && lines < 8; lines += stock->text [same] == '\n')
        same--;
    before = same? same + 1: 0;
    printf ("-- CZMQ's actor (status %d) ...\n%.3000s\n-- the native one (status %d) ...\n%.3000s\n--\n",
            stock->status, stock->text + before, native->status, native->text + before);
}

static void
compare (uint64_t seed, const char *library, bool verbose, sum_t *sum)
{
    side_t stock = start_side (seed, NULL), native = start_side (seed, library);
    finish_side (&stock);
    finish_side (&native);
    bool equal = same (&stock, &native, sum);
    for (int attempt = 1; !equal && !native.status && attempt < ATTEMPTS; attempt++) {
        free (stock.text);
        stock = start_side (seed, NULL);
        finish_side (&stock);
        equal = same (&stock, &native, sum);
    }
    sum->passed += equal;
    sum->failed += !equal;
    if (!equal)
        printf ("FAIL seed %llu\n", (unsigned long long) seed);
    if (!equal && !verbose)
        show_difference (&stock, &native);
    if (verbose)
        printf ("-- CZMQ's actor (status %d):\n%s-- the native one (status %d):\n%s--\n",
                stock.status, stock.text, native.status, native.text);
    fflush (stdout);
    free (stock.text);
    free (native.text);
}

int
main (int argc, char **argv)
{
    uint64_t first = 1, step = 1, count = UINT64_MAX, seconds = 40;
    bool verbose = false;
    for (int index = 1; index + 1 < argc; index += 2) {
        uint64_t number = strtoull (argv [index + 1], NULL, 10);
        if (streq (argv [index], "--script"))
            script_run (number);
        if (streq (argv [index], "--seed"))
            first = number, count = 1, verbose = true;
        else
        if (streq (argv [index], "--first"))
            first = number;
        else
        if (streq (argv [index], "--step"))
            step = number;
        else
        if (streq (argv [index], "--count"))
            count = number;
        else
        if (streq (argv [index], "--seconds"))
            seconds = number;
        else {
            fprintf (stderr, "differential: unknown option %s\n", argv [index]);
            return 2;
        }
    }
    const char *library = getenv ("ZGOSSIP_LIB");
    if (!library || !*library) {
        fprintf (stderr, "differential: ZGOSSIP_LIB names no library\n");
        return TU_BROKEN;
    }
    sum_t sum = { 0 };
    int64_t until = zclock_mono () + (int64_t) seconds * 1000;
    for (uint64_t seed = first; seed - first < count && zclock_mono () < until; seed += step)
        compare (seed, library, verbose, &sum);
    printf ("refused %d\n", sum.refused);
    printf ("%d passed, %d failed\n", sum.passed, sum.failed);
    return sum.failed || !sum.passed;
}
