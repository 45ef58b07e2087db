/*  A node does not send the ttl of one tuple with another: what it sends has
    ttl 0. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zsock_t *observer = tu_session (endpoint);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, HELLO);
    tu_send_hex (client, tu_publish_hex ("key", "value", 7));
    tu_expect_hex (observer, tu_publish_hex ("key", "value", 0));
    zstr_sendx (server, "PUBLISH", "own", "value", NULL);
    tu_expect_hex (observer, tu_publish_hex ("own", "value", 0));
    zsock_t *late = tu_dealer (endpoint);
    tu_send_hex (late, HELLO);
    for (int count = 0; count < 2; count++) {
        const char *hex = tu_recv_hex (late, tu_limit ());
        CHECK (hex && streq (hex + strlen (hex) - 8, "00000000"));
    }
    zsock_destroy (&late);
    zsock_destroy (&observer);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
