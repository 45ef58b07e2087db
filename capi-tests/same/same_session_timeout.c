/*  With server/timeout 0, or something that is no number, a session that is
    silent lasts. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    static const char *const timeouts [] = { "0", "60000", "never", "" };
    for (size_t index = 0; index < sizeof (timeouts) / sizeof (timeouts [0]); index++) {
        zactor_t *server = tu_node ("server");
        tu_try (server, "SET", "server/timeout", timeouts [index], NULL);
        const char *endpoint = tu_inproc ("timeout");
        zstr_sendx (server, "BIND", endpoint, NULL);
        zsock_t *client = tu_session (endpoint);
        zclock_sleep (1500);
        zstr_sendx (server, "PUBLISH", "key", "value", NULL);
        tu_out ("client: %s", tu_recv_hex (client, tu_limit ()));
        zsock_destroy (&client);
        zactor_destroy (&server);
    }
    return tu_done ();
}
