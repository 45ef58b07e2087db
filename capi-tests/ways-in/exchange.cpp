// exchange FILE STATE - the same from C++, with the codec besides.

#include "exchange.h"
#include "zgossip.h"
#include "zgossip_msg.h"

// The codec makes messages that a node understands: say hello to one and ask for a sign of life.
static void ping ()
{
    zactor_t *node = zactor_new (zgossip, const_cast<char *> ("node"));
    zsock_t *peer = zsock_new (ZMQ_DEALER);
    zgossip_msg_t *message = zgossip_msg_new ();

    if (!node || !peer || !message)
        refuse ("cannot create", "node, socket or message");
    zsock_set_rcvtimeo (peer, 10000);
    zstr_sendx (node, "BIND", "inproc://codec", NULL);
    if (zsock_connect (peer, "inproc://codec") != 0)
        refuse ("cannot connect", "inproc://codec");
    const int ids [] = { ZGOSSIP_MSG_HELLO, ZGOSSIP_MSG_PING };
    for (int id : ids) {
        zgossip_msg_set_id (message, id);
        if (zgossip_msg_send (message, peer) != 0)
            refuse ("cannot send", zgossip_msg_command (message));
    }
    if (zgossip_msg_recv (message, peer) != 0 || zgossip_msg_id (message) != ZGOSSIP_MSG_PONG)
        refuse ("the answer to PING is", zgossip_msg_command (message));

    zgossip_msg_destroy (&message);
    zsock_destroy (&peer);
    zactor_destroy (&node);
}

int main (int argc, char **argv)
{
    const czmq_api_t czmq = { zgossip, zactor_new, zactor_destroy, zstr_sendx, zstr_recvx };

    if (argc != 3)
        return 2;
    exchange (&czmq);
    ping ();
    verify (argv [1], file_of (address_of (zgossip)), argv [2], zgossip_version ());
    return 0;
}
