/*
 * another_libzmq LIBZMQ LIBCZMQ LIBZGOSSIP - a process with a second libzmq, over which there is a CZMQ.
 *
 * A socket belongs to one libzmq, so this CZMQ must be left alone. It is in use, as it would be by the package
 * that brings it; and when it ends its context, nothing happens to the nodes, which are in another.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "zgossip_node.h"

#define FIND(library, name) __typeof__ (&name) p_##name = find (library, #name)

static void
expect (int condition, const char *what)
{
    if (!condition) {
        fprintf (stderr, "wrong: %s\n", what);
        exit (1);
    }
}

static void *
load (const char *path)
{
    void *library = dlopen (path, RTLD_NOW | RTLD_LOCAL);

    expect (library != NULL, path);
    return library;
}

static void *
find (void *library, const char *name)
{
    void *address = dlsym (library, name);

    expect (address != NULL, name);
    return address;
}

int
main (int argc, char **argv)
{
    void *czmq, *zgossip, *(*zsys_init) (void);
    void (*zsys_shutdown) (void);
    char endpoint [64];
    int port;

    if (argc != 4)
        return 2;
    alarm (30);
    load (argv [1]);
    czmq = load (argv [2]);
    zgossip = load (argv [3]);
    *(void **) &zsys_init = find (czmq, "zsys_init");
    *(void **) &zsys_shutdown = find (czmq, "zsys_shutdown");
    FIND (zgossip, zgossip_node_new);
    FIND (zgossip, zgossip_node_bind);
    FIND (zgossip, zgossip_node_connect);
    FIND (zgossip, zgossip_node_publish);
    FIND (zgossip, zgossip_node_size);
    FIND (zgossip, zgossip_node_destroy);

    expect (zsys_init () != NULL, "the other CZMQ works");
    zgossip_node_t *server = p_zgossip_node_new ("server", 0);
    zgossip_node_t *client = p_zgossip_node_new ("client", 0);
    expect (server && client, "nodes");
    port = p_zgossip_node_bind (server, "tcp://127.0.0.1:*");
    expect (port > 0, "bind");
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    expect (p_zgossip_node_connect (client, endpoint, NULL) == 0, "connect");
    expect (p_zgossip_node_publish (server, "key", 3, "value", 5, 0) == 0, "publish");
    while (p_zgossip_node_size (client) < 1)
        usleep (1000);
    zsys_shutdown ();
    expect (p_zgossip_node_size (server) == 1, "the server after the other CZMQ's end");
    expect (p_zgossip_node_size (client) == 1, "the client after the other CZMQ's end");
    p_zgossip_node_destroy (&client);
    p_zgossip_node_destroy (&server);
    printf ("left alone\n");
    return 0;
}
