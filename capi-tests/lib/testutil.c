/*  Helpers shared by the C tests of libzgossip, see testutil.h. */

#define TU_IMPLEMENTATION
#include "testutil.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/*  Frames longer than this are shown as size and checksum. */
#define FRAME_SHOWN 300

static const char *s_file = __FILE__;   /*  Who called a helper last */
static int s_line;
static int s_limit = 20000;
static char s_dir [200];
static char *s_log_path;
static FILE *s_log;             /*  What the process logs to */
static FILE *s_log_reader;
static int s_stdout = -1;       /*  The true stdout while it is collected */

/*  Strings handed out. They stay reachable from here, so that a leak checker
    reports the leaks of the library only. */
static char **s_kept;
static size_t s_kept_nbr, s_kept_max;

static struct { const char *text, *shown; } s_hidden [32];
static int s_hidden_nbr;

static const char *
keep (char *text)
{
    if (s_kept_nbr == s_kept_max) {
        s_kept_max = s_kept_max? s_kept_max * 2: 64;
        s_kept = (char **) realloc (s_kept, s_kept_max * sizeof (char *));
    }
    if (!s_kept || !text)
        abort ();
    s_kept [s_kept_nbr++] = text;
    return text;
}

const char *
tu_printf (const char *format, ...)
{
    va_list args;
    va_start (args, format);
    char *text = NULL;
    if (vasprintf (&text, format, args) < 0)
        abort ();
    va_end (args);
    return keep (text);
}

static int
remove_one (const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
    (void) stat;
    (void) type;
    (void) ftw;
    return remove (path);
}

static void
remove_dir (void)
{
    if (s_dir [0])
        nftw (s_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    s_dir [0] = 0;
}

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
    if (s_log_path) {
        const char *log = tu_slurp (s_log_path);
        if (log && *log)
            fprintf (stderr, "log was:\n%s", log);
    }
    remove_dir ();
    /*  No exit handlers: CZMQ's would wait for actors that may be stuck. */
    _exit (TU_FAILED);
}

static _Noreturn void
broken (const char *what)
{
    fprintf (stderr, "test cannot run: %s%s%s\n", what, errno? ": ": "", errno? strerror (errno): "");
    remove_dir ();
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

/* ---- a program's frame ---- */

static void
watchdog (int signal_nbr)
{
    (void) signal_nbr;
    static const char text [] = "watchdog: the program hangs\n";
    ssize_t rc = write (STDERR_FILENO, text, sizeof (text) - 1);
    (void) rc;
    _exit (TU_WATCHDOG);
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
    bool ours = version && actor && dladdr (version, &of_version) && dladdr (actor, &of_actor)
             && of_version.dli_fbase == of_actor.dli_fbase;
    if (ours != streq (expected, "ours")) {
        errno = 0;
        broken (ours? "this is the actor of libzgossip": "this is the stock actor");
    }
}

void
tu_start (void)
{
    const char *limit = getenv ("ZGOSSIP_TEST_DEADLINE");
    if (limit && atoi (limit) > 0)
        s_limit = atoi (limit);
    setvbuf (stdout, NULL, _IOLBF, 0);

    struct sigaction action = { 0 };
    action.sa_handler = watchdog;
    sigaction (SIGALRM, &action, NULL);
    alarm ((unsigned) (s_limit / 1000 * 9 / 2 + 10));
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
    if (s_log) {
        zsys_set_logstream (stdout);
        fclose (s_log);
        fclose (s_log_reader);
        s_log = NULL;
    }
    remove_dir ();
    for (size_t index = 0; index < s_kept_nbr; index++)
        free (s_kept [index]);
    free (s_kept);
    s_kept = NULL;
    s_kept_nbr = s_kept_max = 0;
    return 0;
}

void
tu_need_name (const char *name)
{
    struct addrinfo *addresses = NULL;
    if (getaddrinfo (name, NULL, NULL, &addresses)) {
        printf ("skipped: %s does not resolve here\n", name);
        fflush (stdout);
        remove_dir ();
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

void
tu_hide (const char *text, const char *shown)
{
    CHECK (s_hidden_nbr < (int) (sizeof (s_hidden) / sizeof (s_hidden [0])));
    s_hidden [s_hidden_nbr].text = tu_printf ("%s", text);
    s_hidden [s_hidden_nbr++].shown = tu_printf ("%s", shown);
}

static const char *
hidden (const char *text)
{
    for (int index = 0; index < s_hidden_nbr; index++) {
        const char *found;
        while ((found = strstr (text, s_hidden [index].text)) != NULL)
            text = tu_printf ("%.*s%s%s", (int) (found - text), text,
                              s_hidden [index].shown, found + strlen (s_hidden [index].text));
    }
    return text;
}

void
tu_out (const char *format, ...)
{
    va_list args;
    va_start (args, format);
    char *text = NULL;
    if (vasprintf (&text, format, args) < 0)
        abort ();
    va_end (args);
    puts (hidden (keep (text)));
}

/* ---- places ---- */

const char *
tu_dir (void)
{
    if (!s_dir [0]) {
        const char *parent = getenv ("TMPDIR");
        snprintf (s_dir, sizeof (s_dir), "%s/zgossip-XXXXXX", parent && *parent? parent: "/tmp");
        if (!mkdtemp (s_dir)) {
            s_dir [0] = 0;
            broken ("temporary directory");
        }
        tu_hide (s_dir, "$TMP");
    }
    return s_dir;
}

const char *
tu_path (const char *name)
{
    return tu_printf ("%s/%s", tu_dir (), name);
}

const char *
tu_file (const char *name, const char *content)
{
    const char *path = tu_path (name);
    /*  Whole or not at all: a node may be watching the file. */
    const char *part = tu_path ("part");
    FILE *file = fopen (part, "w");
    if (!file || fputs (content, file) < 0 || fclose (file) || rename (part, path))
        broken (path);
    return path;
}

const char *
tu_slurp (const char *path)
{
    FILE *file = fopen (path, "r");
    if (!file)
        return NULL;
    size_t size = 0, max = 4096;
    char *text = (char *) malloc (max + 1);
    size_t got;
    while (text && (got = fread (text + size, 1, max - size, file)) > 0) {
        size += got;
        if (size == max)
            text = (char *) realloc (text, (max *= 2) + 1);
    }
    fclose (file);
    if (!text)
        abort ();
    text [size] = 0;
    return keep (text);
}

static int s_places;

const char *
tu_inproc (const char *name)
{
    return tu_printf ("inproc://%s-%d", name, ++s_places);
}

const char *
tu_ipc (const char *name)
{
    return tu_printf ("ipc://%s/%s-%d", tu_dir (), name, ++s_places);
}

/*  Below the range that the kernel and CZMQ's plain "*" hand out. */
#define PORT_FIRST(pid) (20000 + (int) ((pid) % 600) * 20)
#define PORT_COUNT 20

const char *
tu_tcp (void)
{
    int first = PORT_FIRST (getpid ());
    return tu_printf ("tcp://127.0.0.1:*[%d-%d]", first, first + PORT_COUNT - 1);
}

/*  Whether a server could listen there now. Not asked by way of ZeroMQ, which
    gives an address back some time after the socket was closed. */
static bool
port_is_free (int port)
{
    struct sockaddr_in address = { 0 };
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons ((uint16_t) port);
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    /*  No listen: a client that reconnects would find itself talking to this. */
    bool is_free = bind (fd, (struct sockaddr *) &address, sizeof (address)) == 0;
    close (fd);
    return is_free;
}

int
tu_free_port (void)
{
    int first = PORT_FIRST (getpid ());
    for (int port = first; port < first + PORT_COUNT; port++)
        if (port_is_free (port))
            return port;
    broken ("no free TCP port");
}

void
tu_wait_free (int port)
{
    int64_t until = tu_deadline ();
    while (!port_is_free (port)) {
        if (zclock_mono () > until)
            tu_fail (s_file, s_line, "port %d is still in use", port);
        zclock_sleep (10);
    }
}

/* ---- nodes ---- */

static zactor_t *
guard (zactor_t *node)
{
    CHECK (node);
    zsock_set_sndtimeo (node, s_limit);
    return node;
}

zactor_t *
tu_node (const char *name)
{
    return guard (zactor_new (zgossip, (void *) name));
}

zactor_t *
tu_keyed_node (zcert_t *cert)
{
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET PUBLICKEY", zcert_public_txt (cert), NULL);
    zstr_sendx (node, "SET SECRETKEY", zcert_secret_txt (cert), NULL);
    return node;
}

zactor_t *
tu_lasting_node (const char *name)
{
    zactor_t *node = tu_node (name);
    zstr_sendx (node, "SET", "server/timeout", "0", NULL);
    return node;
}

const char *
tu_bind_tcp (zactor_t *node)
{
    zstr_sendx (node, "BIND", tu_tcp (), NULL);
    int port = tu_port (node, NULL);
    CHECK (port > 0);
    tu_hide (tu_printf ("127.0.0.1:%d", port), "127.0.0.1:$PORT");
    return tu_printf ("tcp://127.0.0.1:%d", port);
}

/*  True when the source has a message; false after so many ms. */
static bool
readable (void *source, int msecs)
{
    int64_t until = zclock_mono () + msecs;
    zmq_pollitem_t item = { zsock_resolve (source), 0, ZMQ_POLLIN, 0 };
    for (;;) {
        int64_t left = until - zclock_mono ();
        int rc = zmq_poll (&item, 1, left > 0? (long) left: 0);
        if (rc > 0)
            return true;
        if (left <= 0)
            return false;
    }
}

zmsg_t *
tu_recv_msg (void *source, int msecs)
{
    return readable (source, msecs)? zmsg_recv (source): NULL;
}

const char *
tu_frame_text (const void *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *) data;
    if (size > FRAME_SHOWN) {
        uint32_t sum = 2166136261u;
        for (size_t index = 0; index < size; index++)
            sum = (sum ^ bytes [index]) * 16777619u;
        return tu_printf ("%zu bytes, sum %08x", size, sum);
    }
    char *text = (char *) malloc (size * 4 + 1);
    if (!text)
        abort ();
    char *needle = text;
    for (size_t index = 0; index < size; index++) {
        if (bytes [index] >= 32 && bytes [index] < 127 && bytes [index] != '\\')
            *needle++ = (char) bytes [index];
        else
            needle += sprintf (needle, "\\x%02x", bytes [index]);
    }
    *needle = 0;
    return keep (text);
}

const char *
tu_text (zmsg_t **msg_p)
{
    const char *text = "";
    for (zframe_t *frame = zmsg_first (*msg_p); frame; frame = zmsg_next (*msg_p))
        text = tu_printf ("%s%s[%s]", text, *text? " ": "",
                          tu_frame_text (zframe_data (frame), zframe_size (frame)));
    zmsg_destroy (msg_p);
    return text;
}

const char *
tu_recv_for (void *source, int msecs)
{
    zmsg_t *msg = tu_recv_msg (source, msecs);
    return msg? tu_text (&msg): NULL;
}

const char *
tu_recv (void *source)
{
    const char *text = tu_recv_for (source, s_limit);
    if (!text)
        tu_fail (s_file, s_line, "no message came");
    return text;
}

/*  Ask a question that is answered by its own name and a number. */
static int
ask (zactor_t *node, const char *question, zlist_t *seen)
{
    if (zstr_send (node, question))
        tu_fail (s_file, s_line, "the node takes no commands");
    int64_t until = tu_deadline ();
    for (;;) {
        int64_t left = until - zclock_mono ();
        zmsg_t *msg = tu_recv_msg (node, left > 0? (int) left: 0);
        if (!msg)
            tu_fail (s_file, s_line, "no reply to %s", question);
        if (zmsg_size (msg) == 2 && zframe_streq (zmsg_first (msg), question)) {
            char *number = zframe_strdup (zmsg_last (msg));
            int value = atoi (number);
            free (number);
            zmsg_destroy (&msg);
            return value;
        }
        if (seen)
            zlist_append (seen, (void *) tu_text (&msg));
        zmsg_destroy (&msg);
    }
}

int
tu_status (zactor_t *node, zlist_t *seen)
{
    return ask (node, "STATUS", seen);
}

int
tu_port (zactor_t *node, zlist_t *seen)
{
    return ask (node, "PORT", seen);
}

void
tu_wait_all (zactor_t **nodes, int nodes_nbr, int count, zlist_t **seen)
{
    int64_t until = tu_deadline ();
    for (;;) {
        int ready = 0, least = count;
        for (int index = 0; index < nodes_nbr; index++) {
            int held = nodes [index]? tu_status (nodes [index], seen? seen [index]: NULL): count;
            if (held >= count)
                ready++;
            if (held > count)
                tu_fail (s_file, s_line, "a node holds %d tuples, expected %d", held, count);
            if (held < least)
                least = held;
        }
        if (ready == nodes_nbr)
            return;
        if (zclock_mono () > until)
            tu_fail (s_file, s_line, "a node holds %d tuples, expected %d", least, count);
        zclock_sleep (10);
    }
}

void
tu_wait_count (zactor_t *node, int count, zlist_t *seen)
{
    tu_wait_all (&node, 1, count, &seen);
}

void
tu_wait_ended (zactor_t *node)
{
    int64_t until = tu_deadline ();
    while (zsock_events (node) & ZMQ_POLLOUT) {
        if (zclock_mono () > until)
            tu_fail (s_file, s_line, "the actor has not ended");
        zclock_sleep (5);
    }
}

zlist_t *
tu_list (void)
{
    zlist_t *list = zlist_new ();
    zlist_autofree (list);
    zlist_comparefn (list, (zlist_compare_fn *) strcmp);
    return list;
}

bool
tu_list_has (zlist_t *list, const char *text)
{
    return zlist_exists (list, (void *) text);
}

void
tu_show_list (const char *label, zlist_t *list)
{
    for (char *item = (char *) zlist_first (list); item; item = (char *) zlist_next (list))
        tu_out ("%s: %s", label, item);
    zlist_purge (list);
}

void
tu_show_sorted (const char *label, zlist_t *list)
{
    zlist_sort (list, (zlist_compare_fn *) strcmp);
    tu_show_list (label, list);
}

static zmsg_t *
command_msg (const char *command, va_list args)
{
    zmsg_t *msg = zmsg_new ();
    for (const char *frame = command; frame; frame = va_arg (args, const char *))
        zmsg_addstr (msg, frame);
    return msg;
}

void
tu_try (zactor_t *node, const char *command, ...)
{
    va_list args;
    va_start (args, command);
    zmsg_t *msg = command_msg (command, args);
    va_end (args);
    zmsg_t *copy = zmsg_dup (msg);
    tu_out ("> %s", tu_text (&copy));

    tu_status (node, NULL);
    tu_log_start ();
    zmsg_send (&msg, node);
    zlist_t *seen = tu_list ();
    /*  The reply to a STATUS under test must not be taken for that barrier. */
    bool status = streq (command, "STATUS");
    int count = status? tu_port (node, seen): tu_status (node, seen);
    tu_show_list ("<", seen);
    zlist_destroy (&seen);
    tu_log_show ();
    if (!status)
        tu_out ("= %d tuples", count);
}

const char *
tu_one_line (zactor_t *node, char letter, const char *command, ...)
{
    va_list args;
    va_start (args, command);
    zmsg_t *msg = command_msg (command, args);
    va_end (args);
    zmsg_t *copy = zmsg_dup (msg);
    const char *text = tu_text (&copy);

    int before = tu_status (node, NULL);
    tu_log_start ();
    zmsg_send (&msg, node);
    zlist_t *seen = tu_list ();
    int after = tu_status (node, seen);
    if (zlist_size (seen) || before != after)
        tu_fail (s_file, s_line, "%s had an effect", text);
    zlist_destroy (&seen);

    const char *line = tu_log_next ();
    if (!line || line [0] != letter)
        tu_fail (s_file, s_line, "%s should log a line with %c, not %s",
                 text, letter, line? line: "nothing");
    const char *more = tu_log_next ();
    if (more)
        tu_fail (s_file, s_line, "%s logs more than one line: %s", text, more);
    return line;
}

/* ---- the log ---- */

void
tu_log_start (void)
{
    if (!s_log) {
        s_log_path = (char *) tu_path ("log");
        s_log = fopen (s_log_path, "a");
        s_log_reader = fopen (s_log_path, "r");
        if (!s_log || !s_log_reader)
            broken (s_log_path);
    }
    zsys_set_logstream (s_log);
    fseek (s_log_reader, 0, SEEK_END);
}

/*  Length of a "yy-mm-dd hh:mm:ss " at this place, or 0. */
static size_t
time_length (const char *text)
{
    static const char shape [] = "dd-dd-dd dd:dd:dd ";
    for (size_t index = 0; shape [index]; index++) {
        bool fits = shape [index] == 'd'? isdigit ((unsigned char) text [index]) != 0
                                        : text [index] == shape [index];
        if (!fits)
            return 0;
    }
    return sizeof (shape) - 1;
}

const char *
tu_log_text (const char *line)
{
    for (const char *place = line; *place; place++) {
        size_t length = time_length (place);
        if (length)
            return tu_printf ("%.*s%s", (int) (place - line), line, place + length);
    }
    return line;
}

const char *
tu_log_next (void)
{
    CHECK (s_log_reader);
    long start = ftell (s_log_reader);
    clearerr (s_log_reader);
    char *line = NULL;
    size_t max = 0;
    ssize_t size = getline (&line, &max, s_log_reader);
    if (size <= 0 || line [size - 1] != '\n') {
        /*  Nothing yet, or half a line: come back for it later. */
        free (line);
        fseek (s_log_reader, start, SEEK_SET);
        return NULL;
    }
    line [size - 1] = 0;
    return tu_log_text (keep (line));
}

const char *
tu_log_wait (int msecs)
{
    int64_t until = zclock_mono () + msecs;
    for (;;) {
        const char *line = tu_log_next ();
        if (line || zclock_mono () > until)
            return line;
        zclock_sleep (10);
    }
}

const char *
tu_log_plain (const char *line)
{
    size_t size = strlen (line);
    if (strncmp (line, "W: ", 3) || line [size - 1] != ')')
        return line;
    const char *reason = NULL;
    for (const char *place = strstr (line, " ("); place; place = strstr (place + 1, " ("))
        reason = place;
    return reason? tu_printf ("%.*s", (int) (reason - line), line): line;
}

void
tu_log_show (void)
{
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        tu_out ("log %s", tu_log_plain (line));
}

void
tu_stdout_begin (void)
{
    fflush (stdout);
    s_stdout = dup (STDOUT_FILENO);
    int fd = open (tu_path ("stdout"), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    if (s_stdout < 0 || fd < 0 || dup2 (fd, STDOUT_FILENO) < 0)
        broken ("redirect stdout");
    close (fd);
}

const char *
tu_stdout_end (void)
{
    fflush (stdout);
    dup2 (s_stdout, STDOUT_FILENO);
    close (s_stdout);
    return tu_slurp (tu_path ("stdout"));
}

/* ---- raw peers ---- */

zsock_t *
tu_dealer (const char *endpoint)
{
    zsock_t *sock = zsock_new (ZMQ_DEALER);
    zsock_set_sndtimeo (sock, s_limit);
    zsock_set_linger (sock, 0);
    if (zsock_connect (sock, "%s", endpoint))
        broken (endpoint);
    return sock;
}

/*  Read so many bytes. */
static void
read_whole (int fd, unsigned char *bytes, size_t size)
{
    for (size_t got = 0; got < size; ) {
        ssize_t more = recv (fd, bytes + got, size - got, 0);
        if (more <= 0)
            tu_fail (s_file, s_line, "the handshake ends");
        got += (size_t) more;
    }
}

int
tu_zmtp_connect (int port)
{
    static const unsigned char greeting [64] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'N', 'U', 'L', 'L'
    };
    static const unsigned char ready [] = {
        4, 28, 5, 'R', 'E', 'A', 'D', 'Y', 11, 'S', 'o', 'c', 'k', 'e', 't', '-', 'T', 'y', 'p', 'e',
        0, 0, 0, 6, 'D', 'E', 'A', 'L', 'E', 'R'
    };
    struct sockaddr_in address = { 0 };
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons ((uint16_t) port);
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    struct timeval limit = { s_limit / 1000 + 1, 0 };
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof (limit));
    unsigned char answer [256];
    if (connect (fd, (struct sockaddr *) &address, sizeof (address)))
        tu_fail (s_file, s_line, "no connection");
    send (fd, greeting, sizeof (greeting), MSG_NOSIGNAL);
    read_whole (fd, answer, sizeof (greeting));
    send (fd, ready, sizeof (ready), MSG_NOSIGNAL);
    read_whole (fd, answer, 2);
    read_whole (fd, answer + 2, answer [1]);
    return fd;
}

zsock_t *
tu_router (const char *endpoint)
{
    zsock_t *sock = zsock_new (ZMQ_ROUTER);
    zsock_set_unbounded (sock);
    zsock_set_linger (sock, 0);
    if (zsock_bind (sock, "%s", endpoint) == -1)
        broken (endpoint);
    return sock;
}

const char *
tu_hex (const void *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *) data;
    char *text = (char *) malloc (size * 2 + 1);
    if (!text)
        abort ();
    for (size_t index = 0; index < size; index++)
        sprintf (text + index * 2, "%02x", bytes [index]);
    text [size * 2] = 0;
    return keep (text);
}

static zmsg_t *
msg_from_hex (const char *hex)
{
    zmsg_t *msg = zmsg_new ();
    unsigned char *bytes = (unsigned char *) malloc (strlen (hex) + 1);
    if (!bytes)
        abort ();
    for (;;) {
        size_t size = 0;
        while (*hex && *hex != '|') {
            if (*hex == ' ') {
                hex++;
                continue;
            }
            char pair [3] = { hex [0], hex [1], 0 };
            char *end;
            bytes [size++] = (unsigned char) strtoul (pair, &end, 16);
            CHECK (end == pair + 2);
            hex += 2;
        }
        zmsg_addmem (msg, bytes, size);
        if (!*hex)
            break;
        hex++;
    }
    free (bytes);
    return msg;
}

static const char *
hex_from_msg (zmsg_t *msg)
{
    const char *text = NULL;
    for (zframe_t *frame = zmsg_first (msg); frame; frame = zmsg_next (msg)) {
        const char *hex = tu_hex (zframe_data (frame), zframe_size (frame));
        text = text? tu_printf ("%s|%s", text, hex): hex;
    }
    return text? text: "";
}

void
tu_send_hex (zsock_t *sock, const char *hex)
{
    zmsg_t *msg = msg_from_hex (hex);
    CHECK (zmsg_send (&msg, sock) == 0);
}

const char *
tu_recv_hex (zsock_t *sock, int msecs)
{
    zmsg_t *msg = tu_recv_msg (sock, msecs);
    if (!msg)
        return NULL;
    const char *hex = hex_from_msg (msg);
    zmsg_destroy (&msg);
    return hex;
}

void
tu_expect_hex (zsock_t *sock, const char *hex)
{
    const char *got = tu_recv_hex (sock, s_limit);
    if (!got || !streq (got, hex))
        tu_fail (s_file, s_line, "peer got %s, expected %s", got? got: "nothing", hex);
}

const char *
tu_publish_hex (const char *key, const char *value, uint32_t ttl)
{
    return tu_printf ("aaa00201%02x%s%08x%s%08x",
                      (unsigned) strlen (key), tu_hex (key, strlen (key)),
                      (unsigned) strlen (value), tu_hex (value, strlen (value)), ttl);
}

const char *
tu_router_recv (zsock_t *router, zframe_t **peer_p, int msecs)
{
    int64_t until = zclock_mono () + msecs;
    for (;;) {
        int64_t left = until - zclock_mono ();
        zmsg_t *msg = tu_recv_msg (router, left > 0? (int) left: 0);
        if (!msg)
            return NULL;
        zframe_destroy (peer_p);
        *peer_p = zmsg_pop (msg);
        const char *hex = hex_from_msg (msg);
        zmsg_destroy (&msg);
        if (strncmp (hex, PING, strlen (PING)) == 0)
            tu_router_send (router, *peer_p, PONG);
        else
        if (strncmp (hex, HELLO "5a45", strlen (HELLO "5a45")) == 0)
            return HELLO;
        else
            return hex;
    }
}

void
tu_router_send (zsock_t *router, zframe_t *peer, const char *hex)
{
    zmsg_t *msg = msg_from_hex (hex);
    zframe_t *copy = zframe_dup (peer);
    zmsg_prepend (msg, &copy);
    CHECK (zmsg_send (&msg, router) == 0);
}

/* ---- the process ---- */

int
tu_threads (void)
{
    DIR *tasks = opendir ("/proc/self/task");
    if (!tasks)
        broken ("/proc/self/task");
    int count = 0;
    for (struct dirent *entry = readdir (tasks); entry; entry = readdir (tasks))
        if (entry->d_name [0] != '.')
            count++;
    closedir (tasks);
    return count;
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

/* ---- stock and ours in one process ---- */

zactor_fn *
tu_ours (void)
{
    const char *path = getenv ("ZGOSSIP_LIB");
    if (!path || !*path)
        return zgossip;
    /*  Local: its symbols must not take the place of CZMQ's in this process.
        Never closed: its threads may still be on their way out. */
    void *library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf (stderr, "%s\n", dlerror ());
        broken ("dlopen");
    }
    zactor_fn *ours;
    /*  POSIX's way round the conversion that ISO C does not define. */
    *(void **) &ours = dlsym (library, "zgossip");
    CHECK (ours && ours != zgossip);
    return ours;
}

zactor_t *
tu_mixed_node (bool ours, const char *name)
{
    zactor_t *node = guard (zactor_new (ours? tu_ours (): zgossip, (void *) name));
    /*  Stock nodes drop tuples of sessions that were silent for a second;
        that is not what these tests are about. Ours keeps its default. */
    if (!ours)
        zstr_sendx (node, "SET", "server/timeout", "0", NULL);
    return node;
}

void
tu_mixed_new (zactor_t **nodes)
{
    static const char *const names [MIXED_NODES] = { "s0", "z1", "s2", "z3", "s4", "z5" };
    for (int index = 0; index < MIXED_NODES; index++)
        nodes [index] = tu_mixed_node (index % 2 != 0, names [index]);
}

/*  Take what a node has to say, without waiting. */
static void
take_delivers (zactor_t *node, zhash_t *delivered)
{
    while (readable (node, 0)) {
        char *command = NULL, *key = NULL, *value = NULL;
        if (zstr_recvx (node, &command, &key, &value, NULL) != 3 || !streq (command, "DELIVER"))
            tu_fail (s_file, s_line, "unexpected message %s", command? command: "");
        if (delivered && zhash_insert (delivered, key, value))
            tu_fail (s_file, s_line, "%s was DELIVERed twice", key);
        zstr_free (&command);
        zstr_free (&key);
        zstr_free (&value);
    }
}

void
tu_mixed_run (zactor_t **nodes)
{
    /*  One node of each kind is looked at tuple by tuple. */
    zhash_t *delivered [MIXED_NODES] = { NULL };
    for (int index = 0; index < 2; index++) {
        delivered [index] = zhash_new ();
        zhash_autofree (delivered [index]);
    }
    char key [32], value [32];
    for (int count = 0; count < MIXED_TUPLES; count++)
        for (int index = 0; index < MIXED_NODES; index++) {
            snprintf (key, sizeof (key), "node%d/%04d", index, count);
            snprintf (value, sizeof (value), "value %d.%d", index, count);
            CHECK (zstr_sendx (nodes [index], "PUBLISH", key, value, NULL) == 0);
            take_delivers (nodes [index], delivered [index]);
        }
    /*  Every node DELIVERs each tuple once, its own ones too. */
    int64_t until = tu_deadline () + tu_limit ();
    int total = MIXED_NODES * MIXED_TUPLES, held = 0;
    for (int index = 0; index < MIXED_NODES; ) {
        for (int other = 0; other < MIXED_NODES; other++)
            take_delivers (nodes [other], delivered [other]);
        zstr_send (nodes [index], "STATUS");
        bool answered = false;
        while (!answered) {
            zmsg_t *msg = tu_recv_msg (nodes [index], s_limit);
            CHECK (msg);
            char *command = zmsg_popstr (msg);
            char *first = zmsg_popstr (msg);
            char *second = zmsg_popstr (msg);
            if (streq (command, "STATUS")) {
                held = atoi (first);
                answered = true;
            }
            else
            if (delivered [index] && zhash_insert (delivered [index], first, second))
                tu_fail (s_file, s_line, "%s was DELIVERed twice", first);
            zstr_free (&command);
            zstr_free (&first);
            zstr_free (&second);
            zmsg_destroy (&msg);
        }
        if (held >= total)
            index++;
        else {
            if (zclock_mono () > until)
                tu_fail (s_file, s_line, "node %d holds %d of %d tuples", index, held, total);
            zclock_sleep (10);
        }
    }
    CHECK_INT (held, total);
    for (int index = 0; index < 2; index++) {
        CHECK_INT (zhash_size (delivered [index]), total);
        for (int node = 0; node < MIXED_NODES; node++)
            for (int count = 0; count < MIXED_TUPLES; count++) {
                snprintf (key, sizeof (key), "node%d/%04d", node, count);
                snprintf (value, sizeof (value), "value %d.%d", node, count);
                CHECK_STR ((const char *) zhash_lookup (delivered [index], key), value);
            }
        zhash_destroy (&delivered [index]);
    }
    for (int index = 0; index < MIXED_NODES; index++)
        zactor_destroy (&nodes [index]);
}
