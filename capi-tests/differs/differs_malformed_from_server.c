/*  Whatever a server sends, the client goes on, and takes what comes after it. */

#include "raw_server.h"
#include "malformed.h"

static const char *const forms [] = { MALFORMED_FRAMES, MALFORMED_BY_MORE_FRAMES };
#define FORMS (int) (sizeof (forms) / sizeof (forms [0]))

int
main (void)
{
    tu_start ();
    raw_server_t server = raw_server ();
    tu_status (server.client, NULL);
    tu_log_start ();

    for (int index = 0; index < FORMS; index++) {
        tu_router_send (server.router, server.peer, forms [index]);
        const char *key = tu_printf ("key%d", index);
        raw_server_tell (&server, key);
        const char *text;
        /*  Answer its PINGs meanwhile. */
        int64_t until = tu_deadline ();
        do {
            tu_router_recv (server.router, &server.peer, 0);
            text = tu_recv_for (server.client, 50);
            CHECK (text || zclock_mono () < until);
        } while (!text);
        CHECK_STR (text, tu_printf ("[DELIVER] [%s] [value]", key));
    }
    CHECK_INT (tu_status (server.client, NULL), FORMS);
    raw_server_destroy (&server);
    return tu_done ();
}
