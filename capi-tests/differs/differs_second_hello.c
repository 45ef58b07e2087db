/*  A second HELLO is answered by all tuples, as the first one was. */

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
    for (int count = 0; count < 3; count++) {
        tu_send_hex (client, HELLO);
        tu_expect_hex (client, tu_publish_hex ("key", "value", 0));
    }
    zstr_sendx (server, "PUBLISH", "new", "value", NULL);
    tu_expect_hex (client, tu_publish_hex ("new", "value", 0));
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
