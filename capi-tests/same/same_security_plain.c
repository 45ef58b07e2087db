/*  security/mechanism = plain: from then on only clients with a name and password
    that the ZAP handler accepts get in. */

#include "testutil.h"

static void
show_client (const char *label, const char *endpoint, const char *user, const char *password)
{
    zsock_t *client = zsock_new (ZMQ_DEALER);
    zsock_set_linger (client, 0);
    if (user) {
        zsock_set_plain_username (client, user);
        zsock_set_plain_password (client, password);
    }
    CHECK (zsock_connect (client, "%s", endpoint) == 0);
    tu_send_hex (client, PING);
    /*  Those that get in are answered at once, and come last. */
    const char *reply = tu_recv_hex (client, user && streq (password, "right")? tu_limit (): 1000);
    tu_out ("%s: %s", label, reply? reply: "nothing");
    zsock_destroy (&client);
}

int
main (void)
{
    tu_start ();
    zactor_t *auth = zactor_new (zauth, NULL);
    CHECK (auth);
    zstr_sendx (auth, "PLAIN", tu_file ("passwords", "alice=right\n"), NULL);
    zsock_wait (auth);

    zactor_t *node = tu_node ("node");
    tu_try (node, "LOAD", tu_file ("node.cfg",
            "server\n"
            "    background = 1\n"
            "zgossip\n"
            "    security\n"
            "        mechanism = plain\n"), NULL);
    const char *endpoint = tu_bind_tcp (node);
    show_client ("no name", endpoint, NULL, NULL);
    show_client ("wrong password", endpoint, "alice", "wrong");
    show_client ("right password", endpoint, "alice", "right");
    tu_out ("%d tuples", tu_status (node, NULL));
    zactor_destroy (&node);
    zactor_destroy (&auth);
    return tu_done ();
}
