/*  zgossip_msg_print writes the message to the log. */

#include "testutil.h"
#include "zgossip_msg.h"

static void
prints (zgossip_msg_t *message, int id, const char *const *lines)
{
    zgossip_msg_set_id (message, id);
    tu_log_start ();
    zgossip_msg_print (message);
    for (int index = 0; lines [index]; index++)
        CHECK_STR (tu_log_next (), lines [index]);
    CHECK (tu_log_next () == NULL);
}

int
main (void)
{
    tu_start ();
    zgossip_msg_t *message = zgossip_msg_new ();
    prints (message, ZGOSSIP_MSG_HELLO, (const char *const [])
            { "D: ZGOSSIP_MSG_HELLO:", "D:     version=1", NULL });
    prints (message, ZGOSSIP_MSG_PING, (const char *const [])
            { "D: ZGOSSIP_MSG_PING:", "D:     version=1", NULL });
    prints (message, ZGOSSIP_MSG_PONG, (const char *const [])
            { "D: ZGOSSIP_MSG_PONG:", "D:     version=1", NULL });
    prints (message, ZGOSSIP_MSG_INVALID, (const char *const [])
            { "D: ZGOSSIP_MSG_INVALID:", "D:     version=1", NULL });
    prints (message, ZGOSSIP_MSG_PUBLISH, (const char *const [])
            { "D: ZGOSSIP_MSG_PUBLISH:", "D:     version=1", "D:     key=''",
              "D:     value=", "D:     ttl=0", NULL });
    zgossip_msg_set_key (message, "100%s");
    zgossip_msg_set_value (message, "value");
    zgossip_msg_set_ttl (message, 123);
    prints (message, ZGOSSIP_MSG_PUBLISH, (const char *const [])
            { "D: ZGOSSIP_MSG_PUBLISH:", "D:     version=1", "D:     key='100%s'",
              "D:     value='value'", "D:     ttl=123", NULL });
    prints (message, 77, (const char *const []) { NULL });
    zgossip_msg_destroy (&message);
    return tu_done ();
}
