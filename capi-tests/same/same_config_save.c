/*  What SAVE writes for a new node and after SET, byte for byte, to a file and
    to standard output. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *path = tu_path ("node.cfg");
    tu_try (node, "SAVE", path, NULL);
    tu_out ("%s.", tu_slurp (path));

    tu_try (node, "SET", "server/timeout", "2500", NULL);
    tu_try (node, "SET", "top", "value", NULL);
    tu_try (node, "SET", "a/deep/path/of/names", "value with  spaces ", NULL);
    tu_try (node, "SET", "a/deep/other", "", NULL);
    tu_try (node, "SET", "a/deep/path/of/names", "second", NULL);
    tu_try (node, "SET", "odd", "# % ' \t = \xff /", NULL);
    tu_try (node, "SET", "server/unheard-of", "12", NULL);
    tu_try (node, "SET", "zgossip/bind/endpoint", "inproc://never", NULL);
    tu_try (node, "SET", "zgossip/echo", "no notice without LOAD", NULL);
    tu_try (node, "SET", "$-_@.&+9", "signs", NULL);
    tu_try (node, "SAVE", path, NULL);
    tu_out ("%s.", tu_slurp (path));
    tu_try (node, "SAVE", "-", NULL);

    /*  Nothing was bound by SET. */
    tu_out ("PORT %d", tu_port (node, NULL));
    zactor_destroy (&node);
    return tu_done ();
}
