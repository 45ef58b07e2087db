/*  A tuple does not go back to the server it came from. */

#include "raw_server.h"

int
main (void)
{
    tu_start ();
    raw_server_t server = raw_server ();
    /*  What a client has to send it sends within half a second, answered or not. */
    zstr_sendx (server.client, "PUBLISH", "first", "value", NULL);
    raw_server_hears (&server, tu_publish_hex ("first", "value", 0));
    for (int index = 0; index < 10; index++) {
        raw_server_tell (&server, tu_printf ("key%d", index));
        raw_server_hears_nothing (&server, index + 2);
    }

    zstr_sendx (server.client, "PUBLISH", "mine", "value", NULL);
    raw_server_hears (&server, tu_publish_hex ("mine", "value", 0));
    raw_server_destroy (&server);
    return tu_done ();
}
