/*  An internal error of the actor: one line in the log, and an owner that never hangs.
 *
 *  Needs a library built with the feature test-hooks, which adds the command TEST PANIC. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_lasting_node ("node");
    zstr_sendx (node, "BIND", "tcp://127.0.0.1:*", NULL);
    int port = tu_port (node, NULL);
    CHECK (port > 0);
    zstr_sendx (node, "PUBLISH", "key", "value", NULL);
    CHECK (tu_status (node, NULL) == 1);

    tu_log_start ();
    zstr_sendx (node, "TEST PANIC", NULL);
    zstr_sendx (node, "PUBLISH", "late", "value", NULL);
    zstr_sendx (node, "NONSENSE", NULL);
    CHECK (tu_status (node, NULL) == 1);
    CHECK (tu_port (node, NULL) == port);

    const char *line = tu_log_next ();
    CHECK (line && strstr (line, "E: ") == line && strstr (line, "internal error"));
    CHECK (tu_log_next () == NULL);

    zactor_destroy (&node);
    return tu_done ();
}
