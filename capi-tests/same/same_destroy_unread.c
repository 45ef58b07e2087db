/*  zactor_destroy with many DELIVERs unread is quick. Fewer than make a node of
    CZMQ stop, which is another matter. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    for (int index = 0; index < 900; index++) {
        zstr_sendx (client, "PUBLISH", tu_printf ("key%d", index), "value", NULL);
        tu_recv (client);
    }
    /*  The server's are not read; a third node tells when all are there. */
    zactor_t *third = tu_lasting_node ("third");
    zstr_sendx (third, "CONNECT", endpoint, NULL);
    tu_wait_count (third, 900, NULL);

    int64_t start = zclock_mono ();
    zactor_destroy (&server);
    tu_out ("server destroyed %s", zclock_mono () - start < tu_limit () / 2? "soon": "LATE");
    start = zclock_mono ();
    zactor_destroy (&third);
    zactor_destroy (&client);
    tu_out ("others destroyed %s", zclock_mono () - start < tu_limit () / 2? "soon": "LATE");
    return tu_done ();
}
