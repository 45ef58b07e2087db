/*  A native node, silent for three seconds, is not forgotten by a stock server that
    has its default timeout; and a native one does not forget a silent stock leaf. */

#include "testutil.h"

static void
quiet (bool server_native)
{
    zactor_t *server = zactor_new (server_native? tu_native (): zgossip, NULL);
    zactor_t *leaf = zactor_new (server_native? zgossip: tu_native (), NULL);
    CHECK (server && leaf);
    const char *endpoint = tu_inproc ("quiet");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zstr_sendx (leaf, "CONNECT", endpoint, NULL);
    zstr_sendx (leaf, "PUBLISH", "leaf/1", "value", NULL);
    tu_wait_count (server, 1, NULL);
    tu_wait_count (leaf, 1, NULL);
    for (int round = 2; round < 4; round++) {
        zclock_sleep (3000);
        zstr_sendx (server, "PUBLISH", tu_printf ("server/%d", round), "value", NULL);
        CHECK_STR (tu_recv (server), tu_printf ("[DELIVER] [server/%d] [value]", round));
        CHECK_STR (tu_recv (leaf), tu_printf ("[DELIVER] [server/%d] [value]", round));
        zclock_sleep (3000);
        zstr_sendx (leaf, "PUBLISH", tu_printf ("leaf/%d", round), "value", NULL);
        CHECK_STR (tu_recv (leaf), tu_printf ("[DELIVER] [leaf/%d] [value]", round));
        CHECK_STR (tu_recv (server), tu_printf ("[DELIVER] [leaf/%d] [value]", round));
    }
    zactor_destroy (&leaf);
    zactor_destroy (&server);
}

int
main (void)
{
    tu_start ();
    quiet (false);
    quiet (true);
    return tu_done ();
}
