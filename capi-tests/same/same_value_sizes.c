/*  The longest key that the protocol carries, and values up to 10 MB. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);

    char key [256];
    memset (key, 'k', 255);
    key [255] = 0;
    static const size_t sizes [] = { 254, 255, 256, 65535, 65536, 1000000, 10000000 };
    int sizes_nbr = (int) (sizeof (sizes) / sizeof (sizes [0]));
    for (int index = 0; index < sizes_nbr; index++) {
        char *value = (char *) malloc (sizes [index] + 1);
        CHECK (value);
        for (size_t place = 0; place < sizes [index]; place++)
            value [place] = (char) ('a' + place % 26);
        value [sizes [index]] = 0;
        /*  The first key is all of 255 bytes, those after it are shorter. */
        zstr_sendx (client, "PUBLISH", key + index, value, NULL);
        free (value);
        tu_out ("client: %s", tu_recv (client));
        tu_out ("server: %s", tu_recv (server));
    }
    zsock_t *observer = tu_dealer (endpoint);
    tu_send_hex (observer, HELLO);
    zlist_t *seen = tu_list ();
    for (int index = 0; index < sizes_nbr; index++)
        zlist_append (seen, (void *) tu_recv (observer));
    tu_show_sorted ("observer", seen);
    zlist_destroy (&seen);
    zsock_destroy (&observer);
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
