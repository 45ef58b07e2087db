/*  Whatever a client sends, the server goes on, keeps that client's session, and
    logs at most one warning for each message. */

#include "testutil.h"

/*  Everything that is not exactly a message of the protocol. */
static const char *const forms [] = {
    "",                                                 /*  empty */
    "aa",                                               /*  one byte */
    "aaa0",                                             /*  no id */
    "aaa001",                                           /*  no version */
    "aaa101 01",                                        /*  another signature */
    "abcdef0123456789",
    "aaa00001",                                         /*  unknown ids */
    "aaa04d01",
    "aaa0ff01",
    "aaa00100",                                         /*  foreign versions */
    "aaa00302",
    "aaa00202 01 6b 00000001 76 00000000",
    "aaa00201",                                         /*  PUBLISH, cut */
    "aaa00201 01",
    "aaa00201 01 6b",
    "aaa00201 01 6b 0000",
    "aaa00201 01 6b 00000001",
    "aaa00201 01 6b 00000001 76",
    "aaa00201 01 6b 00000001 76 000000",
    "aaa00201 ff 6b 00000001 76 00000000",              /*  lengths past the end */
    "aaa00201 01 6b 000000ff 76 00000000",
    "aaa00201 01 6b 7fffffff 76 00000000",
    "aaa00201 01 6b ffffffff 76 00000000",
    "aaa00301|",                                        /*  two frames */
    "|aaa00301",                                        /*  what a REQ sends */
    "aaa00201 01 6b 00000001 76 00000000|aaa00301",
    "aaa00301|aaa00301|aaa00301|aaa00301",              /*  four frames */
};
#define FORMS (int) (sizeof (forms) / sizeof (forms [0]))

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_inproc ("malformed");
    zstr_sendx (server, "BIND", endpoint, NULL);
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
