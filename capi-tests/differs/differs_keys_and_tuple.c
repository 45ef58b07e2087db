/*  KEYS and TUPLE tell what the node holds, its own tuples and others'. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *hub = tu_node ("hub");
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "KEYS", NULL);
    CHECK_STR (tu_recv (node), "[KEYS]");
    zstr_sendx (hub, "PUBLISH", "service/1", "tcp://a", NULL);
    zstr_sendx (node, "CONNECT", tu_bind_tcp (hub), NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [service/1] [tcp://a]");
    zstr_sendx (node, "PUBLISH", "service/2", "", NULL);
    zstr_sendx (node, "PUBLISH", "other", "value", NULL);
    zstr_sendx (node, "KEYS", "service/", NULL);
    zstr_sendx (node, "TUPLE", "service/1", NULL);
    zstr_sendx (node, "TUPLE", "service/2", NULL);
    zstr_sendx (node, "TUPLE", "service/3", NULL);
    CHECK_STR (tu_recv (node), "[DELIVER] [service/2] []");
    CHECK_STR (tu_recv (node), "[DELIVER] [other] [value]");
    CHECK_STR (tu_recv (node), "[KEYS] [service/1] [service/2]");
    CHECK_STR (tu_recv (node), "[TUPLE] [service/1] [tcp://a]");
    CHECK_STR (tu_recv (node), "[TUPLE] [service/2] []");
    CHECK_STR (tu_recv (node), "[TUPLE] [service/3]");
    zactor_destroy (&node);
    zactor_destroy (&hub);
    return tu_done ();
}
