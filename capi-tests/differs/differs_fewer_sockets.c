/*  More connected nodes than 127 have room in a process with the default limit of 1,024
    ZeroMQ sockets. */

#include "testutil.h"

#define NODES 200

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zactor_t *nodes [NODES];
    for (int index = 0; index < NODES; index++) {
        nodes [index] = tu_lasting_node ("node");
        zstr_sendx (nodes [index], "CONNECT", endpoint, NULL);
    }
    zstr_sendx (server, "PUBLISH", "key", "value", NULL);
    tu_wait_all (nodes, NODES, 1, NULL);
    for (int index = 0; index < NODES; index++)
        zactor_destroy (&nodes [index]);
    zactor_destroy (&server);
    return tu_done ();
}
