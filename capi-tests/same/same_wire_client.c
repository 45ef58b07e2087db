/*  What a CONNECTed node sends to its server, and what it makes of what the
    server sends, seen by a raw ROUTER. */

#include "testutil.h"

static zsock_t *s_router;
static zframe_t *s_peer;

/*  Show so many messages of the node that were not seen before, in no particular
    order: a node may repeat itself to find out whether its session lives. */
static void
show_new (zlist_t *known, int count)
{
    zlist_t *fresh = tu_list ();
    while (count) {
        const char *hex = tu_router_recv (s_router, &s_peer, tu_limit ());
        CHECK (hex);
        if (tu_list_has (known, hex))
            continue;
        zlist_append (known, (void *) hex);
        zlist_append (fresh, (void *) hex);
        count--;
    }
    tu_show_sorted ("router", fresh);
    zlist_destroy (&fresh);
}

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_ipc ("client");
    s_router = tu_router (endpoint);
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PUBLISH", "before", "1", NULL);
    zstr_sendx (node, "PUBLISH", "and", "2", NULL);
    tu_wait_count (node, 2, NULL);
    zstr_sendx (node, "CONNECT", endpoint, NULL);

    const char *first = tu_router_recv (s_router, &s_peer, tu_limit ());
    tu_out ("router: %s", first);
    zlist_t *known = tu_list ();
    zlist_append (known, (void *) HELLO);
    show_new (known, 2);

    zstr_sendx (node, "PUBLISH", "after", "3", NULL);
    tu_out ("node: %s", tu_recv (node));
    show_new (known, 1);

    /*  From the server: tuples are taken, the rest is ignored. */
    tu_router_send (s_router, s_peer, "aaa00201 01 6b 00000001 76 00000000");
    tu_out ("node: %s", tu_recv (node));
    tu_router_send (s_router, s_peer, HELLO);
    tu_router_send (s_router, s_peer, PONG);
    tu_router_send (s_router, s_peer, "aaa00201 01 6b 00000001 76 00000000");
    tu_router_send (s_router, s_peer, "aaa00201 01 6c 00000001 77 00000000 cafe");
    tu_out ("node: %s", tu_recv (node));
    tu_out ("%d tuples", tu_status (node, NULL));

    /*  INVALID makes it say HELLO. */
    while (tu_router_recv (s_router, &s_peer, 0))
        ;
    tu_router_send (s_router, s_peer, INVALID);
    const char *hex;
    do {
        hex = tu_router_recv (s_router, &s_peer, tu_limit ());
        CHECK (hex);
    } while (!streq (hex, HELLO));
    tu_out ("router: %s", hex);

    /*  A ttl from a server is not repeated. */
    const char *below = tu_inproc ("below");
    zstr_sendx (node, "BIND", below, NULL);
    zsock_t *observer = tu_dealer (below);
    tu_send_hex (observer, HELLO);
    for (int count = 0; count < 5; count++)
        CHECK (tu_recv_hex (observer, tu_limit ()));
    tu_router_send (s_router, s_peer, "aaa00201 01 6d 00000001 78 00000007");
    tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));

    zlist_destroy (&known);
    zsock_destroy (&observer);
    zactor_destroy (&node);
    zframe_destroy (&s_peer);
    zsock_destroy (&s_router);
    return tu_done ();
}
