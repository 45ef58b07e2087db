/*  A CONNECT to a name for which no name server answers delays no other link. libzmq and the library look
    names up with the getaddrinfo of this program, which for this one name never returns. */

#include "testutil.h"
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>

static atomic_bool asked;

int
getaddrinfo (const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int (*real) (const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **) &real = dlsym (RTLD_NEXT, "getaddrinfo");
    if (name && streq (name, "never.test")) {
        asked = true;
        pause ();
    }
    return real (name, service, hints, result);
}

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    zstr_sendx (server, "PUBLISH", "key", "value", NULL);
    tu_wait_count (server, 1, NULL);
    zactor_t *client = tu_lasting_node ("client");
    tu_log_start ();
    zstr_sendx (client, "CONNECT", "tcp://never.test:5670", NULL);
    for (int64_t end = tu_deadline (); !asked; zclock_sleep (1))
        CHECK (zclock_mono () < end);
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    tu_wait_count (client, 1, NULL);
    const char *line = tu_log_wait (tu_limit ());
    CHECK (line && strstr (line, "tcp://never.test:5670") && strstr (line, "no answer"));
    zactor_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
