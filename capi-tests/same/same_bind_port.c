/*  PORT, before and after BIND with every way to choose a port; all binds stay
    in service. */

#include "testutil.h"

static void
show_port (zactor_t *node, const char *when, int low, int high)
{
    int port = tu_port (node, NULL);
    if (port > 0)
        tu_out ("%s: a port %s", when, port >= low && port <= high? "in the range": "OUT OF RANGE");
    else
        tu_out ("%s: PORT %d", when, port);
}

static void
show_service (const char *endpoint)
{
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, PING);
    const char *reply = tu_recv_hex (client, tu_limit ());
    tu_out ("served: %s", reply? reply: "no");
    zsock_destroy (&client);
}

/*  BIND, show the port, and return it. */
static int
bind_port (zactor_t *node, const char *endpoint, const char *choice, int low, int high)
{
    zstr_sendx (node, "BIND", endpoint, NULL);
    show_port (node, choice, low, high);
    return tu_port (node, NULL);
}

static const char *
tcp (int port)
{
    return tu_printf ("tcp://127.0.0.1:%d", port);
}

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    show_port (node, "new", 0, 0);

    const char *inproc = tu_inproc ("port");
    const char *ipc = tu_ipc ("port");
    bind_port (node, inproc, "inproc", 0, 0);
    bind_port (node, ipc, "ipc", 0, 0);

    int any = bind_port (node, "tcp://127.0.0.1:*", "*", 49152, 65535);
    int random = bind_port (node, "tcp://127.0.0.1:!", "!", 49152, 65535);
    int wild = bind_port (node, "tcp://*:*", "all interfaces", 49152, 65535);
    int named = bind_port (node, "tcp://lo:*", "interface name", 49152, 65535);
    bind_port (node, "tcp://127.0.0.1:*[60000-]", "*[60000-]", 60000, 65535);
    bind_port (node, "tcp://127.0.0.1:![50000-50999]", "![50000-50999]", 50000, 50999);
    bind_port (node, tu_tcp (), "*[a-b]", 20000, 31999);

    int chosen = tu_free_port ();
    bind_port (node, tcp (chosen), "a number", chosen, chosen);

    show_service (inproc);
    show_service (ipc);
    show_service (tcp (any));
    show_service (tcp (random));
    show_service (tcp (wild));
    show_service (tcp (named));
    show_service (tcp (chosen));

    zactor_destroy (&node);
    return tu_done ();
}
