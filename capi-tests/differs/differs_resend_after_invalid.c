/*  A server that has forgotten a client answers INVALID and drops the tuple. The
    client says HELLO and sends everything again. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("invalid");
    zsock_t *router = tu_router (endpoint);
    zframe_t *peer = NULL;
    zactor_t *client = tu_node ("client");
    zstr_sendx (client, "PUBLISH", "one", "1", NULL);
    zstr_sendx (client, "PUBLISH", "two", "2", NULL);
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    tu_wait_count (client, 2, NULL);
    CHECK_STR (tu_router_recv (router, &peer, tu_limit ()), HELLO);
    for (int round = 0; round < 2; round++) {
        bool one = false, two = false;
        while (!one || !two) {
            const char *hex = tu_router_recv (router, &peer, tu_limit ());
            CHECK (hex);
            one = one || streq (hex, tu_publish_hex ("one", "1", 0));
            two = two || streq (hex, tu_publish_hex ("two", "2", 0));
        }
        if (round == 0) {
            /*  Whatever is on its way still belongs to the old session. */
            while (tu_router_recv (router, &peer, 300))
                ;
            tu_router_send (router, peer, INVALID);
            CHECK_STR (tu_router_recv (router, &peer, tu_limit ()), HELLO);
        }
    }
    zframe_destroy (&peer);
    zactor_destroy (&client);
    zsock_destroy (&router);
    return tu_done ();
}
