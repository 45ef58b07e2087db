/*  What a client publishes after three silent seconds arrives. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_node ("server");
    const char *endpoint = tu_inproc ("quiet");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zactor_t *client = tu_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    zstr_sendx (client, "PUBLISH", "first", "value", NULL);
    tu_wait_count (server, 1, NULL);
    tu_wait_count (client, 1, NULL);
    zclock_sleep (3000);

    zstr_sendx (client, "PUBLISH", "second", "value", NULL);
    zstr_sendx (client, "PUBLISH", "third", "value", NULL);
    tu_wait_count (server, 3, NULL);
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
