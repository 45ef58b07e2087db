/*  The frame of a program: its beginning and end, how it fails, its watchdog, its threads. */

#include "internal.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

static const char *s_file = __FILE__;   /*  Who called a helper last */
static int s_line;
static int s_limit = 20000;

_Noreturn void
tu_fail (const char *file, int line, const char *format, ...)
{
    const char *base = strrchr (file, '/');
    fflush (stdout);
    fprintf (stderr, "%s:%d: failed: ", base? base + 1: file, line);
    va_list args;
    va_start (args, format);
    vfprintf (stderr, format, args);
    va_end (args);
    fprintf (stderr, "\n");
    const char *log = tu_log_whole ();
    if (log && *log)
        fprintf (stderr, "log was:\n%s", log);
    tu_remove_dir ();
    /*  No exit handlers: CZMQ's would wait for actors that may be stuck. */
    _exit (TU_FAILED);
}

_Noreturn void
tu_fail_call (const char *format, ...)
{
    va_list args;
    va_start (args, format);
    tu_fail (s_file, s_line, "%s", tu_vprintf (format, args));
}

_Noreturn void
tu_broken (const char *what)
{
    fprintf (stderr, "test cannot run: %s%s%s\n", what, errno? ": ": "", errno? strerror (errno): "");
    tu_remove_dir ();
    _exit (TU_BROKEN);
}

void
tu_at (const char *file, int line)
{
    s_file = file;
    s_line = line;
}

void
tu_check_int (const char *file, int line, const char *what, long long actual, long long expected)
{
    if (actual != expected)
        tu_fail (file, line, "%s is %lld, expected %lld", what, actual, expected);
}

void
tu_check_str (const char *file, int line, const char *what, const char *actual, const char *expected)
{
    if (!actual || !expected || !streq (actual, expected))
        tu_fail (file, line, "%s is %s, expected %s", what,
                 actual? actual: "(nothing)", expected? expected: "(nothing)");
}

static void
watchdog (int signal_nbr)
{
    (void) signal_nbr;
    static const char text [] = "watchdog: the program hangs\n";
    ssize_t rc = write (STDERR_FILENO, text, sizeof (text) - 1);
    (void) rc;
    _exit (TU_WATCHDOG);
}

void
tu_watchdog (unsigned seconds)
{
    struct sigaction action = { 0 };
    action.sa_handler = watchdog;
    sigaction (SIGALRM, &action, NULL);
    alarm (seconds);
}

/*  A preload or a link order that does not take effect is silent, and then every
    test would try the wrong actor: check which one this program got. */
static void
check_actor (void)
{
    const char *expected = getenv ("ZGOSSIP_TEST_ACTOR");
    if (!expected || !*expected)
        return;
    void *version = dlsym (RTLD_DEFAULT, "zgossip_version");
    void *actor = dlsym (RTLD_DEFAULT, "zgossip");
    Dl_info of_version, of_actor;
    bool native = version && actor && dladdr (version, &of_version) && dladdr (actor, &of_actor)
             && of_version.dli_fbase == of_actor.dli_fbase;
    if (native != streq (expected, "native")) {
        errno = 0;
        tu_broken (native? "this is the native actor": "this is the stock actor");
    }
}

void
tu_start (void)
{
    const char *limit = getenv ("ZGOSSIP_TEST_DEADLINE");
    if (limit && atoi (limit) > 0)
        s_limit = atoi (limit);
    setvbuf (stdout, NULL, _IOLBF, 0);
    tu_watchdog ((unsigned) (s_limit / 1000 * 9 / 2 + 10));
    check_actor ();
    zsys_init ();
}

int
tu_done (void)
{
    /*  zactor_destroy returns a moment before the actor's thread has closed its pipe, and CZMQ's
        exit handler waits for that too short a time for a busy machine. What is left then are
        the main thread and two of libzmq's, or threads that the test means to leave behind. */
    int64_t until = zclock_mono () + s_limit / 8;
    while (tu_threads () > 3 && zclock_mono () < until)
        zclock_sleep (5);
    tu_log_end ();
    tu_remove_dir ();
    tu_free_kept ();
    return 0;
}

void
tu_need_name (const char *name)
{
    struct addrinfo *addresses = NULL;
    if (getaddrinfo (name, NULL, NULL, &addresses)) {
        printf ("skipped: %s does not resolve here\n", name);
        fflush (stdout);
        tu_remove_dir ();
        _exit (TU_SKIPPED);
    }
    freeaddrinfo (addresses);
}

int
tu_limit (void)
{
    return s_limit;
}

int64_t
tu_deadline (void)
{
    return zclock_mono () + s_limit;
}

int
tu_entries (const char *path)
{
    DIR *dir = opendir (path);
    if (!dir)
        tu_broken (path);
    int count = 0;
    for (struct dirent *entry = readdir (dir); entry; entry = readdir (dir))
        if (entry->d_name [0] != '.')
            count++;
    closedir (dir);
    return count;
}

int
tu_threads (void)
{
    return tu_entries ("/proc/self/task");
}

long
tu_resident_kb (pid_t pid)
{
    char path [64];
    snprintf (path, sizeof (path), "/proc/%d/statm", (int) pid);
    FILE *file = fopen (path, "r");
    long total = 0, resident = 0;
    CHECK (file && fscanf (file, "%ld %ld", &total, &resident) == 2);
    fclose (file);
    return resident * (sysconf (_SC_PAGESIZE) / 1024);
}

bool
tu_wait_threads (int most)
{
    int64_t until = tu_deadline ();
    while (tu_threads () > most) {
        if (zclock_mono () > until)
            return false;
        zclock_sleep (10);
    }
    return true;
}
