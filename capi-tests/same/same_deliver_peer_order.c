/*  Tuples of one peer are DELIVERed in the order in which it published them. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *server = tu_server (&endpoint);
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);

    /*  Once the first tuple is through, the link is in use. */
    zstr_sendx (client, "PUBLISH", "first", "", NULL);
    tu_wait_count (server, 1, NULL);

    for (int index = 0; index < 500; index++)
        zstr_sendx (client, "PUBLISH", tu_printf ("up%d", (index * 37) % 500), "x", NULL);
    zlist_t *seen = tu_list ();
    tu_wait_count (server, 501, seen);
    tu_show_list ("server", seen);
    tu_wait_count (client, 501, NULL);

    for (int index = 0; index < 500; index++)
        zstr_sendx (server, "PUBLISH", tu_printf ("down%d", (index * 41) % 500), "x", NULL);
    tu_wait_count (client, 1001, seen);
    tu_show_list ("client", seen);

    zlist_destroy (&seen);
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
