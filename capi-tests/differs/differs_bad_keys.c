/*  Keys that are no keys are refused with one warning each. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    static const char *const bad [] = {
        "", "short", "0123456789012345678901234567890123456789 no",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7xxxxx",
    };
    for (size_t index = 0; index < sizeof (bad) / sizeof (bad [0]); index++) {
        tu_one_line (node, 'W', "SET PUBLICKEY", bad [index], NULL);
        tu_one_line (node, 'W', "SET SECRETKEY", bad [index], NULL);
    }
    zactor_destroy (&node);
    return tu_done ();
}
