/*  An inproc server that comes back under its name is found again, and told everything. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("back");
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "PUBLISH", "client", "value", NULL);
    for (int count = 0; count < 3; count++) {
        zactor_t *server = tu_lasting_node ("server");
        /*  The name is given back some time after its server has gone. */
        int64_t until = tu_deadline ();
        do {
            zstr_sendx (server, "BIND", endpoint, NULL);
            CHECK (zclock_mono () < until);
        } while (tu_port (server, NULL) == -1);
        zstr_sendx (server, "PUBLISH", tu_printf ("server/%d", count), "value", NULL);
        if (count == 0)
            zstr_sendx (client, "CONNECT", endpoint, NULL);
        /*  What the client learnt from the earlier ones, too. */
        tu_wait_count (server, count + 2, NULL);
        tu_wait_count (client, count + 2, NULL);
        zactor_destroy (&server);
    }
    zactor_destroy (&client);
    return tu_done ();
}
