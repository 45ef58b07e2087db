/*  A configuration has at most 100,000 items. A file with more is not loaded, and SET of one
    more is refused. */

#include "testutil.h"

#define MOST 100000

/*  So many items, as text. */
static char *
items (int count)
{
    char *text = (char *) malloc ((size_t) count * 16 + 1), *end = text;
    CHECK (text);
    for (int number = 0; number < count; number++)
        end += sprintf (end, "i%d = 1\n", number);
    return text;
}

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    /*  Silent, so that nothing of it is logged here or there. */
    zstr_sendx (node, "SET", "server/background", "1", NULL);
    char *text = items (MOST + 1);
    tu_stdout_begin ();
    tu_one_line (node, 'W', "LOAD", tu_file ("large.cfg", text), NULL);
    tu_stdout_end ();
    CHECK (tu_saved (node) && !strstr (tu_saved (node), "i7"));
    free (text);
    text = items (MOST);
    zstr_sendx (node, "LOAD", tu_file ("full.cfg", text), NULL);
    tu_one_line (node, 'W', "SET", "one/more", "1", NULL);
    zstr_sendx (node, "SET", "i7", "2", NULL);
    const char *saved = tu_saved (node);
    CHECK (saved && strstr (saved, "i7 = \"2\"") && !strstr (saved, "more"));
    free (text);
    zactor_destroy (&node);
    return tu_done ();
}
