/*  SET, SECRETKEY and a key as three frames are not a setting, which would be saved in the open. */

#include "testutil.h"

#define KEY "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET", "SECRETKEY", KEY, NULL);
    CHECK (strstr (tu_saved (node), KEY) == NULL);
    zactor_destroy (&node);
    return tu_done ();
}
