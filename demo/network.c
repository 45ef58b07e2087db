/*
 * A network of gossip nodes, and who knows what while it comes together.
 *
 * Eight nodes live in four processes and are linked over inproc, ipc and tcp; four of the links
 * form a cycle. Each node publishes one tuple, the port of a service. Tables show which node
 * knows which of them: before there are links, with links inside the processes only, with all
 * links, after a node has come late, and after a service has moved.
 *
 * The processes that hold the nodes use CZMQ's API and nothing else (see host_main). The one that
 * shows the tables has no node. It starts the others, writes commands to their standard input
 * and reads from their standard output what the nodes answer and deliver; both in lines,
 *
 *     node word word ...
 *
 * which are the messages of the node's actor.
 */

#include <czmq.h>
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#define WORDS 16                /* in a line, at most */
#define NODES 8
#define DEADLINE 10000          /* msecs to wait for anything */

/* Lines cut out of what read() brings. */
typedef struct {
    int fd;
    size_t used;
    char text [4096];
} lines_t;

/* Read once, and hand each complete line to the handler, in words. Returns false at the end. */
static bool
lines_read (lines_t *self, void (*handler) (void *arg, int count, char **words), void *arg)
{
    ssize_t size = read (self->fd, self->text + self->used, sizeof self->text - 1 - self->used);
    char *line = self->text, *end, *word, *words [WORDS];
    int count;

    if (size <= 0)
        return size < 0 && errno == EINTR;
    self->used += (size_t) size;
    self->text [self->used] = 0;
    while ((end = strchr (line, '\n'))) {
        *end = 0;
        count = 0;
        for (word = strtok (line, " "); word && count < WORDS; word = strtok (NULL, " "))
            words [count++] = word;
        handler (arg, count, words);
        line = end + 1;
    }
    self->used -= (size_t) (line - self->text);
    memmove (self->text, line, self->used);
    return true;
}

/* ------------------------------------------------------------------------------------------
 * A process that holds nodes
 */

typedef struct {
    zloop_t *loop;
    lines_t commands;
    int count;
    struct {
        char name [16];
        zactor_t *actor;
    } nodes [NODES];
} host_t;

/* What a node says goes out as a line. */
static int
host_on_node (zloop_t *loop, zsock_t *pipe, void *name)
{
    zmsg_t *message = zmsg_recv (pipe);
    char *word;

    (void) loop;
    if (!message)
        return -1;
    printf ("%s", (char *) name);
    while ((word = zmsg_popstr (message))) {
        printf (" %s", word);
        free (word);
    }
    printf ("\n");
    fflush (stdout);
    zmsg_destroy (&message);
    return 0;
}

/* A line is a command for a node, which is created when it is first named. */
static void
host_on_line (void *arg, int count, char **words)
{
    host_t *self = (host_t *) arg;
    zmsg_t *message;
    int node = 0, index;

    if (count < 2)
        return;
    while (node < self->count && strcmp (words [0], self->nodes [node].name) != 0)
        node++;
    if (node == NODES)
        return;
    if (node == self->count) {
        self->count++;
        snprintf (self->nodes [node].name, sizeof self->nodes [node].name, "%s", words [0]);
        self->nodes [node].actor = zactor_new (zgossip, words [0]);
        assert (self->nodes [node].actor);
        zloop_reader (self->loop, zactor_sock (self->nodes [node].actor), host_on_node,
            self->nodes [node].name);
    }
    message = zmsg_new ();
    for (index = 1; index < count; index++)
        zmsg_addstr (message, words [index]);
    zactor_send (self->nodes [node].actor, &message);
}

static int
host_on_input (zloop_t *loop, zmq_pollitem_t *item, void *arg)
{
    host_t *self = (host_t *) arg;

    (void) loop;
    (void) item;
    return lines_read (&self->commands, host_on_line, self) ? 0 : -1;
}

/* Whose zgossip is this process running? Only this question knows that there are several. */
static const char *
host_version (void)
{
    const char *(*version) (void);
    void *address = dlsym (RTLD_DEFAULT, "zgossip_version");

    if (!address)
        return "CZMQ's own zgossip";
    memcpy (&version, &address, sizeof version);
    return version ();
}

static int
host_main (void)
{
    static host_t self;
    zmq_pollitem_t input = { NULL, STDIN_FILENO, ZMQ_POLLIN, 0 };

    self.commands.fd = STDIN_FILENO;
    self.loop = zloop_new ();
    assert (self.loop);
    printf ("VERSION %s\n", host_version ());
    fflush (stdout);
    zloop_poller (self.loop, &input, host_on_input, &self);
    zloop_start (self.loop);

    zloop_destroy (&self.loop);
    while (self.count > 0)
        zactor_destroy (&self.nodes [--self.count].actor);
    return 0;
}

/* ------------------------------------------------------------------------------------------
 * The process that shows the tables
 */

#define HOSTS 4

static const struct {
    const char *name;
    int host;
    const char *key, *value;
} s_nodes [NODES] = {
    { "ada", 0, "auth",   ":636" },
    { "bob", 0, "mail",   ":25" },
    { "cyd", 0, "cache",  ":6379" },
    { "dan", 1, "web",    ":80" },
    { "eve", 1, "logs",   ":514" },
    { "fay", 2, "db",     ":5432" },
    { "gus", 2, "jobs",   ":4730" },
    { "hal", 3, "backup", ":873" },
};
enum { ADA, BOB, CYD, DAN, EVE, FAY, GUS, HAL };

static const char *s_picture =
    "  bob .... ada ==== dan .... eve       .... inproc   process 1: ada bob cyd\n"
    "          .   \\\\                       ---- ipc      process 2: dan eve\n"
    "       cyd     gus                     ==== tcp      process 3: fay gus\n"
    "          \\   .                                      process 4: hal, later\n"
    "           fay ==== hal\n";

static struct {
    pid_t pid;
    int commands;               /* its standard input */
    lines_t answers;            /* its standard output */
} s_hosts [HOSTS];

static char s_known [NODES][NODES][16];     /* by node, by tuple: what it was delivered */
static char s_shown [NODES][NODES][16];     /* the same when the last table was printed */
static char s_current [NODES][16];          /* what the owner published last */
static bool s_reach [NODES][NODES];         /* is there a way over the links made so far? */
static bool s_exists [NODES];
static char s_answer [64];                  /* of the last PORT or STATUS */
static char s_version [100];
static char s_dir [] = "/tmp/zgossip-demo-XXXXXX";
static pid_t s_director;
static bool s_colors;
static volatile sig_atomic_t s_interrupted;

static void
on_signal (int number)
{
    (void) number;
    s_interrupted = 1;
}

/* End of input is what ends the other processes; one that does not end is ended. */
static void
clean_up (void)
{
    char path [64];
    int host;

    if (getpid () != s_director)
        return;
    for (host = 0; host < HOSTS && s_hosts [host].pid > 0; host++) {
        close (s_hosts [host].commands);
        close (s_hosts [host].answers.fd);
    }
    while (host-- > 0) {
        int left = 2000;
        while (waitpid (s_hosts [host].pid, NULL, WNOHANG) == 0) {
            if (left-- == 0)
                kill (s_hosts [host].pid, SIGKILL);
            zclock_sleep (1);
        }
    }
    snprintf (path, sizeof path, "%s/%s", s_dir, s_nodes [CYD].name);
    unlink (path);
    rmdir (s_dir);
}

static void
give_up (const char *what)
{
    fflush (stdout);
    fprintf (stderr, "%s: %s\n", s_interrupted ? "interrupted" : "demo failed", what);
    exit (1);
}

static void
start_host (const char *program, int host)
{
    int down [2], up [2];
    pid_t pid;

    if (pipe (down) != 0 || pipe (up) != 0 || (pid = fork ()) < 0)
        give_up (strerror (errno));
    if (pid == 0) {
        /* What other processes are told must end with them, not with this one. */
        int other;
        for (other = 0; other < host; other++)
            close (s_hosts [other].commands);
        signal (SIGPIPE, SIG_DFL);
        dup2 (down [0], STDIN_FILENO);
        dup2 (up [1], STDOUT_FILENO);
        close (down [0]);
        close (down [1]);
        close (up [0]);
        close (up [1]);
        execl (program, program, "host", (char *) NULL);
        _exit (127);
    }
    close (down [0]);
    close (up [1]);
    s_hosts [host].pid = pid;
    s_hosts [host].commands = down [1];
    s_hosts [host].answers.fd = up [0];
}

/* Send a command to a node. */
static void
tell (int node, const char *format, ...)
{
    char line [256];
    int size = snprintf (line, sizeof line, "%s ", s_nodes [node].name);
    va_list args;

    va_start (args, format);
    vsnprintf (line + size, sizeof line - (size_t) size - 1, format, args);
    va_end (args);
    strcat (line, "\n");
    size = (int) strlen (line);
    if (write (s_hosts [s_nodes [node].host].commands, line, (size_t) size) != size)
        give_up ("a process with nodes has gone");
}

/* Something that a node said. */
static void
on_answer (void *arg, int count, char **words)
{
    int node = 0, tuple = 0, word;

    (void) arg;
    if (count > 0 && strcmp (words [0], "VERSION") == 0) {
        for (s_version [0] = 0, word = 1; word < count; word++)
            snprintf (s_version + strlen (s_version), sizeof s_version - strlen (s_version),
                "%s%s", word > 1 ? " " : "", words [word]);
        return;
    }
    while (node < NODES && count > 0 && strcmp (words [0], s_nodes [node].name) != 0)
        node++;
    if (node == NODES || count < 3)
        return;
    if (count == 4 && strcmp (words [1], "DELIVER") == 0) {
        while (tuple < NODES && strcmp (words [2], s_nodes [tuple].key) != 0)
            tuple++;
        if (tuple < NODES)
            snprintf (s_known [node][tuple], sizeof s_known [0][0], "%s", words [3]);
    }
    else
        snprintf (s_answer, sizeof s_answer, "%s", words [2]);
}

/* Read what the nodes say until the condition holds. */
static void
wait_until (bool (*condition) (void), const char *what)
{
    struct pollfd items [HOSTS];
    int64_t deadline = zclock_mono () + DEADLINE;
    int host;

    while (!condition ()) {
        int64_t left = deadline - zclock_mono ();
        if (left <= 0 || s_interrupted)
            give_up (what);
        for (host = 0; host < HOSTS; host++) {
            items [host].fd = s_hosts [host].answers.fd;
            items [host].events = POLLIN;
        }
        if (poll (items, HOSTS, (int) left) <= 0)
            continue;
        for (host = 0; host < HOSTS; host++)
            if (items [host].revents
            && !lines_read (&s_hosts [host].answers, on_answer, NULL))
                give_up ("a process with nodes has ended");
    }
}

static bool
is_answered (void)
{
    return s_answer [0] != 0;
}

/* Ask a node; the answer comes after all earlier commands have been carried out. */
static const char *
ask (int node, const char *question)
{
    s_answer [0] = 0;
    tell (node, "%s", question);
    wait_until (is_answered, "no answer from a node");
    return s_answer;
}

/* Does every node know the current value of every tuple that can get to it? */
static bool
is_settled (void)
{
    int node, tuple;

    for (node = 0; node < NODES; node++)
        for (tuple = 0; tuple < NODES; tuple++)
            if (s_exists [tuple] && s_reach [node][tuple]
            && strcmp (s_known [node][tuple], s_current [tuple]) != 0)
                return false;
    return true;
}

static void
create (int node)
{
    s_exists [node] = s_reach [node][node] = true;
}

static void
publish (int node, const char *value)
{
    snprintf (s_current [node], sizeof s_current [0], "%s", value);
    tell (node, "PUBLISH %s %s", s_nodes [node].key, value);
}

/* Make a link, and note who can now be reached from where. */
static void
link_nodes (int from, int to, const char *endpoint)
{
    int left, right;

    tell (from, "CONNECT %s", endpoint);
    for (left = 0; left < NODES; left++)
        for (right = 0; right < NODES; right++)
            if ((s_reach [left][from] && s_reach [to][right])
            || (s_reach [left][to] && s_reach [from][right]))
                s_reach [left][right] = true;
}

static void
link_inproc (int from, int to)
{
    char endpoint [64];

    snprintf (endpoint, sizeof endpoint, "inproc://%s", s_nodes [to].name);
    tell (to, "BIND %s", endpoint);
    link_nodes (from, to, endpoint);
}

static void
link_ipc (int from, int to)
{
    char endpoint [64];

    snprintf (endpoint, sizeof endpoint, "ipc://%s/%s", s_dir, s_nodes [to].name);
    tell (to, "BIND %s", endpoint);
    ask (to, "STATUS");
    link_nodes (from, to, endpoint);
}

static void
link_tcp (int from, int to)
{
    char endpoint [64];

    tell (to, "BIND tcp://127.0.0.1:*");
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%.5s", ask (to, "PORT"));
    link_nodes (from, to, endpoint);
}

static const char *
color (const char *sequence)
{
    return s_colors ? sequence : "";
}

/* Who knows what. What is new since the last table stands out where there are colors, and what
   has changed has a star. */
static void
print_table (void)
{
    int node, tuple, known = 0, all = 0;

    printf ("\n  %s      ", color ("\033[1m"));
    for (tuple = 0; tuple < NODES; tuple++)
        printf (tuple < NODES - 1 ? " %-7s" : " %s", s_nodes [tuple].key);
    printf ("%s\n", color ("\033[0m"));
    for (node = 0; node < NODES; node++) {
        if (!s_exists [node])
            continue;
        printf ("  %s%-6s%s", color ("\033[1m"), s_nodes [node].name, color ("\033[0m"));
        for (tuple = 0; tuple < NODES; tuple++) {
            const char *value = s_known [node][tuple], *shown = s_shown [node][tuple];
            bool is_new = strcmp (value, shown) != 0;
            char cell [20];
            snprintf (cell, sizeof cell, "%s%s", value [0] ? value : ".",
                is_new && shown [0] ? "*" : "");
            printf (" %s", color (is_new ? "\033[32m" : value [0] ? "" : "\033[2m"));
            printf (tuple < NODES - 1 ? "%-7s" : "%s", cell);
            printf ("%s", color ("\033[0m"));
            known += value [0] != 0;
            all += s_exists [tuple];
        }
        printf ("\n");
    }
    memcpy (s_shown, s_known, sizeof s_shown);
    printf ("  %d of %d known\n\n", known, all);
    fflush (stdout);
}

/* Wait until nothing more can be learned over the links there are, and show it. */
static void
settle (const char *what)
{
    static int64_t start;

    wait_until (is_settled, "the nodes do not agree in time");
    if (start)
        printf ("%s (%d ms)\n", what, (int) (zclock_mono () - start));
    else
        printf ("%s\n", what);
    print_table ();
    /* For the eye: a moment to look, where somebody does. */
    if (s_colors)
        zclock_sleep (1000);
    start = zclock_mono ();
}

static bool
is_version_known (void)
{
    return s_version [0] != 0;
}

static void
prepare (const char *program)
{
    struct sigaction action;
    int host;

    memset (&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction (SIGINT, &action, NULL);
    sigaction (SIGTERM, &action, NULL);
    signal (SIGPIPE, SIG_IGN);
    s_colors = isatty (STDOUT_FILENO) && !getenv ("NO_COLOR");
    s_director = getpid ();
    if (!mkdtemp (s_dir))
        give_up (strerror (errno));
    atexit (clean_up);
    for (host = 0; host < HOSTS; host++)
        start_host (program, host);
    wait_until (is_version_known, "the processes do not start");
}

int
main (int argc, char **argv)
{
    char all [8];
    int node;

    if (argc > 1 && strcmp (argv [1], "host") == 0)
        return host_main ();

    prepare (argv [0]);
    printf ("%s: %d nodes in %d processes\n\n%s\n", s_version, NODES, HOSTS, s_picture);

    for (node = ADA; node < HAL; node++) {
        create (node);
        publish (node, s_nodes [node].value);
    }
    settle ("1. No links yet: each node knows what it published itself");

    link_inproc (BOB, ADA);
    link_inproc (CYD, ADA);
    link_inproc (EVE, DAN);
    link_inproc (FAY, GUS);
    settle ("2. Links inside the processes: islands");

    link_ipc (FAY, CYD);
    link_tcp (DAN, ADA);
    link_tcp (GUS, ADA);
    settle ("3. Links between the processes: one network, with a cycle");

    create (HAL);
    link_tcp (HAL, FAY);
    publish (HAL, s_nodes [HAL].value);
    settle ("4. hal comes late, and brings a backup service");

    publish (FAY, ":5433");
    settle ("5. fay's database moves to another port");

    /* The tables show what was delivered; this is what the nodes hold. */
    snprintf (all, sizeof all, "%d", NODES);
    for (node = 0; node < NODES; node++)
        if (strcmp (ask (node, "STATUS"), all) != 0)
            give_up ("a node holds another number of tuples");
    printf ("All %d nodes hold the same %d tuples.\n", NODES, NODES);
    return 0;
}
