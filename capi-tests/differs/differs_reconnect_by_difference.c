/*  Two nodes whose connection breaks and comes back say what they differ in, and not what they
    hold. A proxy between them counts: bytes of gossip are those of HELLO, PING and PONG, the frames'
    bodies as ZMTP carries them, heartbeats included. ZMTP's own greeting, handshake and heartbeats
    are commands and not counted; tuples are counted apart. */

#include "testutil.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define TUPLES  100000
#define CHANGES 10

/* ---- the proxy ---- */

/*  What went one way: frames and bytes of gossip, tuples and their bytes. */
typedef struct {
    uint64_t frames, bytes, tuples, tuple_bytes;
} traffic_t;

/*  One direction of a connection, with a reader of ZMTP 3. */
typedef struct {
    int from, to;
    traffic_t traffic;
    size_t skip;            //  Bytes that mean nothing to us
    unsigned char head [12];    //  Of a frame: flags, size, the body's first three bytes
    size_t head_size;
} way_t;

/*  To the server, and to the client. */
typedef struct {
    int listener, port, target;
    way_t ways [2];
} proxy_t;

static void
count_frame (traffic_t *traffic, const unsigned char *body, uint64_t size)
{
    if (size >= 3 && body [2] == 2) {
        traffic->tuples++;
        traffic->tuple_bytes += size;
    }
    else {
        traffic->frames++;
        traffic->bytes += size;
    }
}

static void
count_bytes (way_t *way, const unsigned char *data, size_t size)
{
    while (size) {
        if (way->skip) {
            size_t skipped = way->skip < size? way->skip: size;
            way->skip -= skipped;
            data += skipped;
            size -= skipped;
            continue;
        }
        way->head [way->head_size++] = *data++;
        size--;
        bool is_long = way->head [0] & 2, is_command = way->head [0] & 4;
        size_t start = is_long? 9: 2;
        if (way->head_size < start)
            continue;
        uint64_t body = 0;
        for (size_t index = 1; index < start; index++)
            body = body << 8 | way->head [index];
        size_t wanted = body < 3? (size_t) body: 3;
        if (way->head_size < start + wanted)
            continue;
        if (!is_command)
            count_frame (&way->traffic, way->head + start, body);
        way->skip = (size_t) (body - wanted);
        way->head_size = 0;
    }
}

static struct sockaddr_in
local_address (int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    return address;
}

static void
cut (proxy_t *self)
{
    for (int index = 0; index < 2; index++)
        if (self->ways [index].from >= 0) {
            close (self->ways [index].from);
            self->ways [index].from = -1;
        }
}

static void
start_listening (proxy_t *self)
{
    int on = 1;
    struct sockaddr_in address = local_address (self->port);
    self->listener = socket (AF_INET, SOCK_STREAM, 0);
    setsockopt (self->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind (self->listener, (struct sockaddr *) &address, sizeof address)
    ||  listen (self->listener, 8))
        exit (TU_BROKEN);
}

static void
join_ends (proxy_t *self)
{
    struct sockaddr_in address = local_address (self->target);
    int client = accept (self->listener, NULL, NULL), on = 1;
    int server = socket (AF_INET, SOCK_STREAM, 0);
    cut (self);
    if (connect (server, (struct sockaddr *) &address, sizeof address)) {
        close (client);
        close (server);
        return;
    }
    setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt (server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    //  The greeting of ZMTP has 64 bytes.
    self->ways [0] = (way_t) { .from = client, .to = server, .skip = 64 };
    self->ways [1] = (way_t) { .from = server, .to = client, .skip = 64 };
}

static void
carry (proxy_t *self, way_t *way)
{
    unsigned char data [65536];
    ssize_t size = recv (way->from, data, sizeof data, 0), sent = 0;
    while (size > 0 && sent < size) {
        ssize_t now = send (way->to, data + sent, (size_t) (size - sent), MSG_NOSIGNAL);
        if (now <= 0)
            size = -1;
        sent += now;
    }
    if (size <= 0)
        cut (self);
    else
        count_bytes (way, data, (size_t) size);
}

/*  Commands: CUT and RESTORE, which are answered when they are done; COUNT. */
static bool
obey (proxy_t *self, zsock_t *pipe)
{
    char *command = zstr_recv (pipe);
    bool ends = !command || streq (command, "$TERM");
    if (!ends && streq (command, "COUNT"))
        zsock_send (pipe, "bb", &self->ways [0].traffic, sizeof (traffic_t),
                    &self->ways [1].traffic, sizeof (traffic_t));
    else
    if (!ends && streq (command, "CUT")) {
        cut (self);
        close (self->listener);
        self->listener = -1;
        self->ways [0].traffic = self->ways [1].traffic = (traffic_t) { 0 };
        zsock_signal (pipe, 0);
    }
    else
    if (!ends) {
        start_listening (self);
        zsock_signal (pipe, 0);
    }
    zstr_free (&command);
    return !ends;
}

static void
proxy (zsock_t *pipe, void *args)
{
    proxy_t self = { .listener = -1, .port = ((int *) args) [0], .target = ((int *) args) [1] };
    self.ways [0].from = self.ways [1].from = -1;
    start_listening (&self);
    zsock_signal (pipe, 0);
    while (true) {
        zmq_pollitem_t items [4] = { { zsock_resolve (pipe), 0, ZMQ_POLLIN, 0 } };
        way_t *ways [4] = { NULL };
        int count = 1;
        if (self.listener >= 0)
            items [count++] = (zmq_pollitem_t) { NULL, self.listener, ZMQ_POLLIN, 0 };
        for (int index = 0; index < 2; index++)
            if (self.ways [index].from >= 0) {
                ways [count] = &self.ways [index];
                items [count++] = (zmq_pollitem_t) { NULL, self.ways [index].from, ZMQ_POLLIN, 0 };
            }
        if (zmq_poll (items, count, -1) < 0)
            break;
        if (items [0].revents) {
            if (!obey (&self, pipe))
                break;
            continue;
        }
        for (int index = 1; index < count; index++)
            if (items [index].revents && ways [index] && ways [index]->from >= 0)
                carry (&self, ways [index]);
            else
            if (items [index].revents && !ways [index])
                join_ends (&self);
    }
    cut (&self);
    if (self.listener >= 0)
        close (self.listener);
}

static void
tell_proxy (zactor_t *self, const char *command)
{
    zstr_send (self, command);
    CHECK_INT (zsock_wait (self), 0);
}

/*  What went to the server and to the client since the connection came back. */
static void
ask_proxy (zactor_t *self, traffic_t *traffic)
{
    zstr_send (self, "COUNT");
    zmsg_t *reply = zmsg_recv (self);
    CHECK (reply && zmsg_size (reply) == 2);
    for (int way = 0; way < 2; way++) {
        zframe_t *frame = zmsg_pop (reply);
        CHECK (zframe_size (frame) == sizeof (traffic_t));
        memcpy (&traffic [way], zframe_data (frame), sizeof (traffic_t));
        zframe_destroy (&frame);
    }
    zmsg_destroy (&reply);
}

static void
show (const char *what, const traffic_t *traffic)
{
    for (int way = 0; way < 2; way++)
        printf ("%s, to the %s: %llu bytes of gossip, %llu tuples of %llu bytes\n", what,
                way? "client": "server", (unsigned long long) traffic [way].bytes,
                (unsigned long long) traffic [way].tuples,
                (unsigned long long) traffic [way].tuple_bytes);
}

/* ---- the nodes ---- */

static zactor_t *nodes [2], *between;

/*  Wait until the client has sent its first heartbeat behind HELLO and PING, and the server has
    answered both. */
static bool
reconnect_equal (void)
{
    traffic_t traffic [2];
    tell_proxy (between, "CUT");
    tell_proxy (between, "RESTORE");
    int64_t until = tu_deadline ();
    do {
        CHECK (zclock_mono () < until);
        zclock_sleep (5);
        ask_proxy (between, traffic);
    }
    while (traffic [0].frames < 3 || traffic [1].frames < 2);
    show ("equal sets", traffic);
    return traffic [0].tuples + traffic [1].tuples == 0
        && traffic [0].bytes <= 200 && traffic [1].bytes <= 200;
}

/*  Read until both nodes have told all changes with this value. */
static void
wait_for_changes (const char *value)
{
    int64_t until = tu_deadline ();
    int told [2] = { 0 };
    while (told [0] < CHANGES || told [1] < CHANGES)
        for (int node = 0; node < 2; node++) {
            zmsg_t *message = tu_recv_msg (nodes [node], 10);
            const char *text = message? tu_text (&message): "";
            if (strstr (text, value))
                told [node]++;
            CHECK (zclock_mono () < until);
        }
}

/*  So many of the changes are made by the client, the others by the server. */
static bool
reconnect_changed (int by_client)
{
    static int round;
    traffic_t traffic [2];
    const char *value = tu_printf ("changed in round %d of the test", ++round);
    tell_proxy (between, "CUT");
    for (int change = 0; change < CHANGES; change++)
        zstr_sendx (nodes [change >= by_client], "PUBLISH",
                    tu_printf ("service/%d", change * 9973), value, NULL);
    tell_proxy (between, "RESTORE");
    wait_for_changes (value);
    ask_proxy (between, traffic);
    show (tu_printf ("%d changes by the client, %d by the server", by_client, CHANGES - by_client),
          traffic);
    return traffic [0].tuples + traffic [1].tuples <= 2 * CHANGES
        && traffic [0].bytes <= 4000 && traffic [1].bytes <= 4000;
}

int
main (void)
{
    tu_start ();
    nodes [0] = tu_node ("client");
    nodes [1] = tu_node ("server");
    const char *endpoint = tu_bind_tcp (nodes [1]);
    int ports [2] = { tu_free_port (), atoi (strrchr (endpoint, ':') + 1) };
    between = zactor_new (proxy, ports);
    CHECK (between);
    zstr_sendx (nodes [0], "CONNECT", tu_printf ("tcp://127.0.0.1:%d", ports [0]), NULL);
    char key [32];
    for (int number = 0; number < TUPLES; number++) {
        snprintf (key, sizeof key, "service/%d", number);
        CHECK (zstr_sendx (nodes [0], "PUBLISH", key, "tcp://192.168.100.100:49152", NULL) == 0);
    }
    tu_wait_all (nodes, 2, TUPLES, NULL);

    //  A machine that stands still for a while makes more of it: then once more.
    int64_t until = tu_deadline ();
    while (!reconnect_equal ())
        CHECK (zclock_mono () < until);
    for (int by_client = 0; by_client <= CHANGES; by_client += CHANGES / 2) {
        until = tu_deadline ();
        while (!reconnect_changed (by_client))
            CHECK (zclock_mono () < until);
    }
    until = tu_deadline ();
    while (!reconnect_equal ())
        CHECK (zclock_mono () < until);
    zactor_destroy (&nodes [0]);
    zactor_destroy (&nodes [1]);
    zactor_destroy (&between);
    return tu_done ();
}
