/*  Sessions of clients that have gone are dropped, also where sessions never expire. */

#include "testutil.h"

#define CLIENTS 50

/*  How many sessions are told a new tuple, as VERBOSE shows it. */
static int
told (zactor_t *server, int round)
{
    tu_log_start ();
    zstr_sendx (server, "PUBLISH", tu_printf ("key%d", round), "value", NULL);
    tu_status (server, NULL);
    int count = 0;
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        if (strstr (line, "$ send PUBLISH"))
            count++;
    return count;
}

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    zstr_sendx (server, "VERBOSE", NULL);
    zstr_sendx (server, "PUBLISH", "first", "value", NULL);
    zsock_t *clients [CLIENTS];
    for (int index = 0; index < CLIENTS; index++) {
        clients [index] = tu_dealer (endpoint);
        tu_send_hex (clients [index], HELLO);
        tu_expect_hex (clients [index], tu_publish_hex ("first", "value", 0));
    }
    int64_t until = tu_deadline ();
    int round = 0;
    while (told (server, round++) < CLIENTS)
        CHECK (zclock_mono () < until);
    for (int index = 0; index < CLIENTS; index++)
        zsock_destroy (&clients [index]);
    until = tu_deadline ();
    while (told (server, round++) > 0) {
        CHECK (zclock_mono () < until);
        zclock_sleep (20);
    }
    zactor_destroy (&server);
    return tu_done ();
}
