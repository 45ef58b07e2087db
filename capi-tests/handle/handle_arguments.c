//  Every function with every wrong argument: an error code, a text, and nothing has changed.

#include "handle.h"

static zgossip_node_t *node, *stale;
static zgossip_event_t *event, *no_event;
static zgossip_tuples_t *tuples, *no_tuples;
static char buffer [256], key [300], keys [2][41];
static size_t size;

#define STR ZGOSSIP_STRING


//  A call, with the result it must have and the error it must leave behind. The node is tried as it
//  should be first, so that a function that always fails does not pass.
#define WRONG(call, expected_, code_) \
    do { \
        zgossip_node_size (NULL); \
        const char *before_ = zgossip_error_text (); \
        CHECK_STR (before_, "the node is NULL"); \
        CHECK_INT ((long long) (call), expected_); \
        CHECK_INT (zgossip_error_code (), code_); \
        CHECK (*zgossip_error_text () && #call); \
        count++; \
    } while (0)
#define BAD(call) WRONG (call, ZGOSSIP_BAD_ARGUMENT, ZGOSSIP_BAD_ARGUMENT)
#define REFUSED(call) WRONG (call, ZGOSSIP_REFUSED, ZGOSSIP_REFUSED)
#define NOTHING(call) WRONG ((call) != NULL, 0, ZGOSSIP_BAD_ARGUMENT)

//  All functions of a node, with arguments that would do.
#define EVERY(X, n) \
    X (zgossip_node_bind (n, "inproc://x")) \
    X (zgossip_node_connect (n, "inproc://x", NULL)) \
    X (zgossip_node_disconnect (n, "inproc://x")) \
    X (zgossip_node_publish (n, "k", STR, "v", STR, 0)) \
    X (zgossip_node_unpublish (n, "k", STR)) \
    X (zgossip_node_get (n, "k", STR, buffer, sizeof buffer)) \
    X (zgossip_node_flush (n, 0)) \
    X (zgossip_node_size (n)) \
    X (zgossip_node_recv (n, 0, &no_event)) \
    X (zgossip_node_fd (n)) \
    X (zgossip_node_set (n, "server/timeout", "1")) \
    X (zgossip_node_load (n, "/dev/null")) \
    X (zgossip_node_save (n, "/dev/null")) \
    X (zgossip_node_set_keys (n, keys [0], keys [1])) \
    X (zgossip_node_allow (n, keys [0])) \
    X (zgossip_node_set_zap_domain (n, "global"))

#define IS_BAD(call) BAD (call);

int main (void)
{
    int count = 0;
    CHECK_INT (zgossip_error_code (), 0);
    CHECK_STR (zgossip_error_text (), "");
    CHECK_INT (zgossip_new_keys (keys [0], keys [1]), 0);
    CHECK_INT (strlen (keys [0]), 40);
    CHECK_INT (strlen (keys [1]), 40);
    memset (key, 'k', sizeof key - 1);

    //  No node, one that has been destroyed, and what never was one.
    EVERY (IS_BAD, NULL)
    NOTHING (zgossip_node_snapshot (NULL));
    node = new_node ("gone");
    stale = node;
    destroy (&node);
    CHECK_INT (zgossip_node_destroy (&node), 0);
    EVERY (IS_BAD, stale)
    NOTHING (zgossip_node_snapshot (stale));
    zgossip_node_t *copy = stale;
    BAD (zgossip_node_destroy (&copy));
    CHECK (!copy);
    BAD (zgossip_node_destroy (NULL));
    EVERY (IS_BAD, (zgossip_node_t *) buffer)
    EVERY (IS_BAD, (zgossip_node_t *) -1)

    NOTHING (zgossip_node_new ("x", 8));
    NOTHING (zgossip_node_new ("x", 0xffffffff));
    NOTHING (zgossip_node_new ("x", ZGOSSIP_LOG_EVENTS | ZGOSSIP_LOG_OFF));
    BAD (zgossip_new_keys (NULL, keys [1]));
    BAD (zgossip_new_keys (keys [0], NULL));

    node = new_node ("node");
    CHECK (node != stale);
    BAD (zgossip_node_bind (node, NULL));
    REFUSED (zgossip_node_bind (node, ""));
    REFUSED (zgossip_node_bind (node, "nonsense"));
    REFUSED (zgossip_node_bind (node, "tcp://127.0.0.1:*[9-1]"));
    BAD (zgossip_node_connect (node, NULL, NULL));
    REFUSED (zgossip_node_connect (node, "", NULL));
    REFUSED (zgossip_node_connect (node, "nonsense://x", NULL));
    REFUSED (zgossip_node_connect (node, "tcp://127.0.0.1:1", keys [0]));
    BAD (zgossip_node_disconnect (node, NULL));
    REFUSED (zgossip_node_disconnect (node, "tcp://127.0.0.1:1"));

    BAD (zgossip_node_publish (node, NULL, STR, "v", STR, 0));
    BAD (zgossip_node_publish (node, NULL, 1, "v", STR, 0));
    BAD (zgossip_node_publish (node, "k", STR, NULL, STR, 0));
    BAD (zgossip_node_publish (node, "k", STR, NULL, 1, 0));
    BAD (zgossip_node_publish (node, "k", STR, "v", STR, 1));
    BAD (zgossip_node_publish (node, key, 256, "v", STR, 0));
    BAD (zgossip_node_publish (node, key, STR, "v", STR, 0));
    BAD (zgossip_node_publish (node, "k", (size_t) -2, "v", STR, 0));
    BAD (zgossip_node_publish (node, "k", STR, "v", (size_t) -2, 0));
    BAD (zgossip_node_publish (node, "k\0k", 3, "v", STR, 0));
    BAD (zgossip_node_publish (node, "k", STR, "v\0", 2, 0));
    BAD (zgossip_node_unpublish (node, NULL, STR));
    BAD (zgossip_node_unpublish (node, NULL, 1));
    BAD (zgossip_node_unpublish (node, key, 256));
    BAD (zgossip_node_unpublish (node, "k\0k", 3));
    BAD (zgossip_node_get (node, NULL, STR, buffer, 1));
    BAD (zgossip_node_get (node, NULL, 1, buffer, 1));
    BAD (zgossip_node_get (node, "k", STR, NULL, 1));
    WRONG (zgossip_node_get (node, "k", STR, buffer, 1), ZGOSSIP_NOT_FOUND, ZGOSSIP_NOT_FOUND);
    WRONG (zgossip_node_get (node, key, 256, buffer, 1), ZGOSSIP_NOT_FOUND, ZGOSSIP_NOT_FOUND);
    BAD (zgossip_node_recv (node, 0, NULL));
    BAD (zgossip_node_recv (node, -2, &no_event));
    WRONG (zgossip_node_recv (node, 0, &no_event), ZGOSSIP_TIMED_OUT, ZGOSSIP_TIMED_OUT);
    WRONG (zgossip_node_recv (node, 5, &no_event), ZGOSSIP_TIMED_OUT, ZGOSSIP_TIMED_OUT);

    BAD (zgossip_node_set (node, NULL, "1"));
    BAD (zgossip_node_set (node, "server/timeout", NULL));
    REFUSED (zgossip_node_set (node, "", "1"));
    REFUSED (zgossip_node_set (node, "server/timeout", "-1"));
    BAD (zgossip_node_load (node, NULL));
    REFUSED (zgossip_node_load (node, "/nowhere/at/all"));
    BAD (zgossip_node_save (node, NULL));
    REFUSED (zgossip_node_save (node, "/nowhere/at/all"));
    BAD (zgossip_node_set_keys (node, NULL, keys [1]));
    BAD (zgossip_node_set_keys (node, keys [0], NULL));
    BAD (zgossip_node_set_keys (node, "short", keys [1]));
    BAD (zgossip_node_set_keys (node, keys [0], "short"));
    BAD (zgossip_node_allow (node, NULL));
    BAD (zgossip_node_allow (node, "short"));
    BAD (zgossip_node_set_zap_domain (node, NULL));

    //  None of that has left a key: plain text is still allowed.
    CHECK (zgossip_node_bind (node, "tcp://127.0.0.1:!") > 0);
    CHECK_INT (zgossip_node_connect (node, "tcp://127.0.0.1:1", NULL), 0);
    REFUSED (zgossip_node_set_keys (node, keys [0], keys [1]));
    zgossip_node_t *keyed = new_node ("keyed");
    CHECK_INT (zgossip_node_set_keys (keyed, keys [0], keys [1]), 0);
    REFUSED (zgossip_node_connect (keyed, "tcp://127.0.0.1:1", NULL));
    REFUSED (zgossip_node_connect (keyed, "tcp://127.0.0.1:1", "short"));
    destroy (&keyed);
    CHECK_INT (zgossip_node_size (node), 0);
    CHECK (!is_readable (node));

    BAD (zgossip_event_type (NULL));
    NOTHING (zgossip_event_key (NULL, &size));
    NOTHING (zgossip_event_value (NULL, &size));
    BAD (zgossip_event_destroy (NULL));
    CHECK_INT (zgossip_event_destroy (&no_event), 0);
    publish (node, "k", "v");
    CHECK_INT (zgossip_node_recv (node, limit (), &event), 0);
    CHECK_STR (zgossip_event_key (event, NULL), "k");
    CHECK_STR (zgossip_event_value (event, NULL), "v");
    CHECK_INT (zgossip_event_destroy (&event), 0);
    CHECK (!event);
    CHECK_INT (zgossip_event_destroy (&event), 0);

    BAD (zgossip_tuples_next (NULL));
    BAD (zgossip_tuples_size (NULL));
    NOTHING (zgossip_tuples_key (NULL, &size));
    NOTHING (zgossip_tuples_value (NULL, &size));
    BAD (zgossip_tuples_destroy (NULL));
    CHECK_INT (zgossip_tuples_destroy (&no_tuples), 0);
    tuples = zgossip_node_snapshot (node);
    NOTHING (zgossip_tuples_key (tuples, &size));
    NOTHING (zgossip_tuples_value (tuples, &size));
    CHECK_INT (zgossip_tuples_destroy (&tuples), 0);
    destroy (&node);

    printf ("%d wrong calls\n", count);
    return 0;
}
