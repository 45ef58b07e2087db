/*  A server that restarts as the other kind is filled again by its client, stock
    or native. */

#include "testutil.h"

static void
restart (bool client_native)
{
    int port = tu_free_port ();
    const char *endpoint = tu_printf ("tcp://127.0.0.1:%d", port);
    zactor_t *client = tu_mixed_node (client_native, "client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    for (int round = 0; round < 4; round++) {
        tu_wait_free (port);
        zactor_t *server = tu_mixed_node (round % 2 != 0, "server");
        zstr_sendx (server, "BIND", endpoint, NULL);
        zstr_sendx (server, "PUBLISH", tu_printf ("server/%d", round), "value", NULL);
        zstr_sendx (client, "PUBLISH", tu_printf ("client/%d", round), "value", NULL);
        tu_wait_count (client, (round + 1) * 2, NULL);
        tu_wait_count (server, (round + 1) * 2, NULL);
        zactor_destroy (&server);
        /*  Let the client notice. A stock client that does not know yet queues the
            next tuple for the old session, and may lose all to INVALIDs later. */
        zclock_sleep (500);
    }
    zactor_destroy (&client);
}

int
main (void)
{
    tu_start ();
    restart (true);
    restart (false);
    return tu_done ();
}
