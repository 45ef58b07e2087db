/*  A value above zgossip/limits/value is refused with one line: from the owner, and from a peer, whose other
    tuples go on coming. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zactor_t *peer = tu_node ("peer");
    zstr_sendx (node, "SET", "zgossip/limits/value", "4", NULL);
    zstr_sendx (peer, "CONNECT", tu_bind_tcp (node), NULL);
    CHECK_STR (tu_one_line (node, 'W', "PUBLISH", "own", "12345", NULL),
               "W: PUBLISH of 'own' refused: zgossip/limits/value is 4");
    zstr_sendx (peer, "PUBLISH", "long", "12345", NULL);
    zstr_sendx (peer, "PUBLISH", "short", "1234", NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [short] [1234]");
    CHECK_INT (tu_status (node, NULL), 1);
    zactor_destroy (&peer);
    zactor_destroy (&node);
    return tu_done ();
}
