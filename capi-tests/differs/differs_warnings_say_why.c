/*  A warning about something that could not be done says why, behind the words that
    CZMQ uses. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    CHECK_STR (tu_one_line (node, 'W', "CONNECT", "bogus", NULL),
               "W: bad zgossip endpoint 'bogus' (an endpoint begins with its transport, such as tcp://)");
    CHECK_STR (tu_one_line (node, 'W', "BIND", "tcp://", NULL),
               "W: could not bind to tcp:// (a TCP endpoint ends with a colon and a port, such as :5670)");
    const char *path = tu_path ("missing.cfg");
    const char *line = tu_one_line (node, 'W', "LOAD", path, NULL);
    CHECK (strlen (tu_log_plain (line)) < strlen (line));
    CHECK_STR (tu_log_plain (line), tu_printf ("W: cannot load config file '%s'", path));
    line = tu_one_line (node, 'W', "SAVE", tu_dir (), NULL);
    CHECK (strlen (tu_log_plain (line)) < strlen (line));
    CHECK_STR (tu_log_plain (line), tu_printf ("W: cannot save config file '%s'", tu_dir ()));
    /*  A missing argument is named, and the command. */
    line = tu_one_line (node, 'W', "BIND", NULL);
    CHECK (strstr (line, "BIND") && strstr (line, "endpoint"));
    zactor_destroy (&node);
    return tu_done ();
}
