/*  A file that SAVE makes can be read by its owner only, as a configuration may hold a secret. One that is
    there keeps its mode, and a symbolic link stays one, also where it leads to nothing yet. */

#include "testutil.h"
#include <sys/stat.h>

static unsigned
saved_mode (zactor_t *node, const char *path)
{
    struct stat info;
    zstr_sendx (node, "SAVE", path, NULL);
    tu_status (node, NULL);
    CHECK (stat (path, &info) == 0 && S_ISREG (info.st_mode));
    return info.st_mode & 07777;
}

static bool
is_link (const char *path)
{
    struct stat info;
    CHECK (lstat (path, &info) == 0);
    return S_ISLNK (info.st_mode);
}

int
main (void)
{
    tu_start ();
    umask (0);
    zactor_t *node = tu_node ("node");
    CHECK_INT (saved_mode (node, tu_path ("new.cfg")), 0600);
    const char *old = tu_file ("old.cfg", "");
    CHECK (chmod (old, 0640) == 0);
    CHECK_INT (saved_mode (node, old), 0640);

    const char *link = tu_path ("link.cfg");
    CHECK (symlink ("old.cfg", link) == 0);
    CHECK_INT (saved_mode (node, link), 0640);
    CHECK (is_link (link));
    const char *dangling = tu_path ("dangling.cfg");
    CHECK (symlink ("target.cfg", dangling) == 0);
    CHECK_INT (saved_mode (node, dangling), 0600);
    CHECK (is_link (dangling) && !is_link (tu_path ("target.cfg")));
    zactor_destroy (&node);
    return tu_done ();
}
