/*  Whatever a client sends, the server goes on, keeps that client's session, and
    logs at most one warning for each message. */

#include "testutil.h"
#include "malformed.h"

static const char *const forms [] = { MALFORMED_FRAMES, MALFORMED_BY_MORE_FRAMES };
#define FORMS (int) (sizeof (forms) / sizeof (forms [0]))

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    tu_status (server, NULL);
    tu_log_start ();

    for (int index = 0; index < FORMS; index++) {
        zsock_t *client = tu_dealer (endpoint);
        tu_send_hex (client, HELLO);
        tu_send_hex (client, PING);
        for (int count = 0; count < index; count++)
            CHECK (tu_recv_hex (client, tu_limit ()));
        tu_expect_hex (client, PONG);

        tu_send_hex (client, forms [index]);
        /*  Answered once: nothing of the message before was taken for a PING. */
        tu_send_hex (client, PING);
        tu_expect_hex (client, PONG);
        const char *key = tu_printf ("key%d", index);
        zstr_sendx (server, "PUBLISH", key, "value", NULL);
        tu_expect_hex (client, tu_publish_hex (key, "value", 0));
        zsock_destroy (&client);
    }
    CHECK_INT (tu_status (server, NULL), FORMS);
    int lines = 0;
    for (const char *line = tu_log_next (); line; line = tu_log_next ()) {
        CHECK (line [0] == 'W');
        lines++;
    }
    CHECK (lines >= 1 && lines <= FORMS);
    zactor_destroy (&server);
    return tu_done ();
}
