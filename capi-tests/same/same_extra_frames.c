/*  Frames beyond those that a command needs are ignored. CONNECT is no part of
    this, where they mean something in some builds of CZMQ. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PORT", "x", "y", NULL);
    tu_out ("%s", tu_recv (node));
    zstr_sendx (node, "STATUS", "x", NULL);
    tu_out ("%s", tu_recv (node));
    tu_try (node, "PUBLISH", "key", "value", "extra", "x", NULL);
    const char *endpoint = tu_inproc ("extra");
    tu_try (node, "BIND", endpoint, "inproc://another", NULL);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, HELLO);
    tu_out ("client: %s", tu_recv_hex (client, tu_limit ()));
    tu_try (node, "SET", "a/b", "c", "d", NULL);
    const char *path = tu_path ("extra.cfg");
    tu_try (node, "SAVE", path, "x", NULL);
    tu_out ("%s", tu_slurp (path));
    tu_try (node, "LOAD", path, "x", NULL);
    tu_try (node, "CONFIGURE", path, "x", NULL);
    zsock_destroy (&client);

    zstr_sendx (node, "$TERM", "x", NULL);
    tu_out ("end: %s", tu_recv (node));
    tu_wait_ended (node);
    zactor_destroy (&node);
    return tu_done ();
}
