/*  A node whose application does not read passes on what it gets; when the
    application reads at last, everything is there. */

#include "testutil.h"

#define TUPLES 5000
#define BATCH 250

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_lasting_node ("node");
    const char *endpoint = tu_inproc ("relay");
    zstr_sendx (node, "BIND", endpoint, NULL);
    zsock_t *observer = tu_dealer (endpoint);
    tu_send_hex (observer, HELLO);
    tu_send_hex (observer, PING);
    tu_expect_hex (observer, PONG);
    zsock_t *peer = tu_dealer (endpoint);
    tu_send_hex (peer, HELLO);
    for (int index = 0; index < TUPLES; index += BATCH) {
        zhash_t *expected = zhash_new ();
        for (int number = index; number < index + BATCH; number++) {
            const char *tuple = tu_publish_hex (tu_printf ("key%d", number), "value", 0);
            zhash_insert (expected, tuple, "");
            tu_send_hex (peer, tuple);
        }
        /*  Read along, as DEALERs have a high water mark of their own. Values that are passed
            on to C nodes wait a little, each for itself. */
        while (zhash_size (expected)) {
            const char *got = tu_recv_hex (observer, tu_limit ());
            CHECK (got);
            /*  A client that has been silent for long is asked whether it is there. */
            CHECK (streq (got, PONG) || zhash_lookup (expected, got));
            zhash_delete (expected, got);
        }
        zhash_destroy (&expected);
    }
    for (int index = 0; index < TUPLES; index++)
        CHECK_STR (tu_recv (node), tu_printf ("[DELIVER] [key%d] [value]", index));
    CHECK_INT (tu_status (node, NULL), TUPLES);
    zsock_destroy (&observer);
    zsock_destroy (&peer);
    zactor_destroy (&node);
    return tu_done ();
}
