/*  A tuple from a client that has not said HELLO is taken, and the client still told
    to say HELLO. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, tu_publish_hex ("key", "value", 0));
    tu_expect_hex (client, INVALID);
    CHECK_STR (tu_recv (server), "[DELIVER] [key] [value]");
    CHECK_INT (tu_status (server, NULL), 1);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
