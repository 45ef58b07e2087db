/*  Helpers of the handle_* programs, which use zgossip_node.h and not CZMQ. As in testutil.h nothing
    waits with a bare sleep, and nothing waits for ever.

    Environment: ZGOSSIP_TEST_DEADLINE, limit of a single wait in ms, default 20000. */

#ifndef HANDLE_H_INCLUDED
#define HANDLE_H_INCLUDED

#include <dirent.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "zgossip_node.h"

/*  testutil.h has its own. */
#ifndef CHECK
#define CHECK(condition) \
    do { if (!(condition)) failed (__FILE__, __LINE__, #condition, 1, 0); } while (0)
#define CHECK_INT(actual, expected) \
    do { \
        long long actual_ = (actual), expected_ = (expected); \
        if (actual_ != expected_) failed (__FILE__, __LINE__, #actual, expected_, actual_); \
    } while (0)
#define CHECK_STR(actual, expected) \
    do { \
        const char *actual_ = (actual); \
        if (!actual_ || strcmp (actual_, (expected)) != 0) { \
            fprintf (stderr, "%s:%d: %s is \"%s\"\n", __FILE__, __LINE__, #actual, actual_ ? actual_ : "NULL"); \
            exit (1); \
        } \
    } while (0)

#endif

/*  Most programs need but a few of these. */
#define UNUSED __attribute__ ((unused))

static UNUSED void failed (const char *file, int line, const char *what, long long expected, long long actual)
{
    fprintf (stderr, "%s:%d: %s: %lld and not %lld (last error: %d %s)\n", file, line, what, actual,
             expected, zgossip_error_code (), zgossip_error_text ());
    exit (1);
}

static UNUSED int limit (void)
{
    const char *text = getenv ("ZGOSSIP_TEST_DEADLINE");
    return text ? atoi (text) : 20000;
}

static UNUSED long long now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/*  Loop until the condition holds; fails at the deadline. */
#define WAIT_UNTIL(condition) \
    for (long long end_ = now () + limit (); !(condition); usleep (1000)) \
        CHECK (now () < end_ && #condition)

static UNUSED zgossip_node_t *new_node (const char *name)
{
    zgossip_node_t *node = zgossip_node_new (name, 0);
    CHECK (node != NULL);
    return node;
}

static UNUSED void destroy (zgossip_node_t **node)
{
    CHECK_INT (zgossip_node_destroy (node), 0);
    CHECK (!*node);
}

/*  Bind to TCP; the endpoint to connect to, valid until the next call. */
static UNUSED const char *bind_tcp (zgossip_node_t *node)
{
    static char endpoint [64];
    int port = zgossip_node_bind (node, "tcp://127.0.0.1:!");
    CHECK (port > 0);
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    return endpoint;
}

static UNUSED void publish (zgossip_node_t *node, const char *key, const char *value)
{
    CHECK_INT (zgossip_node_publish (node, key, ZGOSSIP_STRING, value, ZGOSSIP_STRING, 0), 0);
}

static UNUSED void connect_to (zgossip_node_t *node, const char *endpoint)
{
    CHECK_INT (zgossip_node_connect (node, endpoint, NULL), 0);
}

/*  The value that the node holds of a key, NULL if none; valid until the next call. */
static UNUSED const char *value_of (zgossip_node_t *node, const char *key)
{
    static char value [4096];
    long long size = zgossip_node_get (node, key, ZGOSSIP_STRING, value, sizeof value);
    CHECK (size == ZGOSSIP_NOT_FOUND || (size >= 0 && size < (long long) sizeof value));
    return size < 0 ? NULL : value;
}

static UNUSED bool has (zgossip_node_t *node, const char *key, const char *value)
{
    const char *held = value_of (node, key);
    return held && strcmp (held, value) == 0;
}

/*  The next event but for those that tell of servers; as zgossip_node_recv. */
static UNUSED int recv_event (zgossip_node_t *node, int timeout, zgossip_event_t **event)
{
    int rc;
    while ((rc = zgossip_node_recv (node, timeout, event)) == 0
    && zgossip_event_type (*event) == ZGOSSIP_EVENT_JOINED)
        zgossip_event_destroy (event);
    return rc;
}

/*  The next event is this tuple. */
static UNUSED void expect_tuple_at (const char *file, int line, zgossip_node_t *node, const char *key,
                                    const char *value)
{
    zgossip_event_t *event;
    if (recv_event (node, limit (), &event) != 0)
        failed (file, line, "recv", 0, zgossip_error_code ());
    CHECK_INT (zgossip_event_type (event), ZGOSSIP_EVENT_TUPLE);
    if (strcmp (zgossip_event_key (event, NULL), key) || strcmp (zgossip_event_value (event, NULL), value)) {
        fprintf (stderr, "%s:%d: %s=%s instead of %s=%s\n", file, line, zgossip_event_key (event, NULL),
                 zgossip_event_value (event, NULL), key, value);
        exit (1);
    }
    CHECK_INT (zgossip_event_destroy (&event), 0);
}
#define expect_tuple(node, key, value) expect_tuple_at (__FILE__, __LINE__, (node), (key), (value))

static UNUSED void expect_nothing (zgossip_node_t *node)
{
    zgossip_event_t *event;
    CHECK_INT (recv_event (node, 0, &event), ZGOSSIP_TIMED_OUT);
    CHECK (!event);
}

static UNUSED bool is_readable (zgossip_node_t *node)
{
    struct pollfd item = { zgossip_node_fd (node), POLLIN, 0 };
    CHECK (item.fd >= 0);
    return poll (&item, 1, 0) == 1;
}

/*  Entries of a directory, . and .. not counted. */
static UNUSED int entries (const char *path)
{
    DIR *directory = opendir (path);
    int count = -2;
    CHECK (directory != NULL);
    while (readdir (directory))
        count++;
    closedir (directory);
    return count;
}

/*  A thread that was joined may stay in this list for a moment: wait for the number. */
static UNUSED int threads (void)
{
    return entries ("/proc/self/task");
}

/*  The descriptor that reads the directory is counted each time. */
static UNUSED int descriptors (void)
{
    return entries ("/proc/self/fd");
}

/*  Resident memory in kB. */
static UNUSED long resident (void)
{
    long total, pages = 0;
    FILE *file = fopen ("/proc/self/statm", "r");
    CHECK (file && fscanf (file, "%ld %ld", &total, &pages) == 2);
    fclose (file);
    return pages * (sysconf (_SC_PAGESIZE) / 1024);
}

/*  Wait for a line of the log with both texts in it. The node has ZGOSSIP_LOG_EVENTS. */
static UNUSED void expect_line (zgossip_node_t *node, const char *one, const char *other)
{
    bool seen = false;
    for (long long end = now () + limit (); !seen;) {
        zgossip_event_t *event;
        CHECK (now () < end);
        if (recv_event (node, 100, &event) != 0)
            continue;
        if (zgossip_event_type (event) == ZGOSSIP_EVENT_LOG) {
            const char *line = zgossip_event_value (event, NULL);
            seen = strstr (line, one) && strstr (line, other);
        }
        zgossip_event_destroy (&event);
    }
}

#endif
