/*  CONNECT to a web server does not end the node. */

#include "testutil.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const char reply [] =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 300\r\n"
    "Connection: close\r\n"
    "\r\n"
    "Your browser sent a request that this server could not understand. "
    "Your browser sent a request that this server could not understand. "
    "Your browser sent a request that this server could not understand. "
    "Your browser sent a request that this server could not understand. "
    "Your browser sent a request that this server could not understand. "
    "Your browser sent a request that this server could not understand. ";

int
main (void)
{
    tu_start ();
    int listener = socket (AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { 0 };
    socklen_t size = sizeof (address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    CHECK (bind (listener, (struct sockaddr *) &address, size) == 0);
    CHECK (listen (listener, 5) == 0);
    CHECK (getsockname (listener, (struct sockaddr *) &address, &size) == 0);

    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", ntohs (address.sin_port)), NULL);
    /*  The node comes back each time it is thrown out. */
    for (int count = 0; count < 3; count++) {
        zmq_pollitem_t item = { NULL, listener, ZMQ_POLLIN, 0 };
        CHECK (zmq_poll (&item, 1, tu_limit ()) == 1);
        int fd = accept (listener, NULL, NULL);
        char buffer [256];
        CHECK (read (fd, buffer, sizeof (buffer)) > 0);
        CHECK (write (fd, reply, sizeof (reply) - 1) == sizeof (reply) - 1);
        shutdown (fd, SHUT_WR);
        while (read (fd, buffer, sizeof (buffer)) > 0)
            ;
        close (fd);
    }
    zstr_sendx (node, "PUBLISH", "key", "value", NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [key] [value]");
    CHECK_INT (tu_status (node, NULL), 1);
    zactor_destroy (&node);
    close (listener);
    return tu_done ();
}
