/*  Of two nodes that have CONNECTed to each other, one ends and comes back with another
    value for its key: both come to hold that. CZMQ's nodes send the two values round
    and round, without end (czmq issue 1697). */

#include "testutil.h"

#define MOST_DELIVERS 20

static zactor_t *
node (const char *at, const char *other, const char *value)
{
    zactor_t *self = tu_lasting_node ("node");
    zstr_sendx (self, "PUBLISH", at, value, NULL);
    zstr_sendx (self, "BIND", at, NULL);
    zstr_sendx (self, "CONNECT", other, NULL);
    return self;
}

/*  Read until the node has told this value and nothing more for a while. */
static void
expect_value (zactor_t *self, const char *key, const char *value)
{
    const char *last = "", *wanted = tu_printf ("[DELIVER] [%s] [%s]", key, value);
    int64_t until = tu_deadline ();
    for (int delivers = 0, quiet = 0; quiet < 5 || !streq (last, wanted); ) {
        const char *told = tu_recv_for (self, 100);
        CHECK (zclock_mono () < until && delivers <= MOST_DELIVERS);
        quiet = told? 0: quiet + 1;
        delivers += told != NULL;
        if (told && strstr (told, tu_printf ("[%s]", key)))
            last = told;
    }
}

int
main (void)
{
    tu_start ();
    for (int round = 0; round < 3; round++) {
        const char *one = tu_ipc ("one"), *other = tu_ipc ("other");
        zactor_t *lasting = node (one, other, "first");
        zactor_t *restarted = node (other, one, "first");
        expect_value (lasting, other, "first");
        zactor_destroy (&restarted);
        restarted = node (other, one, "second");
        expect_value (lasting, other, "second");
        expect_value (restarted, other, "second");
        zactor_destroy (&restarted);
        zactor_destroy (&lasting);
    }
    return tu_done ();
}
