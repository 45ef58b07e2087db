/*  Keys and values are bytes: control characters, percent signs and what is no
    UTF-8 go unchanged to the application and to peers; empty ones are legal. */

#include "testutil.h"

static const char *const tuples [][2] = {
    { "", "empty key" },
    { "empty value", "" },
    { "new\nline", "a\nb\r\n" },
    { "control\x01\x1b\x7f", "\t\b" },
    { "high\xff\xfe\x80", "\xc3\x28\xf8\x88" },
    { "percent %s%n%d", "%s%s%s%n 100%" },
    { "utf \xc3\xa4", "\xe2\x82\xac" },
    { "quotes \"'", "'\" \\ #" },
    { "spaces  ", "  x  " },
    { "DELIVER", "STATUS" },
};
#define TUPLES (int) (sizeof (tuples) / sizeof (tuples [0]))

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zsock_t *observer = tu_session (endpoint);

    for (int index = 0; index < TUPLES; index++) {
        zstr_sendx (server, "PUBLISH", tuples [index][0], tuples [index][1], NULL);
        tu_out ("server: %s", tu_recv (server));
        tu_out ("observer: %s", tu_recv_hex (observer, tu_limit ()));
    }
    /*  The same through a node in between. */
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    tu_show_held ("client", client, TUPLES);

    zsock_destroy (&observer);
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
