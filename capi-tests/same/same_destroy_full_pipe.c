/*  An actor that is destroyed while its pipe is full of DELIVERs ends, and says so: its
    owner does not wait for ever. */

#include "testutil.h"

/*  More than the 2,000 that the pipe holds, less than what makes the stock actor stop
    taking commands. */
#define TUPLES 2500
#define ROUNDS 30

int
main (void)
{
    tu_start ();
    for (int round = 0; round < ROUNDS; round++) {
        zactor_t *node = tu_node ("node");
        zactor_t *another = tu_node ("another");
        const char *endpoint = tu_inproc ("full");
        zstr_sendx (another, "BIND", endpoint, NULL);
        zstr_sendx (node, "CONNECT", endpoint, NULL);
        for (int index = 0; index < TUPLES; index++) {
            char key [20];
            snprintf (key, sizeof (key), "%d", index);
            zstr_sendx (node, "PUBLISH", key, "value", NULL);
        }
        /*  Its pipe is full once the other has what fits into it. */
        while (!streq (tu_recv (another), "[DELIVER] [1900] [value]"))
            ;
        zactor_destroy (&node);
        zactor_destroy (&another);
        tu_out ("destroyed");
    }
    return tu_done ();
}
