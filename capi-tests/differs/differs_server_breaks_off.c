/*  A server sends messages of very many frames, and its connection breaks while the client
    reads them. libzmq ends the process of a client that waits for a connection with
    ZMQ_IMMEDIATE and learns in the middle of a message that this one is gone. */

#include "testutil.h"

#define ROUNDS      3
#define MESSAGES    5
#define FRAMES      50000

static void
send_many_frames (zsock_t *router, zframe_t *peer)
{
    void *socket = zsock_resolve (router);
    for (int message = 0; message < MESSAGES; message++) {
        if (zmq_send (socket, zframe_data (peer), zframe_size (peer), ZMQ_SNDMORE) < 0)
            return;
        for (int frame = 1; frame < FRAMES; frame++)
            zmq_send (socket, "", 0, ZMQ_SNDMORE);
        zmq_send (socket, "", 0, 0);
    }
}

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_ipc ("server");
    zactor_t *client = tu_lasting_node ("client");
    tu_log_start ();
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        zsock_t *router = tu_router (endpoint);
        zstr_sendx (client, "PUBLISH", tu_printf ("key%d", round), "value", NULL);
        zframe_t *peer = NULL;
        CHECK (tu_router_recv (router, &peer, tu_limit ()));
        send_many_frames (router, peer);
        zframe_destroy (&peer);
        /*  All of it arrives, and then the end of the connection. */
        zsock_set_linger (router, tu_limit ());
        zsock_destroy (&router);
        CHECK_INT (tu_status (client, NULL), round + 1);
    }
    zactor_t *server = tu_lasting_node ("server");
    zstr_sendx (server, "BIND", endpoint, NULL);
    tu_wait_count (server, ROUNDS, NULL);
    zactor_destroy (&server);
    zactor_destroy (&client);
    return tu_done ();
}
