/*  Tuples published in a burst after a pause all arrive, in both directions. */

#include "testutil.h"

#define BURST 200
#define HELD  1000

static void
publish (zactor_t *node, const char *name, int first, int count)
{
    for (int index = first; index < first + count; index++) {
        char key [40];
        snprintf (key, sizeof (key), "%s/%d", name, index);
        zstr_sendx (node, "PUBLISH", key, "value", NULL);
        zmsg_t *msg = zmsg_recv (node);
        zmsg_destroy (&msg);
    }
}

static void
pause_and_burst (int held)
{
    zactor_t *server = tu_node ("server");
    zactor_t *client = tu_node ("client");
    zstr_sendx (client, "CONNECT", tu_bind_tcp (server), NULL);
    publish (server, "server", 0, held + 1);
    publish (client, "client", 0, held + 1);
    zactor_t *nodes [2] = { server, client };
    tu_wait_all (nodes, 2, 2 * (held + 1), NULL);
    /*  The pause itself: longer than the second after which a stock server forgets. */
    zclock_sleep (2500);
    publish (client, "client", held + 1, BURST);
    publish (server, "server", held + 1, BURST);
    tu_wait_all (nodes, 2, 2 * (held + 1 + BURST), NULL);
    zactor_destroy (&client);
    zactor_destroy (&server);
}

int
main (void)
{
    tu_start ();
    pause_and_burst (0);
    pause_and_burst (HELD);
    return tu_done ();
}
