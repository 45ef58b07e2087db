/*  One key, written twice in a row by one node and at the same time by another:
    the nodes come to rest, with one value. CZMQ's nodes send the values round
    and round, without end (czmq issue 1697). */

#include "testutil.h"

#define MOST_DELIVERS 20

/*  Read one DELIVER if there is one; false if there was none. */
static bool
take (zactor_t *node, char *value, size_t size, int *delivers)
{
    zmsg_t *msg = tu_recv_msg (node, 50);
    if (!msg)
        return false;
    char *command = zmsg_popstr (msg);
    char *key = zmsg_popstr (msg);
    char *text = zmsg_popstr (msg);
    CHECK (command && key && text);
    CHECK_STR (command, "DELIVER");
    snprintf (value, size, "%s", text);
    free (command);
    free (key);
    free (text);
    zmsg_destroy (&msg);
    CHECK (++*delivers <= MOST_DELIVERS);
    return true;
}

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    zactor_t *client = tu_lasting_node ("client");
    zstr_sendx (client, "CONNECT", tu_bind_tcp (server), NULL);
    zstr_sendx (client, "PUBLISH", "ready", "yes", NULL);
    tu_wait_count (server, 1, NULL);

    for (int round = 0; round < 20; round++) {
        const char *key = tu_printf ("key%d", round);
        zstr_sendx (client, "PUBLISH", key, "one", NULL);
        zstr_sendx (server, "PUBLISH", key, "other", NULL);
        zstr_sendx (client, "PUBLISH", key, "two", NULL);
        char at_server [16] = "", at_client [16] = "";
        int server_delivers = 0, client_delivers = 0, quiet = 0;
        /*  A node that is still in disagreement says so sooner or later. */
        while (quiet < 4 || strcmp (at_server, at_client)) {
            bool some = take (server, at_server, sizeof (at_server), &server_delivers);
            if (take (client, at_client, sizeof (at_client), &client_delivers))
                some = true;
            quiet = some ? 0 : quiet + 1;
        }
    }
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
