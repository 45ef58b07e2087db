/*  The bytes a server sends, and what it accepts, seen by raw DEALER sockets. */

#include "testutil.h"

static zsock_t *
observer_new (const char *endpoint)
{
    zsock_t *observer = tu_dealer (endpoint);
    tu_send_hex (observer, HELLO);
    tu_send_hex (observer, PING);
    return observer;
}

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);

    /*  HELLO to an empty server gets no reply, so the PONG comes first. */
    zsock_t *observer = observer_new (endpoint);
    tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));

    zstr_sendx (server, "PUBLISH", "own", "val", NULL);
    tu_out ("server: %s", tu_recv (server));
    tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));

    /*  From a peer, each form once. The last two have more bytes than they need,
        which the server does not repeat. */
    zsock_t *peer = tu_dealer (endpoint);
    tu_send_hex (peer, HELLO "00ff");
    tu_out ("peer: %s", tu_recv_hex (peer, tu_limit ()));
    tu_send_hex (peer, PING "5b5b5b");
    tu_out ("peer: %s", tu_recv_hex (peer, tu_limit ()));
    static const char *const messages [] = {
        "aaa00201 01 6b 00000001 76 00000000",
        "aaa00201 03 6b6579 00000005 76616c7565 00000000",
        "aaa00201 00 00000001 76 00000000",
        "aaa00201 01 65 00000000 00000000",
        "aaa00201 01 6b 00000002 7632 00000000",
        "aaa00201 02 7478 00000001 76 00000000 00112233",
        "aaa00201 02 7479 00000001 76 00000000 aaa00201",
    };
    for (size_t index = 0; index < sizeof (messages) / sizeof (messages [0]); index++) {
        tu_send_hex (peer, messages [index]);
        tu_out ("server: %s", tu_recv (server));
        tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));
    }
    /*  What is held already goes nowhere: the next thing seen is the PONG. */
    tu_send_hex (peer, messages [1]);
    tu_out ("%d tuples", tu_status (server, NULL));
    tu_send_hex (observer, PING);
    tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));

    zsock_destroy (&observer);
    zsock_destroy (&peer);
    zactor_destroy (&server);
    return tu_done ();
}
