/*  A client that announces a message of more than 1 GiB is disconnected. CZMQ's
    actor sets no limit, and memory is set aside for whatever is announced. */

#include "testutil.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/*  ZMTP 3.1, no security; a DEALER; the first bytes of a long frame: 1 GiB and one byte. */
static const unsigned char greeting [64] = {
    0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'N', 'U', 'L', 'L'
};
static const unsigned char ready [] = {
    4, 28, 5, 'R', 'E', 'A', 'D', 'Y', 11, 'S', 'o', 'c', 'k', 'e', 't', '-', 'T', 'y', 'p', 'e',
    0, 0, 0, 6, 'D', 'E', 'A', 'L', 'E', 'R'
};
static const unsigned char frame [] = { 2, 0, 0, 0, 0, 0x40, 0, 0, 1, 0xaa, 0xa0, 2, 1 };

static int
tcp_connect (int port)
{
    struct sockaddr_in address = { 0 };
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons ((uint16_t) port);
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    CHECK (connect (fd, (struct sockaddr *) &address, sizeof (address)) == 0);
    struct timeval limit = { tu_limit () / 1000, 0 };
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof (limit));
    return fd;
}

static void
say (int fd, const void *bytes, size_t size)
{
    CHECK (send (fd, bytes, size, MSG_NOSIGNAL) == (ssize_t) size);
}

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    int fd = tcp_connect (tu_port (server, NULL));
    say (fd, greeting, sizeof (greeting));
    say (fd, ready, sizeof (ready));
    say (fd, frame, sizeof (frame));
    /*  Past the server's own greeting and READY there is the end. */
    char buffer [256];
    ssize_t size;
    while ((size = recv (fd, buffer, sizeof (buffer), 0)) > 0)
        ;
    CHECK (size == 0 || errno == ECONNRESET);
    close (fd);

    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
