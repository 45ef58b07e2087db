/*  CZMQ's own zgossip_test, found by its handle, over whatever actor the program runs: a preloaded
 *  library replaces the symbol, but not what the handle leads to. */

#include <czmq.h>
#include <dlfcn.h>

typedef void (*test_fn) (bool verbose);

int
main (void)
{
    void *libczmq = dlopen ("libczmq.so.4", RTLD_NOW | RTLD_GLOBAL);
    if (!libczmq) {
        fprintf (stderr, "libczmq.so.4 cannot be loaded: %s\n", dlerror ());
        return 1;
    }
    test_fn theirs;
    *(void **) &theirs = dlsym (libczmq, "zgossip_test");
    void *native = dlsym (RTLD_DEFAULT, "zgossip_test");
    if (!theirs || native == *(void **) &theirs) {
        fprintf (stderr, "the preloaded zgossip_test is not another one\n");
        return 1;
    }
    theirs (false);
    return 0;
}
