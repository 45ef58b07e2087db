/*
 * The hub of the test, on CZMQ's API alone: on CZMQ's own actor, or on ours where that is preloaded.
 *
 *     hub NAME ...     the participants; ends when all have done everything
 *
 * Prints its port as the first line.
 */
#include <czmq.h>
#include "tuples.h"

typedef struct {
    const char *name;
    bool seen [TUPLES];
    bool ready, served;
} participant_t;

static void
answer (zactor_t *hub, const char *name, const char *value)
{
    char *key = zsys_sprintf ("hub/for/%s", name);
    zstr_sendx (hub, "PUBLISH", key, value, NULL);
    zstr_free (&key);
}

/* Returns true when the participant has said its last. */
static bool
hear (participant_t *self, zactor_t *hub, const char *key, const char *value)
{
    size_t length = strlen (self->name);
    if (strncmp (key, self->name, length) != 0 || key [length] != '/')
        return false;
    int number = tuple_number (self->name, key, value);
    if (number >= 0)
        self->seen [number] = true;
    else
    if (streq (key + length, "/state") && streq (value, "ready"))
        self->ready = true;
    else
    if (streq (key + length, "/state") && streq (value, "changed")) {
        answer (hub, self->name, "bye");
        return true;
    }
    bool complete = self->ready;
    for (number = 0; number < TUPLES; number++)
        complete = complete && self->seen [number];
    if (complete && !self->served) {
        self->served = true;
        answer (hub, self->name, "go");
    }
    return false;
}

int
main (int argc, char **argv)
{
    int number, left = argc - 1, port = 0;
    participant_t *all = (participant_t *) calloc ((size_t) argc, sizeof (participant_t));
    zactor_t *hub = zactor_new (zgossip, "hub");
    for (number = 0; number < TUPLES; number++) {
        char *key = tuple_key ("hub", number), *value = tuple_value ("hub", number);
        zstr_sendx (hub, "PUBLISH", key, value, NULL);
        free (key);
        free (value);
    }
    for (number = 0; number < left; number++) {
        all [number].name = argv [number + 1];
        answer (hub, all [number].name, "wait");
    }
    //  Else CZMQ's actor forgets those that a busy machine keeps quiet for a second, with what they sent.
    zstr_sendx (hub, "SET", "server/timeout", "1000000", NULL);
    zstr_sendx (hub, "BIND", "tcp://127.0.0.1:*", NULL);
    zstr_sendx (hub, "PORT", NULL);

    bool more = true, interrupted = false;
    while (more) {
        char *command = NULL, *key = NULL, *value = NULL;
        if (zstr_recvx (hub, &command, &key, &value, NULL) < 0) {
            interrupted = true;
            break;
        }
        if (streq (command, "PORT")) {
            port = atoi (key);
            printf ("%d\n", port);
            fflush (stdout);
        }
        else
            for (number = 0; number < argc - 1; number++)
                left -= hear (&all [number], hub, key, value);
        zstr_free (&command);
        zstr_free (&key);
        zstr_free (&value);
        more = left > 0 || port == 0;
    }
    //  The last "bye" has still to be taken by its participant, before the hub's input ends.
    while (!interrupted && getchar () != EOF);
    zactor_destroy (&hub);
    free (all);
    return interrupted;
}
