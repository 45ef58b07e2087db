/*  A star with a native node in the middle and both kinds around it, over every transport. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    tu_mixed_star (1);
    return tu_done ();
}
