//  Settings: set, save, load, and loaded again when the file changes.

#include <sys/stat.h>
#include "handle.h"

static const char *slurp (const char *path)
{
    static char text [4096];
    FILE *file = fopen (path, "r");
    CHECK (file != NULL);
    text [fread (text, 1, sizeof text - 1, file)] = 0;
    fclose (file);
    return text;
}

static void write_file (const char *path, const char *text)
{
    char beside [128];
    snprintf (beside, sizeof beside, "%s~", path);
    FILE *file = fopen (beside, "w");
    CHECK (file && fputs (text, file) >= 0);
    CHECK_INT (fclose (file), 0);
    CHECK_INT (rename (beside, path), 0);
}

int main (void)
{
    char directory [] = "/tmp/zgossip-node-XXXXXX", path [64], text [256];
    CHECK (mkdtemp (directory) != NULL);
    snprintf (path, sizeof path, "%s/a.cfg", directory);

    zgossip_node_t *hub = new_node ("hub");
    zgossip_node_t *leaf = new_node ("leaf");
    CHECK_INT (zgossip_node_set (hub, "server/timeout", "2000"), 0);
    CHECK_INT (zgossip_node_set (hub, "mine/own", "a value"), 0);
    CHECK_INT (zgossip_node_save (hub, path), 0);
    CHECK (strstr (slurp (path), "timeout = \"2000\"") || strstr (slurp (path), "timeout = 2000"));
    CHECK (strstr (slurp (path), "a value") != NULL);

    //  What a file says to bind is bound.
    snprintf (text, sizeof text, "zgossip\n    bind\n        endpoint = ipc://%s/one\n", directory);
    write_file (path, text);
    CHECK_INT (zgossip_node_load (hub, path), 0);
    snprintf (text, sizeof text, "ipc://%s/one", directory);
    connect_to (leaf, text);
    publish (hub, "key", "value");
    expect_tuple (leaf, "key", "value");
    CHECK_INT (zgossip_node_disconnect (leaf, text), 0);

    //  And again when it changes.
    snprintf (text, sizeof text, "zgossip\n    bind\n        endpoint = ipc://%s/two\n", directory);
    write_file (path, text);
    snprintf (text, sizeof text, "ipc://%s/two", directory);
    connect_to (leaf, text);
    publish (hub, "another", "value");
    expect_tuple (leaf, "another", "value");

    //  Something in it cannot be done: the reason comes back.
    write_file (path, "zgossip\n    bind\n        endpoint = nonsense\n");
    CHECK_INT (zgossip_node_load (hub, path), ZGOSSIP_REFUSED);
    CHECK (strstr (zgossip_error_text (), "could not bind to nonsense") != NULL);
    write_file (path, "\tjunk");
    CHECK_INT (zgossip_node_load (hub, path), ZGOSSIP_REFUSED);
    CHECK (strstr (zgossip_error_text (), "cannot load config file") != NULL);

    destroy (&leaf);
    destroy (&hub);
    unlink (path);
    snprintf (path, sizeof path, "%s/one", directory);
    unlink (path);
    snprintf (path, sizeof path, "%s/two", directory);
    unlink (path);
    CHECK_INT (rmdir (directory), 0);
    return 0;
}
