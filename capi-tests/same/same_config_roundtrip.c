/*  LOAD and SAVE of files in every accepted form; CONFIGURE is LOAD. */

#include "testutil.h"

static void
roundtrip (zactor_t *node, const char *command, const char *content)
{
    const char *in = tu_file ("in.cfg", content);
    const char *out = tu_path ("out.cfg");
    tu_out ("---- file\n%s---- %s", content, command);
    tu_try (node, command, in, NULL);
    tu_try (node, "SAVE", out, NULL);
    tu_out ("---- saved\n%s.", tu_slurp (out));
    /*  What was written can be read, and comes out the same again. */
    tu_try (node, "LOAD", out, NULL);
    const char *again = tu_path ("again.cfg");
    tu_try (node, "SAVE", again, NULL);
    tu_out ("stable: %s", streq (tu_slurp (out), tu_slurp (again))? "yes": "no");
}

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    roundtrip (node, "LOAD", "server\n    timeout = \"1000\"\n");
    roundtrip (node, "CONFIGURE", "server\n    timeout = 5000\n");
    roundtrip (node, "LOAD", "");
    roundtrip (node, "LOAD", "\n\n   \n");
    roundtrip (node, "LOAD",
               "#   a comment that is kept\n"
               "server                  # a comment that is not\n"
               "    timeout = 3000      # nor this\n"
               "    # nor an indented one\n"
               "# kept, too\n"
               "other = 'single quotes'  # and a comment\n");
    roundtrip (node, "LOAD",
               "a = 1\n"
               "b=2\n"
               "c   =   3   \n"
               "d = \"with # inside\"  # comment\n"
               "e = bare words here # comment\n"
               "f = ''\n"
               "g =\n"
               "h\n"
               "$-_@.&+9 = signs\n"
               "i/j = slash\n");
    roundtrip (node, "LOAD",
               "one\n"
               "    two\n"
               "        three\n"
               "            four = 4\n"
               "        three = 3\n"
               "    two = 2\n"
               "one = 1\n"
               "one = again\n");
    roundtrip (node, "LOAD", "last = comment # without newline");
    roundtrip (node, "LOAD", "last = without newline");
    roundtrip (node, "LOAD", "utf = \xc3\xa4\xe2\x82\xac\nhigh = \xff\n");
    roundtrip (node, "LOAD", "crlf = 1\r\nnext = \"2\"\r\n");

    /*  SET after LOAD, and a parent made by SET beside one read. */
    tu_try (node, "LOAD", tu_file ("in.cfg", "read\n    item = 1\n"), NULL);
    tu_try (node, "SET", "read/item", "2", NULL);
    tu_try (node, "SET", "read/more", "3", NULL);
    tu_try (node, "SET", "made/item", "4", NULL);
    const char *out = tu_path ("out.cfg");
    tu_try (node, "SAVE", out, NULL);
    tu_out ("%s.", tu_slurp (out));
    zactor_destroy (&node);
    return tu_done ();
}
