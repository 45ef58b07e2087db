/*  On a ROUTER the codec takes the routing id off what it receives, and puts it
    before what it sends. */

#include "testutil.h"
#include "zgossip_msg.h"

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("router");
    zsock_t *router = tu_router (endpoint);
    zsock_t *alice = zsock_new (ZMQ_DEALER);
    zsock_set_identity (alice, "alice");
    zsock_t *bob = zsock_new (ZMQ_DEALER);
    zsock_set_identity (bob, "bob");
    CHECK (zsock_connect (alice, "%s", endpoint) == 0);
    CHECK (zsock_connect (bob, "%s", endpoint) == 0);

    zgossip_msg_t *message = zgossip_msg_new ();
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PING);
    CHECK_INT (zgossip_msg_send (message, alice), 0);
    CHECK_INT (zgossip_msg_recv (message, router), 0);
    CHECK_INT (zgossip_msg_id (message), ZGOSSIP_MSG_PING);
    CHECK (zframe_streq (zgossip_msg_routing_id (message), "alice"));

    /*  The reply goes to whom it came from, as often as one likes. */
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PONG);
    for (int count = 0; count < 2; count++) {
        CHECK_INT (zgossip_msg_send (message, router), 0);
        tu_expect_hex (alice, PONG);
    }
    zframe_t *frame = zframe_new ("bob", 3);
    zgossip_msg_set_routing_id (message, frame);
    zframe_destroy (&frame);
    CHECK_INT (zgossip_msg_send (message, router), 0);
    tu_expect_hex (bob, PONG);

    /*  Each message received brings its own. */
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PUBLISH);
    zgossip_msg_set_key (message, "key");
    zgossip_msg_set_value (message, "value");
    CHECK_INT (zgossip_msg_send (message, alice), 0);
    CHECK_INT (zgossip_msg_recv (message, router), 0);
    CHECK (zframe_streq (zgossip_msg_routing_id (message), "alice"));
    CHECK_STR (zgossip_msg_key (message), "key");

    zgossip_msg_destroy (&message);
    zsock_destroy (&alice);
    zsock_destroy (&bob);
    zsock_destroy (&router);
    return tu_done ();
}
