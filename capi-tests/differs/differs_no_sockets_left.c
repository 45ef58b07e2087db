/*  CONNECT where the process has no ZeroMQ sockets left gives a warning. */

#include "testutil.h"

#define SOCKETS  40
#define CONNECTS 100

int
main (void)
{
    tu_start ();
    zsys_set_max_sockets (SOCKETS);
    zactor_t *server = tu_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    int port = tu_port (server, NULL);
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "CONNECT", endpoint, NULL);
    zstr_sendx (node, "PUBLISH", "first", "value", NULL);
    tu_wait_count (server, 1, NULL);
    tu_log_start ();
    for (int count = 0; count < CONNECTS; count++)
        zstr_sendx (node, "CONNECT", tu_printf ("tcp://127.0.1.%d:%d", count + 1, port), NULL);
    CHECK_INT (tu_status (node, NULL), 1);
    int warnings = 0;
    for (const char *line = tu_log_next (); line; line = tu_log_next ()) {
        CHECK (line [0] == 'W' && strstr (line, "tcp://127.0.1."));
        warnings++;
    }
    CHECK (warnings >= CONNECTS - SOCKETS && warnings < CONNECTS);
    /*  What was there before goes on. */
    zstr_sendx (node, "PUBLISH", "second", "value", NULL);
    tu_wait_count (server, 2, NULL);
    zstr_sendx (server, "PUBLISH", "third", "value", NULL);
    tu_wait_count (node, 3, NULL);
    zactor_destroy (&node);
    zactor_destroy (&server);
    return tu_done ();
}
