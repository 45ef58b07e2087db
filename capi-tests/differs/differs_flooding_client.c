/*  A client that sends as fast as it can does not keep the application waiting: a
    command given while there is a backlog is carried out before its end. */

#include "testutil.h"

/*  With a checker, which sets longer limits, the node takes as long for a tenth. */
#define BACKLOG (tu_limit () > 60000? 50000: 500000)
static const unsigned char tuple [] = { 0xaa, 0xa0, 2, 1, 1, 'k', 0, 0, 0, 1, 'v', 0, 0, 0, 0 };

int
main (void)
{
    tu_start ();
    bool fair = false;
    /*  Again if the machine was busy elsewhere when the command should have been
        given. The backlog is there before the server is, so that an actor that does
        not take turns has no chance. */
    for (int round = 0; round < 3 && !fair; round++) {
        const char *endpoint = tu_inproc ("flood");
        zsock_t *client = zsock_new (ZMQ_DEALER);
        zsock_set_unbounded (client);
        CHECK (zsock_connect (client, "%s", endpoint) == 0);
        tu_send_hex (client, HELLO);
        for (int count = 0; count < BACKLOG; count++)
            CHECK (zmq_send (zsock_resolve (client), tuple, sizeof (tuple), 0) > 0);
        tu_send_hex (client, tu_publish_hex ("last", "value", 0));

        zactor_t *server = tu_lasting_node ("server");
        zstr_sendx (server, "BIND", endpoint, NULL);
        CHECK_STR (tu_recv (server), "[DELIVER] [k] [v]");
        fair = tu_status (server, NULL) == 1;
        tu_wait_count (server, 2, NULL);
        zactor_destroy (&server);
        zsock_destroy (&client);
    }
    CHECK (fair);
    return tu_done ();
}
