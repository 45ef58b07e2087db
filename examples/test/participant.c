/*
 * A participant in C: see examples/run.
 *
 *     participant ENDPOINT NAME PEER ...
 */
#include "tuples.h"
#include <zgossip/zgossip_node.h>

static void
require (bool condition, const char *what)
{
    if (!condition) {
        fprintf (stderr, "participant: %s: %s\n", what, zgossip_error_text ());
        exit (1);
    }
}

static void
publish (zgossip_node_t *node, const char *key, const char *value)
{
    require (zgossip_node_publish (node, key, ZGOSSIP_STRING, value, strlen (value), 0) == 0, "publish");
}

static void
publish_own (zgossip_node_t *node, const char *name)
{
    int number;
    for (number = 0; number < TUPLES; number++) {
        char *key = tuple_key (name, number), *value = tuple_value (name, number);
        publish (node, key, value);
        free (key);
        free (value);
    }
}

/* Everything was told as an event; the node must say the same when it is asked. */
static void
check_held (zgossip_node_t *node, char **names, int count)
{
    int number, found = 0;
    char buffer [LARGE];
    for (number = 0; number < count * TUPLES; number++) {
        char *key = tuple_key (names [number / TUPLES], number % TUPLES);
        char *value = tuple_value (names [number / TUPLES], number % TUPLES);
        int64_t size = zgossip_node_get (node, key, strlen (key), buffer, sizeof buffer);
        require (size == (int64_t) strlen (value) && memcmp (buffer, value, (size_t) size) == 0, key);
        free (key);
        free (value);
    }
    zgossip_tuples_t *tuples = zgossip_node_snapshot (node);
    require (tuples && zgossip_tuples_size (tuples) >= count * TUPLES, "size of the snapshot");
    while (zgossip_tuples_next (tuples) > 0)
        for (number = 0; number < count; number++)
            found += tuple_number (names [number], zgossip_tuples_key (tuples, NULL),
                                   zgossip_tuples_value (tuples, NULL)) >= 0;
    require (found == count * TUPLES, "the snapshot");
    zgossip_tuples_destroy (&tuples);
    require (zgossip_node_get (node, "nobody", ZGOSSIP_STRING, NULL, 0) == ZGOSSIP_NOT_FOUND, "get");
}

int
main (int argc, char **argv)
{
    const char *name = argv [2];
    char **names = argv + 1;            //  the hub, this one, its peers
    int count = argc - 1, missing = count * TUPLES, number;
    bool *seen = (bool *) calloc ((size_t) missing, sizeof (bool));
    bool joined = false, ready = false, bye = false;
    char *answer_key = (char *) calloc (1, strlen (name) + 16);
    char *state_key = (char *) calloc (1, strlen (name) + 16);
    sprintf (answer_key, "hub/for/%s", name);
    sprintf (state_key, "%s/state", name);

    zgossip_node_t *node = zgossip_node_new (name, 0);
    require (node && zgossip_node_connect (node, argv [1], NULL) == 0, "connect");
    argv [1] = (char *) "hub";
    publish_own (node, name);
    while (!bye) {
        zgossip_event_t *event = NULL;
        require (zgossip_node_recv (node, -1, &event) == 0, "recv");
        const char *key = zgossip_event_key (event, NULL), *value = zgossip_event_value (event, NULL);
        joined = joined || zgossip_event_type (event) == ZGOSSIP_EVENT_JOINED;
        for (number = 0; number < count; number++) {
            int found = tuple_number (names [number], key, value);
            if (found >= 0 && !seen [number * TUPLES + found]) {
                seen [number * TUPLES + found] = true;
                missing--;
            }
        }
        if (missing == 0 && joined && !ready) {
            ready = true;
            check_held (node, names, count);
            publish (node, state_key, "ready");
        }
        if (strcmp (key, answer_key) == 0) {
            if (strcmp (value, "go") == 0)
                publish (node, state_key, "changed");
            bye = strcmp (value, "bye") == 0;
        }
        zgossip_event_destroy (&event);
    }
    require (zgossip_node_destroy (&node) == 0 && !node, "destroy");
    printf ("%s left\n", name);
    free (seen);
    free (answer_key);
    free (state_key);
    return 0;
}
