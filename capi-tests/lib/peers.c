/*  Raw peers: sockets that send and expect frames written in hex. */

#include "internal.h"

#include <sys/socket.h>
#include <unistd.h>

zsock_t *
tu_dealer (const char *endpoint)
{
    zsock_t *sock = zsock_new (ZMQ_DEALER);
    zsock_set_sndtimeo (sock, tu_limit ());
    zsock_set_linger (sock, 0);
    if (zsock_connect (sock, "%s", endpoint))
        tu_broken (endpoint);
    return sock;
}

int
tu_tcp_connect (int port)
{
    struct sockaddr_in address = tu_loopback (port);
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect (fd, (struct sockaddr *) &address, sizeof (address))) {
        close (fd);
        fd = -1;
    }
    return fd;
}

zsock_t *
tu_session (const char *endpoint)
{
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, HELLO);
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    return client;
}

void
tu_served (const char *endpoint)
{
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    zsock_destroy (&client);
}

/*  Read so many bytes. */
static void
read_whole (int fd, unsigned char *bytes, size_t size)
{
    for (size_t got = 0; got < size; ) {
        ssize_t more = recv (fd, bytes + got, size - got, 0);
        if (more <= 0)
            tu_fail_call ("the handshake ends");
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
    int fd = tu_tcp_connect (port);
    if (fd < 0)
        tu_fail_call ("no connection");
    struct timeval limit = { tu_limit () / 1000 + 1, 0 };
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof (limit));
    unsigned char answer [256];
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
        tu_broken (endpoint);
    return sock;
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
    const char *got = tu_recv_hex (sock, tu_limit ());
    if (!got || !streq (got, hex))
        tu_fail_call ("peer got %s, expected %s", got? got: "nothing", hex);
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
