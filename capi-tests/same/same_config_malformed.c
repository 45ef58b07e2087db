/*  Files with a syntax error are refused as a whole, with a warning that names the
    file. */

#include "testutil.h"

static void
refused (zactor_t *node, const char *content)
{
    const char *path = tu_file ("bad.cfg", content);
    tu_out ("---- file\n%s----", content);
    tu_status (node, NULL);
    tu_log_start ();
    tu_stdout_begin ();
    zstr_sendx (node, "LOAD", path, NULL);
    tu_status (node, NULL);
    /*  What CZMQ has to say about the line goes here, in a form of its own. */
    tu_stdout_end ();
    tu_log_show ();
    tu_out ("PORT %d", tu_port (node, NULL));
}

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    refused (node, "a\n  b = two spaces\n");
    refused (node, "a\n     b = five spaces\n");
    refused (node, "a\n\tb = a tab\n");
    refused (node, "a\n        b = a level skipped\n");
    refused (node, "    a = starts indented\n");
    refused (node, "/a = slash\n");
    refused (node, "a/ = slash\n");
    refused (node, "a b = space in name\n");
    refused (node, "a! = sign in name\n");
    refused (node, "= no name\n");
    refused (node, "a = \"not closed\n");
    refused (node, "a = 'not closed\n");
    refused (node, "a = \"closed\" and more\n");
    refused (node, "a = \"quote \" inside\"\n");
    refused (node, "zgossip\n    bind\n        endpoint = tcp://127.0.0.1:*\n   broken\n");
    zactor_destroy (&node);
    return tu_done ();
}
