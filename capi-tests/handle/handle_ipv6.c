//  IPv6 in a process without CZMQ: addresses, names that have no others, and both families behind one bind. Without
//  IPv6 all goes on with IPv4.
//
//  getaddrinfo, socket and bind are this program's: libzmq and the library call them as well.

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include "handle.h"

//  What an IPv6 socket is refused with, and the bind of one; 0 where it is not.
static atomic_int no_socket, no_bind;

int getaddrinfo (const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int (*real) (const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **) &real = dlsym (RTLD_NEXT, "getaddrinfo");
    return real (name && strcmp (name, "six.test") == 0 ? "::1" : name, service, hints, result);
}

int socket (int domain, int type, int protocol)
{
    int (*real) (int, int, int);
    *(void **) &real = dlsym (RTLD_NEXT, "socket");
    if (domain == AF_INET6 && no_socket) {
        errno = no_socket;
        return -1;
    }
    return real (domain, type, protocol);
}

int bind (int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    int (*real) (int, __CONST_SOCKADDR_ARG, socklen_t);
    *(void **) &real = dlsym (RTLD_NEXT, "bind");
    if (address.__sockaddr__->sa_family == AF_INET6 && no_bind) {
        errno = no_bind;
        return -1;
    }
    return real (fd, address, size);
}

static bool has_loopback (void)
{
    struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    int fd = socket (AF_INET6, SOCK_STREAM, 0);
    bool bound = fd != -1 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0;
    close (fd);
    return bound;
}

//  A server that is bound to one endpoint is reached by way of each of these.
static void reached (const char *bound, const char *const *hosts)
{
    zgossip_node_t *server = new_node ("server");
    int port = zgossip_node_bind (server, bound);
    CHECK (port > 0);
    publish (server, "key", "value");
    for (; *hosts; hosts++) {
        char endpoint [64];
        snprintf (endpoint, sizeof endpoint, "tcp://%s:%d", *hosts, port);
        zgossip_node_t *node = new_node (endpoint);
        connect_to (node, endpoint);
        WAIT_UNTIL (has (node, "key", "value"));
        destroy (&node);
    }
    destroy (&server);
}

#define HOSTS(...) (const char *const []) { __VA_ARGS__, NULL }

int main (void)
{
    if (!has_loopback ()) {
        puts ("skipped: this machine has no IPv6");
        return 77;
    }
    reached ("tcp://[::1]:*", HOSTS ("[::1]", "six.test"));
    reached ("tcp://[::]:*", HOSTS ("[::1]", "six.test"));
    reached ("tcp://*:*", HOSTS ("[::1]", "six.test", "127.0.0.1", "localhost"));
    reached ("tcp://*:0", HOSTS ("[::1]", "127.0.0.1"));
    reached ("tcp://127.0.0.1:*", HOSTS ("127.0.0.1", "localhost"));

    no_bind = EADDRNOTAVAIL;
    reached ("tcp://*:*", HOSTS ("127.0.0.1", "localhost"));
    no_bind = 0;
    no_socket = EAFNOSUPPORT;
    reached ("tcp://*:*", HOSTS ("127.0.0.1", "localhost"));

    //  A server that cannot be reached harms no other.
    zgossip_node_t *node = new_node ("node"), *server = new_node ("server");
    connect_to (node, "tcp://[::1]:5670");
    connect_to (node, "tcp://six.test:5670");
    publish (server, "key", "value");
    connect_to (node, bind_tcp (server));
    WAIT_UNTIL (has (node, "key", "value"));
    destroy (&node);
    destroy (&server);
    return 0;
}
