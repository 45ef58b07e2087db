/*  A value with double quotes survives SAVE and LOAD. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET", "quoted/item", "say \"yes\", # or not", NULL);
    const char *first = tu_path ("first.cfg"), *second = tu_path ("second.cfg");
    zstr_sendx (node, "SAVE", first, NULL);
    zactor_destroy (&node);

    node = tu_node ("another");
    tu_status (node, NULL);
    tu_log_start ();
    zstr_sendx (node, "LOAD", first, NULL);
    zstr_sendx (node, "SAVE", second, NULL);
    tu_status (node, NULL);
    CHECK (tu_log_next () == NULL);
    const char *text = tu_slurp (second);
    CHECK (text && strstr (text, "item = 'say \"yes\", # or not'"));
    zactor_destroy (&node);
    return tu_done ();
}
