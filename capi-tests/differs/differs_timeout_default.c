/*  There is one default for how long a client may be silent: it does not depend on
    whether a file that does not mention it has been loaded. */

#include "testutil.h"

/*  What is new, or NULL if the client has been forgotten. */
static const char *
news (zactor_t *server, zsock_t *client)
{
    zstr_sendx (server, "PUBLISH", "key", "value", NULL);
    tu_status (server, NULL);
    return tu_recv_hex (client, 2000);
}

int
main (void)
{
    tu_start ();
    zactor_t *plain = tu_node ("plain"), *loaded = tu_node ("loaded");
    zstr_sendx (loaded, "LOAD", tu_file ("echo.cfg", "zgossip\n    echo = hello\n"), NULL);
    zsock_t *of_plain = tu_session (tu_bind_tcp (plain));
    zsock_t *of_loaded = tu_session (tu_bind_tcp (loaded));
    zclock_sleep (3000);
    const char *one = news (plain, of_plain), *other = news (loaded, of_loaded);
    CHECK (!one == !other);
    zsock_destroy (&of_plain);
    zsock_destroy (&of_loaded);
    zactor_destroy (&plain);
    zactor_destroy (&loaded);
    return tu_done ();
}
