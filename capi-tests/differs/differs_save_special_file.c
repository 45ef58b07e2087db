/*  SAVE to a FIFO that nobody reads is refused with a warning at once, and so is a device, which would
    take the configuration and keep nothing of it. */

#include "testutil.h"
#include <sys/stat.h>

int
main (void)
{
    tu_start ();
    const char *fifo = tu_path ("fifo.cfg");
    CHECK (mkfifo (fifo, 0600) == 0);
    zactor_t *node = tu_node ("node");
    const char *line = tu_one_line (node, 'W', "SAVE", fifo, NULL);
    CHECK (strstr (line, fifo) && strstr (line, "(it is a FIFO)"));
    line = tu_one_line (node, 'W', "SAVE", "/dev/null", NULL);
    CHECK (strstr (line, "(it is a device)"));
    zactor_destroy (&node);
    return tu_done ();
}
