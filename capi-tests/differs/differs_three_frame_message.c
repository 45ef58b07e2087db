/*  A message of three frames is dropped whole. It is no message, and not two of
    them with a routing id between. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zstr_sendx (server, "PUBLISH", "key", "value", NULL);
    tu_status (server, NULL);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, PING "|6162|" PING);
    tu_send_hex (client, HELLO);
    tu_expect_hex (client, tu_publish_hex ("key", "value", 0));
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
