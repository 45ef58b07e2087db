/*  A new value for a key replaces the old one everywhere. One raw peer publishes,
    as it does not send back what it is sent: nodes of CZMQ that pass a change on
    to each other while the next one is on its way may never come to rest. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zsock_t *observer = tu_session (endpoint);
    zsock_t *peer = tu_dealer (endpoint);
    tu_send_hex (peer, HELLO);

    static const char *const values [] = { "one", "two", "two", "three", "one", "" };
    int values_nbr = (int) (sizeof (values) / sizeof (values [0]));
    /*  One after the other: of values in quick succession a native node tells a CZMQ peer the last. */
    for (int index = 0; index < values_nbr; index++) {
        tu_send_hex (peer, tu_publish_hex ("key", values [index], 0));
        if (index > 0 && streq (values [index], values [index - 1]))
            continue;
        tu_out ("server: %s", tu_recv (server));
        tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));
    }
    tu_out ("%d tuples", tu_status (server, NULL));

    /*  The last value is the one a newcomer is told. */
    zsock_t *newcomer = tu_dealer (endpoint);
    tu_send_hex (newcomer, HELLO);
    tu_out ("newcomer: %s", tu_recv_hex (newcomer, tu_limit ()));
    zsock_destroy (&newcomer);
    zsock_destroy (&observer);
    zsock_destroy (&peer);
    zactor_destroy (&server);
    return tu_done ();
}
