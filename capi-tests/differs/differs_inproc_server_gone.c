/*  When an inproc server goes away its client goes on. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    zstr_sendx (client, "PUBLISH", "first", "value", NULL);
    tu_wait_count (server, 1, NULL);
    zactor_destroy (&server);
    for (int count = 0; count < 10; count++) {
        zstr_sendx (client, "PUBLISH", tu_printf ("key%d", count), "value", NULL);
        CHECK_INT (tu_status (client, NULL), count + 2);
        /*  So that it notices in the middle, whenever that is. */
        zclock_sleep (50);
    }
    zactor_destroy (&client);
    return tu_done ();
}
