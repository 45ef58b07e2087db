/*  A loaded file that changes is loaded again. A SAVE by the node itself is no
    such change, and a file that disappears changes nothing. */

#include "testutil.h"

/*  In the file, because the stock actor would send its log to stdout. */
#define SERVER "server\n    background = 1\n    timeout = 0\n"

static void
expect_lines (int count)
{
    while (count--) {
        const char *line = tu_log_wait (tu_limit ());
        CHECK (line);
        tu_out ("log %s", line);
    }
}

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *path = tu_file ("node.cfg", SERVER "zgossip\n    echo = one\n");
    tu_try (node, "LOAD", path, NULL);

    tu_file ("node.cfg", SERVER "zgossip\n    echo = number two\n");
    expect_lines (2);

    tu_try (node, "SAVE", path, NULL);
    tu_out ("%s.", tu_slurp (path));
    /*  Longer than the node's interval of a second. */
    zclock_sleep (2500);
    tu_log_show ();

    CHECK (remove (path) == 0);
    zclock_sleep (2500);
    tu_log_show ();
    const char *saved = tu_path ("saved.cfg");
    tu_try (node, "SAVE", saved, NULL);
    tu_out ("%s.", tu_slurp (saved));

    tu_file ("node.cfg", SERVER "zgossip\n    echo = it is back, as three\n");
    expect_lines (2);
    zactor_destroy (&node);
    return tu_done ();
}
