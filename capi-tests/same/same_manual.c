/*  The example of the manual page, step by step, without its CURVE part. */

#include "testutil.h"

int
main (void)
{
    tu_start ();

    /*  Client to server. The codec is no part of this: codec_manual has it. */
    zactor_t *server = tu_node ("server");
    zstr_sendx (server, "BIND", "inproc://zgossip", NULL);
    zsock_t *client = tu_dealer ("inproc://zgossip");
    tu_send_hex (client, HELLO);
    tu_send_hex (client, PING);
    tu_out ("client: %s", tu_recv_hex (client, tu_limit ()));
    zactor_destroy (&server);
    zsock_destroy (&client);

    /*  Peer to peer. */
    zactor_t *base = tu_node ("base");
    zstr_sendx (base, "SET", "server/timeout", "100", NULL);
    zstr_sendx (base, "BIND", "inproc://base", NULL);

    zactor_t *alpha = tu_node ("alpha");
    zstr_sendx (alpha, "CONNECT", "inproc://base", NULL);
    zstr_sendx (alpha, "PUBLISH", "inproc://alpha-1", "service1", NULL);
    zstr_sendx (alpha, "PUBLISH", "inproc://alpha-2", "service2", NULL);

    zactor_t *beta = tu_node ("beta");
    zstr_sendx (beta, "CONNECT", "inproc://base", NULL);
    zstr_sendx (beta, "PUBLISH", "inproc://beta-1", "service1", NULL);
    zstr_sendx (beta, "PUBLISH", "inproc://beta-2", "service2", NULL);

    /*  The manual sleeps here for 200 ms. */
    zlist_t *seen = tu_list ();
    tu_wait_count (alpha, 4, seen);
    tu_show_list ("alpha", seen);
    tu_out ("alpha: STATUS %d", tu_status (alpha, NULL));

    zlist_destroy (&seen);
    zactor_destroy (&base);
    zactor_destroy (&alpha);
    zactor_destroy (&beta);
    return tu_done ();
}
