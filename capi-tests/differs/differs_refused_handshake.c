/*  When a server refuses the handshake the client goes on. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zsock_t *server = zsock_new (ZMQ_ROUTER);
    zsock_set_plain_server (server, 1);
    int port = zsock_bind (server, "%s", tu_tcp ());
    CHECK (port > 0);
    for (int count = 0; count < 30; count++) {
        zactor_t *client = tu_node ("client");
        zstr_sendx (client, "CONNECT", tu_printf ("tcp://127.0.0.1:%d", port), NULL);
        for (int index = 0; index < 10; index++) {
            zstr_sendx (client, "PUBLISH", tu_printf ("key%d", index), "value", NULL);
            CHECK_INT (tu_status (client, NULL), index + 1);
            zclock_sleep (10);
        }
        zactor_destroy (&client);
    }
    zsock_destroy (&server);
    return tu_done ();
}
