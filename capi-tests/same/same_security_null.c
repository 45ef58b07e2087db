/*  security/mechanism = null is a notice and changes nothing. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    tu_try (node, "LOAD", tu_file ("node.cfg",
            "server\n"
            "    background = 1\n"
            "zgossip\n"
            "    security\n"
            "        mechanism = null\n"), NULL);
    zsock_t *client = tu_dealer (tu_bind_tcp (node));
    tu_send_hex (client, PING);
    tu_out ("%s", tu_recv_hex (client, tu_limit ()));
    zsock_destroy (&client);
    zactor_destroy (&node);
    return tu_done ();
}
