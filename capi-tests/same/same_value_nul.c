/*  A NUL ends a key or a value, be it from the application or from a peer. */

#include "testutil.h"

static void
publish (zactor_t *node, const char *key, size_t key_size, const char *value, size_t value_size)
{
    zmsg_t *msg = zmsg_new ();
    zmsg_addstr (msg, "PUBLISH");
    zmsg_addmem (msg, key, key_size);
    zmsg_addmem (msg, value, value_size);
    zmsg_send (&msg, node);
    zlist_t *seen = tu_list ();
    int count = tu_status (node, seen);
    tu_show_list ("application", seen);
    tu_out ("%d tuples", count);
    zlist_destroy (&seen);
}

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *node = tu_server (&endpoint);
    zsock_t *observer = tu_session (endpoint);

    publish (node, "k\0y", 3, "v\0x", 3);
    publish (node, "k", 1, "v", 1);
    publish (node, "\0", 1, "\0", 1);
    publish (node, "l", 1, "a\0", 2);
    for (int count = 0; count < 3; count++)
        tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));

    /*  key 6d 00 79, value 77 00 7a */
    zsock_t *peer = tu_dealer (endpoint);
    tu_send_hex (peer, HELLO);
    tu_send_hex (peer, "aaa00201 03 6d0079 00000003 77007a 00000000");
    tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));
    zlist_t *seen = tu_list ();
    tu_out ("%d tuples", tu_status (node, seen));
    tu_show_list ("application", seen);
    zlist_destroy (&seen);
    zsock_destroy (&peer);
    zsock_destroy (&observer);
    zactor_destroy (&node);
    return tu_done ();
}
