/*  What a client publishes after three silent seconds arrives. */

#include "quiet.h"

int
main (void)
{
    tu_start ();
    zactor_t *server, *client;
    quiet_pair (&server, &client);
    zstr_sendx (client, "PUBLISH", "second", "value", NULL);
    zstr_sendx (client, "PUBLISH", "third", "value", NULL);
    tu_wait_count (server, 3, NULL);
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
