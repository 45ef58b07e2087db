/*  A TCP client that does not speak ZMTP, or a very old version of it with junk
    behind, does not end the server. */

#include "testutil.h"
#include <sys/socket.h>
#include <unistd.h>

#define GREETING(text) { text, sizeof (text) - 1 }
static const struct { const char *bytes; size_t size; } greetings [] = {
    GREETING ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    GREETING ("SSH-2.0-OpenSSH_9.2\r\n"),
    GREETING ("\x00\x00\x00\x00\x00\x00\x00\x00"),
    /*  ZMTP 1.0: an empty identity, then a frame of four bytes. */
    GREETING ("\x01\x00" "\x05\x00" "junk"),
    GREETING ("\x01\x00" "\x01\x00"),
};

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    tu_bind_tcp (server);
    int port = tu_port (server, NULL);
    for (size_t index = 0; index < sizeof (greetings) / sizeof (greetings [0]); index++) {
        int fd = tu_tcp_connect (port);
        CHECK (fd >= 0);
        CHECK (write (fd, greetings [index].bytes, greetings [index].size) == (ssize_t) greetings [index].size);
        shutdown (fd, SHUT_WR);
        /*  Read until the server hangs up or says no more, for a moment: what it
            thinks of the junk is settled when the next client has been served. */
        struct timeval moment = { 0, 200000 };
        setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof (moment));
        char buffer [256];
        while (read (fd, buffer, sizeof (buffer)) > 0)
            ;
        close (fd);
        tu_served (tu_printf ("tcp://127.0.0.1:%d", port));
    }
    CHECK_INT (tu_status (server, NULL), 0);
    zactor_destroy (&server);
    return tu_done ();
}
