/*  SAVE replaces a file whole: whoever is reading it reads the old content to its end, and
    a second name of the old file keeps it. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");
    const char *path = tu_path ("saved.cfg");
    const char *second = tu_path ("second.cfg");
    zstr_sendx (node, "SAVE", path, NULL);
    tu_status (node, NULL);
    const char *before = tu_slurp (path);
    CHECK (before && *before);
    CHECK (link (path, second) == 0);
    FILE *reader = fopen (path, "r");
    CHECK (reader);

    zstr_sendx (node, "SET", "server/timeout", "7777", NULL);
    zstr_sendx (node, "SET", "other/item", "value", NULL);
    zstr_sendx (node, "SAVE", path, NULL);
    tu_status (node, NULL);
    CHECK (strstr (tu_slurp (path), "7777"));
    CHECK_STR (tu_slurp (second), before);
    char content [1000];
    size_t size = fread (content, 1, sizeof (content) - 1, reader);
    content [size] = 0;
    CHECK_STR (content, before);
    fclose (reader);
    /*  And nothing is left beside it. */
    zdir_t *dir = zdir_new (tu_dir (), NULL);
    zlist_t *files = zdir_list (dir);
    int configs = 0;
    for (zfile_t *file = (zfile_t *) zlist_first (files); file; file = (zfile_t *) zlist_next (files))
        if (strstr (zfile_filename (file, NULL), ".cfg"))
            configs++;
    CHECK_INT (configs, 2);
    zlist_destroy (&files);
    zdir_destroy (&dir);
    zactor_destroy (&node);
    return tu_done ();
}
