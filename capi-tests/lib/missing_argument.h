/*  A command that lacks an argument. Each program that includes this is the case of one command:
    it is refused with one warning, and the node goes on, with the tuple that it held before. */

#ifndef MISSING_ARGUMENT_H_INCLUDED
#define MISSING_ARGUMENT_H_INCLUDED

#include "testutil.h"

/*  A node that has refused the command; first is the only argument that it has, or NULL. */
static zactor_t *
missing_argument (const char *command, const char *first)
{
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "PUBLISH", "held", "value", NULL);
    tu_one_line (node, 'W', command, first, NULL);
    return node;
}

/*  It takes the next command; and it is destroyed. */
static void
goes_on (zactor_t **node)
{
    zstr_sendx (*node, "PUBLISH", "key", "value", NULL);
    CHECK_STR (tu_recv (*node), "[DELIVER] [key] [value]");
    CHECK_INT (tu_status (*node, NULL), 2);
    zactor_destroy (node);
}

#endif
