//  Servers that are given by name. A name that is never answered delays nothing else and is warned about; so is
//  one that does not exist; and a server that comes back under another address is found again.
//
//  getaddrinfo is this program's: libzmq and the library call it as well.

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include "handle.h"

static pthread_mutex_t never = PTHREAD_MUTEX_INITIALIZER;
static atomic_int asked;
static _Atomic (const char *) moved = "127.0.0.1";

int getaddrinfo (const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int (*real) (const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **) &real = dlsym (RTLD_NEXT, "getaddrinfo");
    if (name && strcmp (name, "never.test") == 0) {
        asked++;
        pthread_mutex_lock (&never);
        pthread_mutex_unlock (&never);
        return EAI_AGAIN;
    }
    if (name && strcmp (name, "missing.test") == 0)
        return EAI_NONAME;
    return real (name && strcmp (name, "moved.test") == 0 ? moved : name, service, hints, result);
}

static int port_of (const char *endpoint)
{
    return atoi (strrchr (endpoint, ':') + 1);
}

static void with_port (char *endpoint, const char *host, int port)
{
    snprintf (endpoint, 64, "tcp://%s:%d", host, port);
}

static void one_that_is_never_answered (void)
{
    char by_name [64];
    zgossip_node_t *server = new_node ("server");
    zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_EVENTS);
    const char *endpoint = bind_tcp (server);
    publish (server, "key", "value");
    pthread_mutex_lock (&never);
    connect_to (node, "tcp://never.test:5670");
    WAIT_UNTIL (asked > 0);
    connect_to (node, endpoint);
    WAIT_UNTIL (has (node, "key", "value"));
    with_port (by_name, "localhost", port_of (endpoint));
    zgossip_node_t *other = new_node ("other");
    connect_to (other, by_name);
    WAIT_UNTIL (has (other, "key", "value"));
    expect_line (node, "tcp://never.test:5670", "no answer");
    CHECK_INT (zgossip_node_disconnect (node, "tcp://never.test:5670"), 0);
    connect_to (node, "tcp://never.test:5671");
    //  Nobody waits for it to the end either.
    destroy (&node);
    destroy (&other);
    destroy (&server);
    pthread_mutex_unlock (&never);
}

static void one_that_does_not_exist (void)
{
    zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_EVENTS);
    connect_to (node, "tcp://missing.test:5670");
    expect_line (node, "tcp://missing.test:5670", "not known");
    destroy (&node);
}

static void one_that_moves (void)
{
    char by_name [64], address [64];
    zgossip_node_t *node = new_node ("node");
    zgossip_node_t *server = new_node ("server");
    int port = port_of (bind_tcp (server));
    with_port (by_name, "moved.test", port);
    connect_to (node, by_name);
    publish (server, "first", "1");
    WAIT_UNTIL (has (node, "first", "1"));
    destroy (&server);

    server = new_node ("server");
    moved = "127.0.0.2";
    with_port (address, moved, port);
    CHECK_INT (zgossip_node_bind (server, address), port);
    publish (server, "second", "2");
    WAIT_UNTIL (has (node, "second", "2"));
    WAIT_UNTIL (has (server, "first", "1"));
    destroy (&node);
    destroy (&server);
}

int main (void)
{
    one_that_moves ();
    one_that_does_not_exist ();
    one_that_is_never_answered ();
    return 0;
}
