//  What an idle actor of CZMQ costs, in the same tree as in handle_many.c.

#include <sys/resource.h>
#include "testutil.h"
#include "handle.h"

#define FAN 10

static zactor_t *actors [300];

int main (void)
{
    struct rlimit files = { 0, 0 };
    int count = 300;
    CHECK_INT (getrlimit (RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max < 10000 ? files.rlim_max : 10000;
    CHECK_INT (setrlimit (RLIMIT_NOFILE, &files), 0);
    tu_start ();
    zsys_set_max_sockets (10000);
    int descriptors_before = descriptors (), threads_before = threads ();
    long resident_before = resident ();
    for (int i = 0; i < count; i++) {
        actors [i] = tu_mixed_node (false, "node");
        if (i * FAN + 1 < count)
            zstr_sendx (actors [i], "BIND", tu_printf ("inproc://node%d", i), NULL);
        if (i > 0)
            zstr_sendx (actors [i], "CONNECT", tu_printf ("inproc://node%d", (i - 1) / FAN), NULL);
    }
    zstr_sendx (actors [0], "PUBLISH", "from the root", "1", NULL);
    tu_wait_all (actors, count, 1, NULL);
    printf ("%d actors; one costs %.2f threads, %.2f descriptors, %ld kB\n", count,
            (double) (threads () - threads_before) / count,
            (double) (descriptors () - descriptors_before) / count,
            (resident () - resident_before) / count);
    for (int i = 0; i < count; i++)
        zactor_destroy (&actors [i]);
    return tu_done ();
}
