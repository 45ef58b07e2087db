/*  Helpers shared by the C tests of libzgossip.

    Two rules keep these tests steady on slow machines. Nothing waits with a
    bare sleep for something to have happened: a wait always polls for its
    condition, up to a deadline. And nothing waits for ever: every program
    runs under a watchdog, since the actor of CZMQ can hang its owner.

    Strings that these functions return belong to testutil and stay valid
    until tu_done (), so that the tests need not free them.

    Environment:
      ZGOSSIP_TEST_DEADLINE   limit of a single wait in ms, default 20000;
                              the watchdog bites after a multiple of it
      ZGOSSIP_TEST_ACTOR      "native" or "stock": refuse to run with the other one
      ZGOSSIP_LIB             libzgossip.so.1, for the mixed_* programs; if
                              it is not set they use the stock actor twice
*/

#ifndef TESTUTIL_H_INCLUDED
#define TESTUTIL_H_INCLUDED

#include <czmq.h>
#include <stdbool.h>
#include <stdint.h>

/*  Exit codes beside 0: 1 a check failed, 77 it cannot be done here, 98 the test itself
    is broken (no temporary directory, for instance), 124 the watchdog. */
#define TU_FAILED   1
#define TU_SKIPPED  77
#define TU_BROKEN   98
#define TU_WATCHDOG 124

#define CHECK(condition) \
    do { if (!(condition)) tu_fail (__FILE__, __LINE__, "CHECK (%s)", #condition); } while (0)
#define CHECK_INT(actual, expected) \
    tu_check_int (__FILE__, __LINE__, #actual, (long long) (actual), (long long) (expected))
#define CHECK_STR(actual, expected) \
    tu_check_str (__FILE__, __LINE__, #actual, (actual), (expected))

_Noreturn void tu_fail (const char *file, int line, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
void tu_check_int (const char *file, int line, const char *what, long long actual, long long expected);
void tu_check_str (const char *file, int line, const char *what, const char *actual, const char *expected);

/*  Remembers who called, for the messages of helpers that fail. */
void tu_at (const char *file, int line);

/* ---- a program's frame ---- */

/*  First and last thing in main. tu_start puts stdout into line mode (the
    actor's SAVE - writes there too), and arms the watchdog. */
void tu_start (void);
int tu_done (void);

/*  The watchdog of programs that do not begin with tu_start: bites after so many seconds. */
void tu_watchdog (unsigned seconds);

/*  Ends the program, with the reason, where this host name does not resolve. */
void tu_need_name (const char *name);

/*  Limit of a single wait in ms, and a moment that far in the future on the
    clock of zclock_mono (). */
int tu_limit (void);
int64_t tu_deadline (void);

/*  Formatted text that testutil owns. */
const char *tu_printf (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/*  Print to stdout; whatever was registered with tu_hide is replaced, so that
    the output is the same in every run. */
void tu_out (const char *format, ...) __attribute__ ((format (printf, 1, 2)));
void tu_hide (const char *text, const char *shown);

/* ---- places ---- */

/*  A directory of this process, removed by tu_done; printed as $TMP. */
const char *tu_dir (void);
/*  A path in it; with content, the file is written. */
const char *tu_path (const char *name);
const char *tu_file (const char *name, const char *content);
/*  Content of a file, NULL if there is none. */
const char *tu_slurp (const char *path);

/*  Endpoints no other test uses. The TCP form is for BIND, and has the shape
    tcp://127.0.0.1:*[a-b]: the range differs between processes, because with
    a plain "*" all tests running at the same time get neighbouring ports,
    and a client of one test would reconnect to the server of another. */
const char *tu_inproc (const char *name);
const char *tu_ipc (const char *name);
const char *tu_tcp (void);
/*  A TCP port of that range which is free at the moment. */
int tu_free_port (void);
/*  Wait until a TCP port can be bound again: a node that was destroyed lets go of
    it some time later. */
void tu_wait_free (int port);

/* ---- nodes ---- */

/*  A new node. Its commands fail after a deadline instead of blocking. */
zactor_t *tu_node (const char *name);
/*  One that has the CURVE keys of a certificate. */
zactor_t *tu_keyed_node (zcert_t *cert);
/*  The same, with sessions that never expire. Stock nodes forget a peer that
    is silent for a second, which no test on a slow machine could rely upon. */
zactor_t *tu_lasting_node (const char *name);
/*  One that is bound to an inproc endpoint, which is stored. */
zactor_t *tu_server (const char **endpoint);
/*  BIND to TCP and return the endpoint to CONNECT to. Hides the port. */
const char *tu_bind_tcp (zactor_t *node);

/*  Next message of an actor or socket as "[frame] [frame]", bytes that are
    not printable as \xNN, long frames as size and checksum. Fails the test
    at the deadline; tu_recv_for returns NULL after so many ms instead. */
const char *tu_recv (void *source);
const char *tu_recv_for (void *source, int msecs);
const char *tu_frame_text (const void *data, size_t size);
/*  The same for a message that the caller has received; destroys it. */
const char *tu_text (zmsg_t **msg_p);
/*  Receive a message, or NULL after so many ms. */
zmsg_t *tu_recv_msg (void *source, int msecs);

/*  Ask for STATUS or PORT and return the number. Messages that come before
    the reply are appended to seen, or dropped if that is NULL. */
int tu_status (zactor_t *node, zlist_t *seen);
int tu_port (zactor_t *node, zlist_t *seen);
/*  What SAVE writes, NULL if it writes nothing. */
const char *tu_saved (zactor_t *node);
/*  Ask for STATUS until it is count (fails the test at the deadline). */
void tu_wait_count (zactor_t *node, int count, zlist_t *seen);
/*  Several nodes at once, all read in turns so that none is held up by
    DELIVERs that nobody takes. Nodes that are NULL are left out. */
void tu_wait_all (zactor_t **nodes, int nodes_nbr, int count, zlist_t **seen);

/*  Wait until the thread of an actor that says it ends has let go of the pipe.
    Destroying the actor between the two would hang in zactor_destroy, whatever
    the actor is. */
void tu_wait_ended (zactor_t *node);

/*  A list that owns copies of its strings; printed or compared in order. */
zlist_t *tu_list (void);
bool tu_list_has (zlist_t *list, const char *text);
void tu_show_list (const char *label, zlist_t *list);
void tu_show_sorted (const char *label, zlist_t *list);
/*  Wait until a node holds so many tuples, and print what it said meanwhile, sorted. */
void tu_show_held (const char *label, zactor_t *node, int count);

/*  Send a command and print what comes back, up to the reply to a STATUS sent
    after it, then what it made the node log. For the same_* programs. */
void tu_try (zactor_t *node, const char *command, ...);
/*  Send a command whose one visible effect is exactly one log line with this
    letter, and check that; return the line. The node has to answer STATUS
    afterwards. For the differs_* programs. */
const char *tu_one_line (zactor_t *node, char letter, const char *command, ...);

/* ---- the log ---- */

/*  Send the log of the process to a file and forget what is in it. To be
    repeated after creating a node, SET and LOAD, where the stock actor
    redirects the log of the whole process to stdout. */
void tu_log_start (void);
/*  Next line without its time, waiting for it up to the deadline, or NULL. */
const char *tu_log_wait (int msecs);
/*  Next line if there is one already, or NULL. */
const char *tu_log_next (void);
/*  A log line without its time. */
const char *tu_log_text (const char *line);
/*  The line without the reason in parentheses that ends a warning of libzgossip,
    and some of CZMQ's: what same_* programs compare. */
const char *tu_log_plain (const char *line);
/*  Print all lines that are there, plain. */
void tu_log_show (void);
/*  Collect what is written to stdout, by anybody, between the two. */
void tu_stdout_begin (void);
const char *tu_stdout_end (void);

/* ---- raw peers ---- */

/*  Frames are hex, separated by "|"; spaces are ignored. */
#define HELLO   "aaa00101"
#define PING    "aaa00301"
#define PONG    "aaa00401"
#define INVALID "aaa00501"

zsock_t *tu_dealer (const char *endpoint);
/*  One that has a session: it has said HELLO and PING, to a node that holds no tuples. */
zsock_t *tu_session (const char *endpoint);
/*  Check that a node serves clients there. */
void tu_served (const char *endpoint);
void tu_send_hex (zsock_t *sock, const char *hex);
const char *tu_recv_hex (zsock_t *sock, int msecs);
void tu_expect_hex (zsock_t *sock, const char *hex);
const char *tu_hex (const void *data, size_t size);
/*  The frame of a PUBLISH. */
const char *tu_publish_hex (const char *key, const char *value, uint32_t ttl);

/*  A TCP connection to a port of this machine, -1 if there is none. */
int tu_tcp_connect (int port);
/*  One that has said it is a DEALER, and what the
    ROUTER there had to say to that has been read: what follows are frames of ZMTP. Reading
    gives up after the time of a single wait. */
int tu_zmtp_connect (int port);

/*  A ROUTER in the place of a server. tu_router_recv stores who sent the
    message in *peer_p. It answers PING with PONG and goes on waiting, as a
    client may PING whenever it likes; and it shows a HELLO that carries a
    libzgossip extension as a bare one, as those bytes mean nothing to a
    server of CZMQ. */
zsock_t *tu_router (const char *endpoint);
const char *tu_router_recv (zsock_t *router, zframe_t **peer_p, int msecs);
void tu_router_send (zsock_t *router, zframe_t *peer, const char *hex);

/* ---- the process ---- */

/*  Entries of a directory, . and .. not counted. */
int tu_entries (const char *path);
int tu_threads (void);
/*  Memory that is resident, in kB. */
long tu_resident_kb (pid_t pid);
/*  Wait until there are no more than so many threads; false at the deadline. */
bool tu_wait_threads (int most);

/* ---- stock and native in one process ---- */

/*  The actor of libzgossip, loaded beside that of CZMQ. */
zactor_fn *tu_native (void);
zactor_t *tu_mixed_node (bool native, const char *name);
/*  Number of mixed nodes, and the tuples each of them publishes. */
#define MIXED_NODES  6
#define MIXED_TUPLES 1000
/*  Publish on all nodes, reading all of them all the time, until each holds
    all tuples; check that a stock and a native node were DELIVERed each
    tuple exactly once; destroy the nodes. Nodes 0, 2, 4 are stock. */
void tu_mixed_run (zactor_t **nodes);
void tu_mixed_new (zactor_t **nodes);
/*  The same from beginning to end, in a star with this node in the middle, over every transport. */
void tu_mixed_star (int hub);

#ifndef TU_IMPLEMENTATION
#   define TU_AT(name) tu_at (__FILE__, __LINE__), (name)
#   define tu_bind_tcp(...)    (TU_AT (tu_bind_tcp) (__VA_ARGS__))
#   define tu_recv(...)        (TU_AT (tu_recv) (__VA_ARGS__))
#   define tu_status(...)      (TU_AT (tu_status) (__VA_ARGS__))
#   define tu_port(...)        (TU_AT (tu_port) (__VA_ARGS__))
#   define tu_wait_count(...)  (TU_AT (tu_wait_count) (__VA_ARGS__))
#   define tu_wait_all(...)    (TU_AT (tu_wait_all) (__VA_ARGS__))
#   define tu_wait_ended(...)  (TU_AT (tu_wait_ended) (__VA_ARGS__))
#   define tu_wait_free(...)   (TU_AT (tu_wait_free) (__VA_ARGS__))
#   define tu_session(...)     (TU_AT (tu_session) (__VA_ARGS__))
#   define tu_served(...)      (TU_AT (tu_served) (__VA_ARGS__))
#   define tu_show_held(...)   (TU_AT (tu_show_held) (__VA_ARGS__))
#   define tu_try(...)         (TU_AT (tu_try) (__VA_ARGS__))
#   define tu_one_line(...)    (TU_AT (tu_one_line) (__VA_ARGS__))
#   define tu_send_hex(...)    (TU_AT (tu_send_hex) (__VA_ARGS__))
#   define tu_expect_hex(...)  (TU_AT (tu_expect_hex) (__VA_ARGS__))
#   define tu_zmtp_connect(...) (TU_AT (tu_zmtp_connect) (__VA_ARGS__))
#   define tu_router_send(...) (TU_AT (tu_router_send) (__VA_ARGS__))
#   define tu_mixed_run(...)   (TU_AT (tu_mixed_run) (__VA_ARGS__))
#   define tu_mixed_star(...)  (TU_AT (tu_mixed_star) (__VA_ARGS__))
#endif

#endif
