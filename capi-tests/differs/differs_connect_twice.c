/*  A second CONNECT to the same endpoint does nothing. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("twice");
    zsock_t *router = tu_router (endpoint);
    zframe_t *peer = NULL;
    zactor_t *client = tu_node ("client");
    for (int index = 0; index < 100; index++)
        zstr_sendx (client, "PUBLISH", tu_printf ("key%d", index), "value", NULL);
    tu_wait_count (client, 100, NULL);
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    CHECK_STR (tu_router_recv (router, &peer, tu_limit ()), HELLO);
    int messages = 0;
    while (messages < 100) {
        CHECK (tu_router_recv (router, &peer, tu_limit ()));
        messages++;
    }
    zframe_t *first = zframe_dup (peer);
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    zstr_sendx (client, "PUBLISH", "last", "value", NULL);
    messages = 0;
    const char *hex;
    do {
        hex = tu_router_recv (router, &peer, tu_limit ());
        CHECK (hex && zframe_eq (peer, first));
        /*  An idle client may repeat a tuple to see whether its session lives. */
        CHECK (!streq (hex, HELLO) && messages++ < 10);
    } while (!streq (hex, tu_publish_hex ("last", "value", 0)));
    zframe_destroy (&first);
    zframe_destroy (&peer);
    zactor_destroy (&client);
    zsock_destroy (&router);
    return tu_done ();
}
