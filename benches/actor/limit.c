/*  The floor: the sockets of a gossip node, each message passed on at once, and
    nothing looked at, kept or compared. A node waits on one socket only. */

#include "bench.h"
#include <assert.h>

#define MAX_CLIENTS 5000

typedef struct {
    void *pipe, *router, *dealer;
    zmq_msg_t clients [MAX_CLIENTS];    //  routing ids
    size_t count;
} limit_t;

static void send_bytes (void *socket, const void *data, size_t size, int flags)
{
    if (zmq_send (socket, data, size, flags) == -1)
        die ("limit: cannot send");
}

static void send_frame (void *socket, const void *data, size_t size, zmq_msg_t *shared)
{
    zmq_msg_t frame;
    zmq_msg_init (&frame);
    if (zmq_msg_size (shared) == 0) {
        zmq_msg_close (shared);
        zmq_msg_init_size (shared, size);
        memcpy (zmq_msg_data (shared), data, size);
    }
    zmq_msg_copy (&frame, shared);
    if (zmq_msg_send (&frame, socket, 0) == -1)
        die ("limit: cannot send");
}

/*  To all links but the server that it came by, and to the owner. */
static void pass_on (limit_t *self, const char *key, size_t key_size, const char *value,
                     size_t value_size, bool from_server)
{
    unsigned char data [4 + 1 + 255 + 4 + 255 + 4] = { 0xAA, 0xA0, 2, 1, (unsigned char) key_size };
    assert (key_size < 256 && value_size < 256);
    memcpy (data + 5, key, key_size);
    data [8 + key_size] = (unsigned char) value_size;
    memcpy (data + 9 + key_size, value, value_size);
    size_t size = 13 + key_size + value_size;

    zmq_msg_t shared;
    zmq_msg_init (&shared);
    for (size_t index = 0; index < self->count; index++) {
        zmq_msg_t *id = &self->clients [index];
        send_bytes (self->router, zmq_msg_data (id), zmq_msg_size (id), ZMQ_SNDMORE);
        send_frame (self->router, data, size, &shared);
    }
    if (self->dealer && !from_server)
        send_frame (self->dealer, data, size, &shared);
    zmq_msg_close (&shared);
    send_bytes (self->pipe, "DELIVER", 7, ZMQ_SNDMORE);
    send_bytes (self->pipe, key, key_size, ZMQ_SNDMORE);
    send_bytes (self->pipe, value, value_size, 0);
}

/*  The next frame, or false when the socket is closed. */
static bool next (void *socket, zmq_msg_t *frame)
{
    return zmq_msg_recv (frame, socket, 0) != -1;
}

static void run (limit_t *self, source_t source)
{
    zmq_msg_t first, second, third;
    zmq_msg_init (&first);
    zmq_msg_init (&second);
    zmq_msg_init (&third);
    void *socket = source == FROM_PIPE? self->pipe: self->dealer;
    bool stop = false;
    while (!stop && next (socket, &first)) {
        if (source == FROM_PIPE) {
            if (!zmq_msg_more (&first))
                break;              //  $TERM
            next (socket, &second);
            next (socket, &third);
            pass_on (self, zmq_msg_data (&second), zmq_msg_size (&second),
                     zmq_msg_data (&third), zmq_msg_size (&third), false);
            stop = memcmp (zmq_msg_data (&second), "STOP", 4) == 0;
            continue;
        }
        const unsigned char *data = zmq_msg_data (&first);
        size_t key_size = data [4];
        pass_on (self, (const char *) data + 5, key_size, (const char *) data + 9 + key_size,
                 data [8 + key_size], true);
        stop = memcmp (data + 5, "STOP", 4) == 0;
    }
    zmq_msg_close (&first);
    zmq_msg_close (&second);
    zmq_msg_close (&third);
}

/*  args: the source. BIND, CONNECT and START as node.c sends them. */
void limit_actor (zsock_t *pipe, void *args)
{
    source_t source = (source_t) (intptr_t) args;
    limit_t *self = calloc (1, sizeof *self);
    zsock_t *router = NULL, *dealer = NULL;
    assert (self);
    self->pipe = zsock_resolve (pipe);
    zsock_signal (pipe, 0);
    bool started = false;
    int port = 0;
    while (!started) {
        char *command = NULL, *argument = NULL;
        if (zstr_recvx (pipe, &command, &argument, NULL) == -1 || streq (command, "$TERM")) {
            zstr_free (&command);
            break;
        }
        if (streq (command, "BIND")) {
            router = zsock_new (ZMQ_ROUTER);
            zsock_set_unbounded (router);
            port = zsock_bind (router, "%s", argument);
            if (port == -1)
                die ("limit: cannot bind");
            self->router = zsock_resolve (router);
        }
        else
        if (streq (command, "PORT")) {
            char text [16];
            snprintf (text, sizeof text, "%d", port);
            zstr_sendx (pipe, "PORT", text, NULL);
        }
        else
        if (streq (command, "CONNECT")) {
            dealer = zsock_new (ZMQ_DEALER);
            zsock_set_unbounded (dealer);
            zsock_connect (dealer, "%s", argument);
            self->dealer = zsock_resolve (dealer);
            zstr_send (dealer, "HELLO");
        }
        else {
            size_t clients = (size_t) atol (argument);
            assert (clients <= MAX_CLIENTS);
            zmq_msg_t hello;
            zmq_msg_init (&hello);
            for (; self->count < clients; self->count++) {
                zmq_msg_init (&self->clients [self->count]);
                next (self->router, &self->clients [self->count]);
                next (self->router, &hello);
            }
            zmq_msg_close (&hello);
            started = true;
        }
        zstr_free (&command);
        zstr_free (&argument);
    }
    if (started)
        run (self, source);
    for (size_t index = 0; index < self->count; index++)
        zmq_msg_close (&self->clients [index]);
    //  What is still under way must arrive: all others end by it.
    if (router)
        zsock_set_linger (router, 5000);
    if (dealer)
        zsock_set_linger (dealer, 5000);
    zsock_destroy (&router);
    zsock_destroy (&dealer);
    free (self);
}
