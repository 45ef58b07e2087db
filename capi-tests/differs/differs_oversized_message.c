/*  A client that announces a message of more than 1 GiB is disconnected. CZMQ's
    actor sets no limit, and memory is set aside for whatever is announced. */

#include "testutil.h"
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/*  The first bytes of a long frame: 1 GiB and one byte. */
static const unsigned char frame [] = { 2, 0, 0, 0, 0, 0x40, 0, 0, 1, 0xaa, 0xa0, 2, 1 };
/*  A whole one. */
static const unsigned char ping [] = { 0, 4, 0xaa, 0xa0, 3, 1 };

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    tu_bind_tcp (server);
    int fd = tu_zmtp_connect (tu_port (server, NULL));
    char buffer [256];
    CHECK (send (fd, ping, sizeof (ping), MSG_NOSIGNAL) == sizeof (ping));
    CHECK (recv (fd, buffer, sizeof (buffer), 0) == sizeof (ping) && buffer [4] == 4);
    CHECK (send (fd, frame, sizeof (frame), MSG_NOSIGNAL) == sizeof (frame));
    /*  Behind heartbeats there is the end. */
    ssize_t size;
    while ((size = recv (fd, buffer, sizeof (buffer), 0)) > 0)
        ;
    CHECK (size == 0 || errno == ECONNRESET);
    close (fd);
    CHECK_INT (tu_status (server, NULL), 0);
    zactor_destroy (&server);
    return tu_done ();
}
