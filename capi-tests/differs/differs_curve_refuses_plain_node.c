/*  A node without keys does not get into a network that has them, and goes on
    otherwise. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zcert_t *cert = zcert_new ();
    zactor_t *server = tu_keyed_node (cert);
    const char *endpoint = tu_bind_tcp (server);
    zstr_sendx (server, "PUBLISH", "server", "value", NULL);
    zactor_t *intruder = tu_node ("intruder");
    zstr_sendx (intruder, "CONNECT", endpoint, NULL);
    zstr_sendx (intruder, "PUBLISH", "intruder", "value", NULL);
    int64_t end = zclock_mono () + 2000;
    while (zclock_mono () < end) {
        CHECK_INT (tu_status (server, NULL), 1);
        CHECK_INT (tu_status (intruder, NULL), 1);
        zclock_sleep (100);
    }
    zactor_destroy (&intruder);
    zactor_destroy (&server);
    zcert_destroy (&cert);
    return tu_done ();
}
