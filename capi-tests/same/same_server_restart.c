/*  When a server comes back, empty, its client brings all tuples again, also
    those published in between; IPC, and TCP by address. */

#include "testutil.h"

static void
restart (const char *transport, const char *endpoint, int port)
{
    zactor_t *server = tu_lasting_node ("server");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    zstr_sendx (client, "PUBLISH", "client/1", transport, NULL);
    zstr_sendx (server, "PUBLISH", "server/1", transport, NULL);
    tu_show_held ("client", client, 2);
    tu_wait_count (server, 2, NULL);

    zactor_destroy (&server);
    /*  Let the client notice. A stock client that does not know yet queues the
        tuple for the old session, and may lose all of them to INVALIDs later. */
    zclock_sleep (500);
    zstr_sendx (client, "PUBLISH", "client/2", transport, NULL);
    tu_show_held ("client, alone", client, 3);

    if (port)
        tu_wait_free (port);
    server = tu_lasting_node ("server again");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zstr_sendx (server, "PUBLISH", "server/2", transport, NULL);
    tu_show_held ("server again", server, 4);
    tu_show_held ("client", client, 4);
    zactor_destroy (&client);
    zactor_destroy (&server);
}

int
main (void)
{
    tu_start ();
    restart ("ipc", tu_ipc ("restart"), 0);
    int port = tu_free_port ();
    restart ("tcp", tu_printf ("tcp://127.0.0.1:%d", port), port);
    return tu_done ();
}
