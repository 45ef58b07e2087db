/*  A node whose application does not read replicates what it gets; when the
    application reads at last, everything is there. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *node = tu_server (&endpoint);
    zsock_t *observer = tu_session (endpoint);
    zsock_t *peer = tu_dealer (endpoint);
    tu_send_hex (peer, HELLO);
    for (int index = 0; index < 5000; index++) {
        /*  What one CZMQ peer says waits a little before another hears it. Read along, as
            DEALERs have a high water mark of their own. */
        if (index % 500 == 0)
            for (int ahead = index; ahead < index + 500; ahead++)
                tu_send_hex (peer, tu_publish_hex (tu_printf ("key%d", ahead), "value", 0));
        const char *expected = tu_publish_hex (tu_printf ("key%d", index), "value", 0);
        const char *got = tu_recv_hex (observer, tu_limit ());
        /*  A client that has been silent for long is asked whether it is there. */
        while (got && streq (got, PONG))
            got = tu_recv_hex (observer, tu_limit ());
        CHECK_STR (got, expected);
    }
    for (int index = 0; index < 5000; index++)
        CHECK_STR (tu_recv (node), tu_printf ("[DELIVER] [key%d] [value]", index));
    CHECK_INT (tu_status (node, NULL), 5000);
    zsock_destroy (&observer);
    zsock_destroy (&peer);
    zactor_destroy (&node);
    return tu_done ();
}
