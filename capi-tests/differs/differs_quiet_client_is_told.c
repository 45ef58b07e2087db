/*  A client that has nothing to say for three seconds is told what is new. */

#include "quiet.h"

int
main (void)
{
    tu_start ();
    zactor_t *server, *client;
    quiet_pair (&server, &client);
    zstr_sendx (server, "PUBLISH", "second", "value", NULL);
    CHECK_STR (tu_recv (client), "[DELIVER] [second] [value]");
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
