/*  The manual's example, with the headers of libzgossip: the codec towards a node, then three
    nodes. */

#include "manual.h"
#include "zgossip.h"
#include "zgossip_msg.h"

static void
expect (zactor_t *node, const char *expected_key, const char *expected_value)
{
    char *command = NULL, *key = NULL, *value = NULL;
    CHECK_INT (zstr_recvx (node, &command, &key, &value, NULL), 3);
    CHECK_STR (command, "DELIVER");
    CHECK_STR (key, expected_key);
    CHECK_STR (value, expected_value);
    zstr_free (&command);
    zstr_free (&key);
    zstr_free (&value);
}

int
main (void)
{
    tu_start ();
    zactor_t *server = zactor_new (zgossip, (void *) "server");
    CHECK (server);
    zstr_sendx (server, "BIND", "inproc://zgossip", NULL);
    zsock_t *client = zsock_new (ZMQ_DEALER);
    zsock_set_rcvtimeo (client, tu_limit ());
    CHECK (zsock_connect (client, "inproc://zgossip") == 0);

    zgossip_msg_t *message = zgossip_msg_new ();
    CHECK (message);
    zgossip_msg_set_id (message, ZGOSSIP_MSG_HELLO);
    CHECK (zgossip_msg_send (message, client) == 0);
    zgossip_msg_set_id (message, ZGOSSIP_MSG_PING);
    CHECK (zgossip_msg_send (message, client) == 0);
    CHECK (zgossip_msg_recv (message, client) == 0);
    CHECK_INT (zgossip_msg_id (message), ZGOSSIP_MSG_PONG);
    zgossip_msg_destroy (&message);
    CHECK (message == NULL);
    zactor_destroy (&server);
    zsock_destroy (&client);

    manual_t nodes = manual_nodes ();

    expect (nodes.alpha, "inproc://alpha-1", "service1");
    expect (nodes.alpha, "inproc://alpha-2", "service2");
    expect (nodes.alpha, "inproc://beta-1", "service1");
    expect (nodes.alpha, "inproc://beta-2", "service2");
    CHECK_INT (tu_status (nodes.alpha, NULL), 4);
    manual_destroy (&nodes);
    return tu_done ();
}
