/*  A client that was quiet for longer than a stock server remembers it. */

#ifndef QUIET_H_INCLUDED
#define QUIET_H_INCLUDED

#include "testutil.h"

/*  A server and its client, with the default time-out, that both hold one tuple and have had
    nothing to say for three seconds. */
static void
quiet_pair (zactor_t **server, zactor_t **client)
{
    *server = tu_node ("server");
    const char *endpoint = tu_inproc ("quiet");
    zstr_sendx (*server, "BIND", endpoint, NULL);
    *client = tu_node ("client");
    zstr_sendx (*client, "CONNECT", endpoint, NULL);
    zstr_sendx (*client, "PUBLISH", "first", "value", NULL);
    tu_wait_count (*server, 1, NULL);
    tu_wait_count (*client, 1, NULL);
    zclock_sleep (3000);
}

#endif
