/*  Getters and setters of the codec, one by one. */

#include "testutil.h"
#include "zgossip_msg.h"

int
main (void)
{
    tu_start ();
    zgossip_msg_t *message = zgossip_msg_new ();
    CHECK (message);

    /*  A new message is empty. */
    CHECK_INT (zgossip_msg_id (message), 0);
    CHECK_STR (zgossip_msg_command (message), "?");
    CHECK_STR (zgossip_msg_key (message), "");
    CHECK (zgossip_msg_value (message) == NULL);
    CHECK_INT (zgossip_msg_ttl (message), 0);
    CHECK (zgossip_msg_routing_id (message) == NULL);

    static const struct { int id; const char *command; } ids [] = {
        { ZGOSSIP_MSG_HELLO, "HELLO" }, { ZGOSSIP_MSG_PUBLISH, "PUBLISH" },
        { ZGOSSIP_MSG_PING, "PING" }, { ZGOSSIP_MSG_PONG, "PONG" },
        { ZGOSSIP_MSG_INVALID, "INVALID" }, { 0, "?" }, { 6, "?" }, { -1, "?" },
    };
    for (size_t index = 0; index < sizeof (ids) / sizeof (ids [0]); index++) {
        zgossip_msg_set_id (message, ids [index].id);
        CHECK_INT (zgossip_msg_id (message), ids [index].id);
        CHECK_STR (zgossip_msg_command (message), ids [index].command);
    }
    CHECK_INT (ZGOSSIP_MSG_HELLO, 1);
    CHECK_INT (ZGOSSIP_MSG_PUBLISH, 2);
    CHECK_INT (ZGOSSIP_MSG_PING, 3);
    CHECK_INT (ZGOSSIP_MSG_PONG, 4);
    CHECK_INT (ZGOSSIP_MSG_INVALID, 5);

    /*  Key and value are copied. */
    char text [] = "before";
    zgossip_msg_set_key (message, text);
    zgossip_msg_set_value (message, text);
    strcpy (text, "AFTER!");
    CHECK_STR (zgossip_msg_key (message), "before");
    CHECK_STR (zgossip_msg_value (message), "before");
    zgossip_msg_set_key (message, zgossip_msg_key (message));
    CHECK_STR (zgossip_msg_key (message), "before");
    zgossip_msg_set_key (message, "k");
    zgossip_msg_set_value (message, "");
    CHECK_STR (zgossip_msg_key (message), "k");
    CHECK_STR (zgossip_msg_value (message), "");
    zgossip_msg_set_key (message, "");
    CHECK_STR (zgossip_msg_key (message), "");
    zgossip_msg_set_value (message, "\xff\xfe %s");
    CHECK_STR (zgossip_msg_value (message), "\xff\xfe %s");

    /*  The key is cut at 255 bytes, the value not at all. */
    char *long_text = (char *) malloc (100001);
    CHECK (long_text);
    memset (long_text, 'x', 100000);
    long_text [100000] = 0;
    zgossip_msg_set_value (message, long_text);
    CHECK_INT (strlen (zgossip_msg_value (message)), 100000);
    long_text [256] = 0;
    zgossip_msg_set_key (message, long_text);
    CHECK_INT (strlen (zgossip_msg_key (message)), 255);
    long_text [255] = 0;
    CHECK_STR (zgossip_msg_key (message), long_text);
    zgossip_msg_set_key (message, long_text);
    CHECK_STR (zgossip_msg_key (message), long_text);
    free (long_text);

    zgossip_msg_set_ttl (message, 0x01020304);
    CHECK_INT (zgossip_msg_ttl (message), 0x01020304);
    zgossip_msg_set_ttl (message, UINT32_MAX);
    CHECK_INT (zgossip_msg_ttl (message), UINT32_MAX);

    /*  So is the routing id. */
    zframe_t *frame = zframe_new ("id\0x", 4);
    zgossip_msg_set_routing_id (message, frame);
    CHECK (zgossip_msg_routing_id (message) != frame);
    CHECK (zframe_eq (zgossip_msg_routing_id (message), frame));
    zframe_reset (frame, "another", 7);
    CHECK_INT (zframe_size (zgossip_msg_routing_id (message)), 4);
    zgossip_msg_set_routing_id (message, frame);
    CHECK (zframe_eq (zgossip_msg_routing_id (message), frame));
    zframe_destroy (&frame);

    zgossip_msg_destroy (&message);
    CHECK (message == NULL);
    zgossip_msg_destroy (&message);
    return tu_done ();
}
