/*  A peer that says HELLO and then nothing, as a client of CZMQ does, gets new
    tuples as long as its connection is up. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    zsock_t *client = tu_session (endpoint);
    for (int count = 0; count < 2; count++) {
        zclock_sleep (2000);
        const char *key = tu_printf ("key%d", count);
        zstr_sendx (server, "PUBLISH", key, "value", NULL);
        tu_expect_hex (client, tu_publish_hex (key, "value", 0));
    }
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
