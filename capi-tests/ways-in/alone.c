/*
 * alone LIBZGOSSIP - the library in a process without CZMQ.
 *
 * It loads, knows its version, the codec's functions that need no socket work, and so do nodes.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zgossip.h"
#include "zgossip_msg.h"
#include "zgossip_node.h"

/* The type of a function is taken from the header, so this also compiles the declarations. */
#define FIND(name) __typeof__ (&name) p_##name = find (library, #name)

static void *
find (void *library, const char *name)
{
    void *address = dlsym (library, name);

    if (!address) {
        fprintf (stderr, "%s\n", dlerror ());
        exit (1);
    }
    return address;
}

static void
expect (int condition, const char *what)
{
    if (!condition) {
        fprintf (stderr, "wrong: %s\n", what);
        exit (1);
    }
}

/* Is a file whose name holds this text mapped into the process? */
static int
is_loaded (const char *text)
{
    FILE *maps = fopen ("/proc/self/maps", "r");
    char line [4096];
    int found = 0;

    expect (maps != NULL, "/proc/self/maps");
    while (!found && fgets (line, sizeof line, maps))
        found = strstr (line, text) != NULL;
    fclose (maps);
    return found;
}

int
main (int argc, char **argv)
{
    void *library;
    zgossip_msg_t *message;
    zgossip_node_t *nodes [2];
    zgossip_event_t *event;

    if (argc != 2)
        return 2;
    library = dlopen (argv [1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf (stderr, "%s\n", dlerror ());
        return 1;
    }
    FIND (zgossip_version);
    FIND (zgossip_msg_new);
    FIND (zgossip_msg_destroy);
    FIND (zgossip_msg_id);
    FIND (zgossip_msg_set_id);
    FIND (zgossip_msg_command);
    FIND (zgossip_msg_key);
    FIND (zgossip_msg_set_key);
    FIND (zgossip_msg_value);
    FIND (zgossip_msg_set_value);
    FIND (zgossip_msg_ttl);
    FIND (zgossip_msg_set_ttl);
    FIND (zgossip_msg_routing_id);
    FIND (zgossip_node_new);
    FIND (zgossip_node_destroy);
    FIND (zgossip_node_bind);
    FIND (zgossip_node_connect);
    FIND (zgossip_node_publish);
    FIND (zgossip_node_recv);
    FIND (zgossip_event_value);
    FIND (zgossip_event_destroy);

    message = p_zgossip_msg_new ();
    expect (message != NULL, "new");
    p_zgossip_msg_set_id (message, ZGOSSIP_MSG_PUBLISH);
    expect (p_zgossip_msg_id (message) == ZGOSSIP_MSG_PUBLISH, "id");
    expect (strcmp (p_zgossip_msg_command (message), "PUBLISH") == 0, "command");
    p_zgossip_msg_set_key (message, "key");
    expect (strcmp (p_zgossip_msg_key (message), "key") == 0, "key");
    p_zgossip_msg_set_value (message, "value");
    expect (strcmp (p_zgossip_msg_value (message), "value") == 0, "value");
    p_zgossip_msg_set_ttl (message, 123456);
    expect (p_zgossip_msg_ttl (message) == 123456, "ttl");
    expect (p_zgossip_msg_routing_id (message) == NULL, "routing_id");
    p_zgossip_msg_destroy (&message);
    expect (message == NULL, "destroy");

    nodes [0] = p_zgossip_node_new ("hub", 0);
    nodes [1] = p_zgossip_node_new ("leaf", 0);
    expect (p_zgossip_node_bind (nodes [0], "inproc://hub") == 0, "bind");
    expect (p_zgossip_node_connect (nodes [1], "inproc://hub", NULL) == 0, "connect");
    expect (p_zgossip_node_publish (nodes [1], "key", 3, "value", 5, 0) == 0, "publish");
    expect (p_zgossip_node_recv (nodes [0], 30000, &event) == 0, "recv");
    expect (strcmp (p_zgossip_event_value (event, NULL), "value") == 0, "value of the event");
    p_zgossip_event_destroy (&event);
    expect (p_zgossip_node_destroy (&nodes [0]) == 0 && p_zgossip_node_destroy (&nodes [1]) == 0, "destroy");

    expect (is_loaded ("libzgossip"), "libzgossip is loaded");
    expect (!is_loaded ("czmq"), "CZMQ is not loaded");
    printf ("%s\n", p_zgossip_version ());
    return 0;
}
