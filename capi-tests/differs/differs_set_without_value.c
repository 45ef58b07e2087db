/*  SET without value is refused with one warning, and the node goes on. */

#include "missing_argument.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = missing_argument ("SET", "server/timeout");
    CHECK_STR (tu_saved (node), "server\n    timeout = \"1000\"\n");
    goes_on (&node);
    return tu_done ();
}
