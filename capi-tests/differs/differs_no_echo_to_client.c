/*  A tuple does not go back to the client it came from. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zsock_t *client = tu_dealer (endpoint);
    tu_send_hex (client, HELLO);
    for (int count = 0; count < 10; count++)
        tu_send_hex (client, tu_publish_hex (tu_printf ("key%d", count), "value", 0));
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    CHECK_INT (tu_status (server, NULL), 10);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
