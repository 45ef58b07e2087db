/*
 * Two gossip nodes in one process tell each other a tuple, over inproc and over tcp.
 *
 * Shared by the programs of this directory. They reach CZMQ in different ways, some of them only
 * by addresses found at run time, so its functions are called through a table.
 */

#ifndef EXCHANGE_H_INCLUDED
#define EXCHANGE_H_INCLUDED

#include <czmq.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    zactor_fn *gossip;
    zactor_t *(*actor_new) (zactor_fn *actor, void *args);
    void (*actor_destroy) (zactor_t **self_p);
    int (*sendx) (void *dest, const char *string, ...);
    int (*recvx) (void *source, char **string_p, ...);
} czmq_api_t;

/* What every program here ends with when something is not as it should be. */
static void
refuse (const char *what, const char *found)
{
    fprintf (stderr, "%s: %s\n", what, found ? found : "(null)");
    exit (1);
}

/* The last part of the name of the file that holds the function at this address. */
static const char *
file_of (void *address)
{
    Dl_info info;
    const char *slash;

    if (!address || !dladdr (address, &info) || !info.dli_fname)
        return "(nowhere)";
    slash = strrchr (info.dli_fname, '/');
    return slash ? slash + 1 : info.dli_fname;
}

/* A function's address as a data pointer, which dladdr wants and ISO C does not convert to. */
static void *
address_of (zactor_fn *function)
{
    void *address;

    memcpy (&address, &function, sizeof address);
    return address;
}

/* Read what the node delivers until it is this tuple. */
static void
await_tuple (const czmq_api_t *czmq, zactor_t *node, const char *key, const char *value)
{
    bool found = false;

    while (!found) {
        char *command = NULL, *its_key = NULL, *its_value = NULL;
        if (czmq->recvx (node, &command, &its_key, &its_value, NULL) != 3)
            refuse ("interrupted while waiting for", key);
        if (strcmp (command, "DELIVER") != 0)
            refuse ("not a DELIVER", command);
        found = strcmp (its_key, key) == 0;
        if (found && strcmp (its_value, value) != 0)
            refuse ("delivered with another value", its_value);
        free (command);
        free (its_key);
        free (its_value);
    }
}

static void
exchange_at (const czmq_api_t *czmq, const char *endpoint)
{
    char *command = NULL, *port = NULL, bound [64];
    zactor_t *hub, *leaf;

    hub = czmq->actor_new (czmq->gossip, (void *) "hub");
    leaf = czmq->actor_new (czmq->gossip, (void *) "leaf");
    if (!hub || !leaf)
        refuse ("no actor", endpoint);
    czmq->sendx (hub, "BIND", endpoint, NULL);
    snprintf (bound, sizeof bound, "%s", endpoint);
    if (strchr (endpoint, '*')) {
        czmq->sendx (hub, "PORT", NULL);
        if (czmq->recvx (hub, &command, &port, NULL) != 2 || strcmp (command, "PORT") != 0)
            refuse ("not a PORT", command);
        snprintf (bound, sizeof bound, "%.*s%s", (int) strcspn (endpoint, "*"), endpoint, port);
        free (command);
        free (port);
    }
    /* One tuple is there before the nodes meet, the other comes after. */
    czmq->sendx (hub, "PUBLISH", "from-hub", "one", NULL);
    czmq->sendx (leaf, "CONNECT", bound, NULL);
    czmq->sendx (leaf, "PUBLISH", "from-leaf", "two", NULL);
    await_tuple (czmq, leaf, "from-hub", "one");
    await_tuple (czmq, hub, "from-leaf", "two");

    czmq->actor_destroy (&leaf);
    czmq->actor_destroy (&hub);
}

/* Nothing here may take long: a node that hangs shows as the death of the program by SIGALRM. */
static void
exchange (const czmq_api_t *czmq)
{
    alarm (20);
    exchange_at (czmq, "inproc://ways-in");
    exchange_at (czmq, "tcp://127.0.0.1:*");
    alarm (0);
}

/* Did the file `wanted` answer, and does the version text say what it should? `state` is
   "active", "inactive" or "none". */
static void
verify (const char *wanted, const char *file, const char *state, const char *version)
{
    bool inactive = version && strstr (version, ", not in use: zgossip is that of ");

    if (strcmp (file, wanted) != 0)
        refuse ("zgossip is that of", file);
    if (strcmp (state, "none") == 0 ? version != NULL
        : !version || strncmp (version, "libzgossip ", 11) != 0
            || inactive != (strcmp (state, "inactive") == 0))
        refuse ("zgossip_version says", version);
    printf ("%s, %s\n", file, version ? version : "no version");
}

#endif
