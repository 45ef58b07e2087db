/*  The bytes that the codec sends, and what it makes of bytes it receives. */

#include "testutil.h"
#include "zgossip_msg.h"

static zsock_t *s_output, *s_input;

static void
sends (zgossip_msg_t *message, const char *hex)
{
    CHECK_INT (zgossip_msg_send (message, s_output), 0);
    tu_expect_hex (s_input, hex);
}

static void
receives (zgossip_msg_t *message, const char *hex, int id)
{
    tu_send_hex (s_output, hex);
    CHECK_INT (zgossip_msg_recv (message, s_input), 0);
    CHECK_INT (zgossip_msg_id (message), id);
    CHECK (zgossip_msg_routing_id (message) == NULL);
}

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("wire");
    s_output = zsock_new (ZMQ_DEALER);
    s_input = zsock_new (ZMQ_DEALER);
    CHECK (zsock_bind (s_output, "%s", endpoint) == 0);
    CHECK (zsock_connect (s_input, "%s", endpoint) == 0);

    zgossip_msg_t *message = zgossip_msg_new ();
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PUBLISH);
    /*  A value that was never set goes out as an empty one. */
    sends (message, "aaa00201000000000000000000");
    zgossip_msg_set_key (message, "k");
    zgossip_msg_set_value (message, "v");
    sends (message, "aaa00201016b000000017600000000");
    zgossip_msg_set_ttl (message, 0x01020304);
    sends (message, "aaa00201016b000000017601020304");
    /*  Sending does not use the message up. */
    sends (message, "aaa00201016b000000017601020304");
    zgossip_msg_set_id (message, ZGOSSIP_MSG_HELLO);
    sends (message, HELLO);
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PING);
    sends (message, PING);
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PONG);
    sends (message, PONG);
    zgossip_msg_set_id (message, ZGOSSIP_MSG_INVALID);
    sends (message, INVALID);
    /*  The fields are still there. */
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PUBLISH);
    sends (message, "aaa00201016b000000017601020304");

    receives (message, HELLO, ZGOSSIP_MSG_HELLO);
    receives (message, PING, ZGOSSIP_MSG_PING);
    receives (message, PONG, ZGOSSIP_MSG_PONG);
    receives (message, INVALID, ZGOSSIP_MSG_INVALID);
    receives (message, "aaa00201036f776e0000000376616c00000000", ZGOSSIP_MSG_PUBLISH);
    CHECK_STR (zgossip_msg_key (message), "own");
    CHECK_STR (zgossip_msg_value (message), "val");
    CHECK_INT (zgossip_msg_ttl (message), 0);
    receives (message, "aaa00201 00 00000000 ffffffff", ZGOSSIP_MSG_PUBLISH);
    CHECK_STR (zgossip_msg_key (message), "");
    CHECK_STR (zgossip_msg_value (message), "");
    CHECK_INT (zgossip_msg_ttl (message), UINT32_MAX);
    /*  A NUL ends what a C string can show; more bytes than needed are ignored. */
    receives (message, "aaa00201 03 6b0079 00000003 760078 00000001 cafe", ZGOSSIP_MSG_PUBLISH);
    CHECK_STR (zgossip_msg_key (message), "k");
    CHECK_STR (zgossip_msg_value (message), "v");
    CHECK_INT (zgossip_msg_ttl (message), 1);
    receives (message, HELLO "5a4501", ZGOSSIP_MSG_HELLO);

    zgossip_msg_destroy (&message);
    zsock_destroy (&s_output);
    zsock_destroy (&s_input);
    return tu_done ();
}
