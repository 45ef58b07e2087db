/*  Malformed input makes zgossip_msg_recv return -1. The message is then gone from
    the socket, all of it, so that the next one is read from its beginning. */

#include "testutil.h"
#include "malformed.h"
#include "zgossip_msg.h"

static const char *const forms [] = { MALFORMED_FRAMES };
#define FORMS (int) (sizeof (forms) / sizeof (forms [0]))

static void
run (zsock_t *output, zsock_t *input)
{
    zgossip_msg_t *message = zgossip_msg_new ();
    for (int index = 0; index < FORMS; index++) {
        tu_send_hex (output, forms [index]);
        if (zgossip_msg_recv (message, input) != -1)
            tu_fail (__FILE__, __LINE__, "'%s' was taken for a message", forms [index]);
        const char *key = tu_printf ("key%d", index);
        tu_send_hex (output, tu_publish_hex (key, "value", 9));
        CHECK_INT (zgossip_msg_recv (message, input), 0);
        CHECK_INT (zgossip_msg_id (message), ZGOSSIP_MSG_PUBLISH);
        CHECK_STR (zgossip_msg_key (message), key);
        CHECK_STR (zgossip_msg_value (message), "value");
        CHECK_INT (zgossip_msg_ttl (message), 9);
    }
    zgossip_msg_destroy (&message);
}

int
main (void)
{
    tu_start ();
    tu_log_start ();
    const char *endpoint = tu_inproc ("malformed");
    zsock_t *router = tu_router (endpoint);
    zsock_t *dealer = tu_dealer (endpoint);
    zsock_set_rcvtimeo (router, tu_limit ());
    run (dealer, router);

    const char *other = tu_inproc ("malformed");
    zsock_t *server = zsock_new (ZMQ_DEALER);
    CHECK (zsock_bind (server, "%s", other) == 0);
    zsock_t *client = tu_dealer (other);
    zsock_set_rcvtimeo (client, tu_limit ());
    run (server, client);

    /*  Nothing comes at all: -1 as well, after the socket's own timeout. */
    zsock_set_rcvtimeo (client, 50);
    zgossip_msg_t *message = zgossip_msg_new ();
    CHECK_INT (zgossip_msg_recv (message, client), -1);
    zgossip_msg_destroy (&message);

    zsock_destroy (&client);
    zsock_destroy (&server);
    zsock_destroy (&dealer);
    zsock_destroy (&router);
    return tu_done ();
}
