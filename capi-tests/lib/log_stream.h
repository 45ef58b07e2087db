/*  What must leave the log of the process where the program sent it. */

#ifndef LOG_STREAM_H_INCLUDED
#define LOG_STREAM_H_INCLUDED

#include "testutil.h"

/*  What a node says arrives where tu_log_start sent the log; and the node is destroyed. */
static void
log_is_kept (zactor_t **node)
{
    zstr_send (*node, "UNHEARD OF");
    tu_status (*node, NULL);
    const char *text = tu_slurp (tu_path ("log"));
    CHECK (text && strstr (text, "UNHEARD OF"));
    zactor_destroy (node);
}

#endif
