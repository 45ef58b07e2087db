/*  LOAD of what is no regular file is refused with a warning at once: a FIFO that nobody writes to, a
    socket, a device. So is a certificate that is one. */

#include "testutil.h"
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static const char *
a_fifo (void)
{
    const char *path = tu_path ("fifo.cfg");
    CHECK (mkfifo (path, 0600) == 0);
    return path;
}

static const char *
a_socket (void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = tu_path ("socket.cfg");
    snprintf (address.sun_path, sizeof (address.sun_path), "%s", path);
    int handle = socket (AF_UNIX, SOCK_STREAM, 0);
    CHECK (bind (handle, (struct sockaddr *) &address, sizeof (address)) == 0);
    close (handle);
    return path;
}

int
main (void)
{
    tu_start ();
    const char *paths [] = { a_fifo (), a_socket (), "/dev/zero" };
    const char *reasons [] = { "(it is a FIFO)", "(it is a socket)", "(it is a device)" };
    zactor_t *node = tu_node ("node");
    for (int i = 0; i < 3; i++) {
        const char *line = tu_one_line (node, 'W', "LOAD", paths [i], NULL);
        CHECK (strstr (line, paths [i]) && strstr (line, reasons [i]));
    }
    const char *config = tu_file ("node.cfg", tu_printf (
        "zgossip\n    security\n        mechanism = curve\n        secret-key = \"%s\"\n", paths [0]));
    const char *line = tu_one_line (node, 'W', "LOAD", config, NULL);
    CHECK (strstr (line, "cannot load certificate") && strstr (line, reasons [0]));
    zactor_destroy (&node);
    return tu_done ();
}
