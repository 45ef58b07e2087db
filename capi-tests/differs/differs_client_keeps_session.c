/*  A client with nothing to say PINGs its server, more often than once a second:
    that is when a server of CZMQ forgets it. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("session");
    zsock_t *router = tu_router (endpoint);
    zactor_t *client = tu_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    int64_t last = 0;
    int late = 0;
    for (int pings = 0; pings < 10; ) {
        zmsg_t *msg = tu_recv_msg (router, tu_limit ());
        CHECK (msg);
        zframe_t *peer = zmsg_pop (msg);
        const char *text = tu_text (&msg);
        if (strncmp (text, "[\\xaa\\xa0\\x03", 13) == 0) {
            tu_router_send (router, peer, PONG);
            pings++;
            if (last && zclock_mono () - last >= 1000)
                late++;
            last = zclock_mono ();
        }
        zframe_destroy (&peer);
    }
    /*  Once for a machine that is busy with something else. */
    CHECK (late <= tu_limit () / 20000);
    zactor_destroy (&client);
    zsock_destroy (&router);
    return tu_done ();
}
