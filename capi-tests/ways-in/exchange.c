/*
 * exchange FILE STATE - linked with CZMQ, and with libzgossip or not.
 *
 * FILE is the name of the file whose zgossip must have answered, STATE what its version must say
 * (see verify). Without LINKED this is a program that knows nothing of libzgossip and is linked
 * with -lczmq only; what is preloaded is found by name.
 */

#define _GNU_SOURCE
#include "exchange.h"

#ifdef LINKED
const char *zgossip_version (void);
#endif

static const char *
version (void)
{
#ifdef LINKED
    return zgossip_version ();
#else
    const char *(*function) (void);
    void *address = dlsym (RTLD_DEFAULT, "zgossip_version");

    if (!address)
        return NULL;
    memcpy (&function, &address, sizeof function);
    return function ();
#endif
}

int
main (int argc, char **argv)
{
    czmq_api_t czmq = { zgossip, zactor_new, zactor_destroy, zstr_sendx, zstr_recvx };

    if (argc != 3)
        return 2;
    exchange (&czmq);
    verify (argv [1], file_of (address_of (zgossip)), argv [2], version ());
    return 0;
}
