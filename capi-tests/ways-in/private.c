/*
 * private LIBCZMQ LIBZGOSSIP - both loaded privately, as the runtimes of other languages do.
 *
 * Nothing here is linked with either library, and RTLD_LOCAL keeps their names out of the global
 * scope, so that libzgossip cannot find CZMQ's functions in the usual way.
 */

#define _GNU_SOURCE
#include "exchange.h"

static void *
load (const char *path)
{
    void *library = dlopen (path, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        refuse ("dlopen", dlerror ());
    return library;
}

/* Put the address of a function into a function pointer. */
static void
find (void *library, const char *name, void *pointer)
{
    void *address = dlsym (library, name);

    if (!address)
        refuse ("dlsym", dlerror ());
    memcpy (pointer, &address, sizeof address);
}

int
main (int argc, char **argv)
{
    const char *(*version) (void);
    void *libczmq, *libzgossip;
    czmq_api_t czmq;

    if (argc != 3)
        return 2;
    libczmq = load (argv [1]);
    libzgossip = load (argv [2]);
    find (libczmq, "zactor_new", &czmq.actor_new);
    find (libczmq, "zactor_destroy", &czmq.actor_destroy);
    find (libczmq, "zstr_sendx", &czmq.sendx);
    find (libczmq, "zstr_recvx", &czmq.recvx);
    find (libzgossip, "zgossip", &czmq.gossip);
    find (libzgossip, "zgossip_version", &version);
    if (dlsym (RTLD_DEFAULT, "zactor_new") || dlsym (RTLD_DEFAULT, "zgossip"))
        refuse ("not private", "the names are in the global scope");

    exchange (&czmq);
    verify ("libzgossip.so.1", file_of (address_of (czmq.gossip)), "active", version ());
    return 0;
}
