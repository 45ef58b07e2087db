/*  The tuples that a server sends in answer to HELLO do not go back to it. */

#include "raw_server.h"

int
main (void)
{
    tu_start ();
    raw_server_t server = raw_server ();
    for (int index = 0; index < 10; index++)
        raw_server_tell (&server, tu_printf ("key%d", index));
    raw_server_hears_nothing (&server, 10);

    zstr_sendx (server.client, "PUBLISH", "mine", "value", NULL);
    raw_server_hears (&server, tu_publish_hex ("mine", "value", 0));
    raw_server_destroy (&server);
    return tu_done ();
}
