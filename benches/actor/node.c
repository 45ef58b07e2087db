/*  A node and its owner, who talks to it by raw frames: it shall cost as little as
    it can, and the same in all modes. */

#include "bench.h"

bool limit_mode;
bool quick_mode;

node_t node_new (source_t source)
{
    node_t self;
    self.actor = limit_mode? zactor_new (limit_actor, (void *) (intptr_t) source):
                             zactor_new (zgossip, NULL);
    if (!self.actor)
        die ("no actor");
    self.pipe = zsock_resolve (self.actor);
    //  The original forgets clients that are quiet for a second, and their next tuples.
    if (!limit_mode)
        zstr_sendx (self.actor, "SET", "server/timeout", "100000", NULL);
    return self;
}

void node_destroy (node_t *self)
{
    zactor_destroy (&self->actor);
}

/*  Random ports: a neighbour of one that was used a moment ago may still be taken. */
const char *node_bind (node_t *self, const char *transport)
{
    static char endpoint [256];
    static int count;
    if (streq (transport, "ipc"))
        snprintf (endpoint, sizeof endpoint, "ipc:///tmp/zgossip-bench-%d-%d", (int) getpid (), ++count);
    else
    if (streq (transport, "inproc"))
        snprintf (endpoint, sizeof endpoint, "inproc://bench-%d", ++count);
    else
        strcpy (endpoint, "tcp://127.0.0.1:!");
    zstr_sendx (self->actor, "BIND", endpoint, NULL);
    if (streq (transport, "tcp")) {
        char *word = NULL, *port = NULL;
        zstr_sendx (self->actor, "PORT", NULL);
        zstr_recvx (self->actor, &word, &port, NULL);
        if (!word || strneq (word, "PORT"))
            die ("no port");
        snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%s", port);
        zstr_free (&word);
        zstr_free (&port);
    }
    return endpoint;
}

void node_connect (node_t *self, const char *endpoint)
{
    zstr_sendx (self->actor, "CONNECT", endpoint, NULL);
}

void node_start (node_t *self, size_t clients)
{
    char text [32];
    snprintf (text, sizeof text, "%zu", clients);
    if (limit_mode)
        zstr_sendx (self->actor, "START", text, NULL);
}

static void send_part (node_t *self, const char *text, int flags)
{
    if (zmq_send (self->pipe, text, strlen (text), flags) == -1)
        die ("cannot send to the node");
}

void node_publish (node_t *self, const char *key, const char *value)
{
    send_part (self, "PUBLISH", ZMQ_SNDMORE);
    send_part (self, key, ZMQ_SNDMORE);
    send_part (self, value, 0);
}

/*  Receive one message; its key is copied to `key` if that is not NULL. */
static void receive (node_t *self, char *key)
{
    zmq_msg_t part;
    zmq_msg_init (&part);
    for (int number = 0; number == 0 || zmq_msg_more (&part); number++) {
        if (zmq_msg_recv (&part, self->pipe, 0) == -1)
            die ("cannot receive from the node");
        if (key && number == 1) {
            size_t size = zmq_msg_size (&part) < 255? zmq_msg_size (&part): 255;
            memcpy (key, zmq_msg_data (&part), size);
            key [size] = 0;
        }
    }
    zmq_msg_close (&part);
}

void node_expect (node_t *self, size_t count)
{
    while (count--)
        receive (self, NULL);
}

void node_expect_key (node_t *self, const char *key)
{
    char found [256] = "";
    while (strneq (found, key))
        receive (self, found);
}

const char *key_of (size_t number)
{
    static char text [64];
    snprintf (text, sizeof text, "key-%016zu", number);
    return text;
}

const char *value_of (size_t number)
{
    static char text [64];
    snprintf (text, sizeof text, "value-%010zu", number);
    return text;
}
