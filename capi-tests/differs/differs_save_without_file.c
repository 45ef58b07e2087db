/*  SAVE without file is refused with one warning, and the node goes on. */

#include "missing_argument.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = missing_argument ("SAVE", NULL);
    goes_on (&node);
    return tu_done ();
}
