/*  CONNECT may come before BIND, on each transport; what is published meanwhile
    arrives. */

#include "testutil.h"

static void
late_server (const char *transport, const char *endpoint)
{
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "PUBLISH", "before", transport, NULL);
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    zstr_sendx (client, "PUBLISH", "between", transport, NULL);
    tu_wait_count (client, 2, NULL);

    zactor_t *server = tu_lasting_node ("server");
    zstr_sendx (server, "PUBLISH", "server", transport, NULL);
    zstr_sendx (server, "BIND", endpoint, NULL);
    tu_show_held ("server", server, 3);
    tu_show_held ("client", client, 3);
    zactor_destroy (&client);
    zactor_destroy (&server);
}

int
main (void)
{
    tu_start ();
    late_server ("inproc", tu_inproc ("late"));
    late_server ("ipc", tu_ipc ("late"));
    late_server ("tcp", tu_printf ("tcp://127.0.0.1:%d", tu_free_port ()));
    return tu_done ();
}
