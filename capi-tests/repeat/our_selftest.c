/*  The manual's example as zgossip_test runs it. */

#include <czmq.h>

int
main (void)
{
    zgossip_test (false);
    return 0;
}
