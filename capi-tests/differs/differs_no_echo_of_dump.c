/*  The tuples that a server sends in answer to HELLO do not go back to it. */

#include "testutil.h"

static zsock_t *s_router;
static zframe_t *s_peer;
static zactor_t *s_client;

/*  Wait until the client holds so many tuples, and answer its PINGs meanwhile. It
    has nothing to send but those. */
static void
wait_silent (int count)
{
    int64_t until = tu_deadline ();
    while (tu_status (s_client, NULL) < count) {
        const char *hex = tu_router_recv (s_router, &s_peer, 20);
        if (hex)
            tu_fail (__FILE__, __LINE__, "the client sends %s", hex);
        CHECK (zclock_mono () < until);
    }
}

/*  What the client sends next is this. */
static void
sends_next (const char *expected)
{
    const char *hex = tu_router_recv (s_router, &s_peer, tu_limit ());
    CHECK_STR (hex, expected);
}

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("dump");
    s_router = tu_router (endpoint);
    s_client = tu_node ("client");
    zstr_sendx (s_client, "CONNECT", endpoint, NULL);
    sends_next (HELLO);
    for (int index = 0; index < 10; index++)
        tu_router_send (s_router, s_peer, tu_publish_hex (tu_printf ("key%d", index), "value", 0));
    wait_silent (10);

    zstr_sendx (s_client, "PUBLISH", "mine", "value", NULL);
    sends_next (tu_publish_hex ("mine", "value", 0));
    zframe_destroy (&s_peer);
    zactor_destroy (&s_client);
    zsock_destroy (&s_router);
    return tu_done ();
}
