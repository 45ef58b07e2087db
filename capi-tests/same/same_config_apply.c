/*  What LOAD does with the children of zgossip: echo, bind and security, in the
    order of the file. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *inproc = tu_inproc ("load");
    const char *ipc = tu_ipc ("load");
    const char *file = tu_file ("node.cfg", tu_printf (
        "server\n"
        "    background = 1\n"
        "    timeout = 0\n"
        "zgossip\n"
        "    echo = first notice\n"
        "    bind\n"
        "        endpoint = %s\n"
        "    bind\n"
        "        endpoint = bogus\n"
        "    security\n"
        "        mechanism = null\n"
        "    echo = \"second: 100%%\"\n"
        "    unknown = ignored\n"
        "    bind\n"
        "        endpoint = %s\n"
        "    bind\n"
        "    security\n"
        "        mechanism = strange\n"
        "    echo\n"
        "    security\n"
        "echo = not below zgossip\n", inproc, ipc));
    tu_try (node, "LOAD", file, NULL);
    tu_try (node, "PUBLISH", "key", "value", NULL);

    const char *endpoints [2] = { inproc, ipc };
    for (int index = 0; index < 2; index++) {
        zsock_t *client = tu_dealer (endpoints [index]);
        tu_send_hex (client, HELLO);
        tu_out ("served: %s", tu_recv_hex (client, tu_limit ()));
        zsock_destroy (&client);
    }
    zactor_destroy (&node);
    return tu_done ();
}
