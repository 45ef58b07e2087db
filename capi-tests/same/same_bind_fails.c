/*  A BIND that fails: one warning, PORT -1, what was bound before stays bound. */

#include "testutil.h"

static void
fails (zactor_t *node, const char *endpoint)
{
    tu_try (node, "BIND", endpoint, NULL);
    tu_out ("PORT %d", tu_port (node, NULL));
}

int
main (void)
{
    tu_start ();
    zactor_t *other = tu_node ("other");
    const char *taken = tu_bind_tcp (other);

    zactor_t *node = tu_node ("node");
    const char *endpoint = tu_bind_tcp (node);
    fails (node, taken);
    fails (node, "bogus");
    fails (node, "");
    fails (node, "tcp://");
    fails (node, "tcp://127.0.0.1");
    fails (node, "tcp://127.0.0.1:http");
    fails (node, "tcp://nosuchinterface:*");
    fails (node, "udp://127.0.0.1:5000");
    fails (node, "inproc://");
    fails (node, tu_printf ("ipc://%s/none/none", tu_dir ()));

    /*  Without an endpoint: one warning, whatever its words. */
    tu_out ("BIND: %.1s", tu_one_line (node, 'W', "BIND", NULL));
    tu_out ("PORT %d", tu_port (node, NULL));

    tu_served (endpoint);
    tu_out ("still served");
    zactor_destroy (&node);
    zactor_destroy (&other);
    return tu_done ();
}
