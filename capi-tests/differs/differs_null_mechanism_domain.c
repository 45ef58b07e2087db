/*  security/mechanism null with a domain applies the domain. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "LOAD", tu_file ("node.cfg",
        "zgossip\n"
        "    security\n"
        "        mechanism = null\n"
        "        domain = somewhere\n"), NULL);
    const char *endpoint = tu_bind_tcp (node);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    CHECK_INT (tu_status (node, NULL), 0);
    zsock_destroy (&client);
    zactor_destroy (&node);
    return tu_done ();
}
