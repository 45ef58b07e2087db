/*
 * Participants on CZMQ's actor, all in this process.
 *
 *     actors ENDPOINT NAME,NAME... PEER ...
 */
#include <czmq.h>
#include "tuples.h"

typedef struct {
    const char *name;
    zactor_t *actor;
    char *answer_key;
    int missing;                //  tuples of others
    bool *seen;                 //  by peer and number
    bool ready, left;
} participant_t;

static void
publish_state (participant_t *self, const char *state)
{
    char *key = zsys_sprintf ("%s/state", self->name);
    zstr_sendx (self->actor, "PUBLISH", key, state, NULL);
    zstr_free (&key);
}

static void
participant_start (participant_t *self, const char *name, const char *endpoint, int peers)
{
    int number;
    self->name = name;
    self->actor = zactor_new (zgossip, (void *) name);
    self->answer_key = zsys_sprintf ("hub/for/%s", name);
    self->missing = peers * TUPLES;
    self->seen = (bool *) calloc ((size_t) peers, TUPLES * sizeof (bool));
    zstr_sendx (self->actor, "CONNECT", endpoint, NULL);
    for (number = 0; number < TUPLES; number++) {
        char *key = tuple_key (name, number), *value = tuple_value (name, number);
        zstr_sendx (self->actor, "PUBLISH", key, value, NULL);
        free (key);
        free (value);
    }
}

static void
participant_hear (participant_t *self, char **peers, int count)
{
    char *command = NULL, *key = NULL, *value = NULL;
    int peer, number;
    if (zstr_recvx (self->actor, &command, &key, &value, NULL) < 0)
        exit (1);
    for (peer = 0; peer < count; peer++) {
        number = tuple_number (peers [peer], key, value);
        if (number >= 0 && !self->seen [peer * TUPLES + number]) {
            self->seen [peer * TUPLES + number] = true;
            self->missing--;
        }
    }
    if (self->missing == 0 && !self->ready) {
        self->ready = true;
        publish_state (self, "ready");
    }
    if (streq (key, self->answer_key)) {
        if (streq (value, "go"))
            publish_state (self, "changed");
        self->left = self->left || streq (value, "bye");
    }
    zstr_free (&command);
    zstr_free (&key);
    zstr_free (&value);
}

int
main (int argc, char **argv)
{
    int count = 0, left, number;
    char *name;
    participant_t *all = (participant_t *) calloc (strlen (argv [2]) + 1, sizeof (participant_t));
    zpoller_t *poller = zpoller_new (NULL);
    //  The hub's tuples, those of our own participants, and those of others.
    char **peers = (char **) calloc (strlen (argv [2]) + (size_t) argc, sizeof (char *));
    int peer_count = 0;
    peers [peer_count++] = "hub";
    for (number = 3; number < argc; number++)
        peers [peer_count++] = argv [number];
    for (name = strtok (argv [2], ","); name; name = strtok (NULL, ",")) {
        peers [peer_count++] = name;
        all [count++].name = name;
    }
    for (number = 0; number < count; number++) {
        participant_start (&all [number], all [number].name, argv [1], peer_count);
        zpoller_add (poller, all [number].actor);
    }
    left = count;
    while (left > 0) {
        void *which = zpoller_wait (poller, -1);
        if (!which)
            return 1;
        for (number = 0; number < count; number++)
            if (which == all [number].actor) {
                bool before = all [number].left;
                participant_hear (&all [number], peers, peer_count);
                if (all [number].left && !before) {
                    printf ("%s left\n", all [number].name);
                    left--;
                }
            }
    }
    zpoller_destroy (&poller);
    for (number = 0; number < count; number++) {
        zactor_destroy (&all [number].actor);
        zstr_free (&all [number].answer_key);
        free (all [number].seen);
    }
    free (peers);
    free (all);
    return 0;
}
