/*  With VERBOSE each step of a session is logged. */

#include "testutil.h"

/*  The number of a session starts at random. */
static void
show_steps (const char *label)
{
    const char *line;
    while ((line = tu_log_next ()) != NULL) {
        const char *colon = strchr (line + 2, ':');
        if (strncmp (line, "D: ", 3) == 0 && colon && colon - line == 9)
            tu_out ("%s: D: NUMBER%s", label, colon);
        else
            tu_out ("%s: %s", label, line);
    }
}

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("a server with a rather long name for a log");
    const char *endpoint = tu_inproc ("verbose");
    zstr_sendx (server, "BIND", endpoint, NULL);
    zsock_t *client = tu_dealer (endpoint);
    zsock_t *stranger = tu_dealer (endpoint);
    tu_status (server, NULL);
    tu_log_start ();
    zstr_send (server, "VERBOSE");

    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    tu_status (server, NULL);
    show_steps ("ping first");

    tu_send_hex (client, HELLO);
    tu_send_hex (client, PING);
    tu_expect_hex (client, PONG);
    tu_status (server, NULL);
    show_steps ("hello, ping");

    zstr_sendx (server, "PUBLISH", "key", "value", NULL);
    CHECK (tu_recv_hex (client, tu_limit ()));
    tu_status (server, NULL);
    show_steps ("a new tuple");

    tu_send_hex (stranger, HELLO);
    CHECK (tu_recv_hex (stranger, tu_limit ()));
    tu_status (server, NULL);
    show_steps ("hello with a tuple");

    zsock_destroy (&client);
    zsock_destroy (&stranger);
    zactor_destroy (&server);
    return tu_done ();
}
