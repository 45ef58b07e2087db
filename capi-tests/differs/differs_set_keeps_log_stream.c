/*  SET leaves the log of the process where the program sent it. */

#include "log_stream.h"

int
main (void)
{
    tu_start ();
    tu_log_start ();
    zactor_t *node = tu_node ("node");
    tu_log_start ();
    zstr_sendx (node, "SET", "some/item", "value", NULL);
    log_is_kept (&node);
    return tu_done ();
}
