/*  A client that does not read costs the server a bounded number of bytes, however large the
    values are that change meanwhile. Once it reads, it gets the last of them. */

#include "testutil.h"

#define VALUES  400
#define SIZE    (256 * 1024)
/*  All values are 100 MB. What may wait is 4 MiB, besides what is on its way through libzmq, and what the
    server and its owner have in hand. */
#define MOST_KB (40 * 1024)

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    zsock_t *client = zsock_new (ZMQ_DEALER);
    zsock_set_rcvhwm (client, 10);
    zsock_set_linger (client, 0);
    CHECK (zsock_connect (client, "%s", endpoint) == 0);
    tu_send_hex (client, HELLO);
    tu_send_hex (client, PING);
    CHECK (tu_recv_hex (client, tu_limit ()));

    static char value [SIZE + 1];
    memset (value, 'v', SIZE);
    long before = 0;
    for (int number = 0; number <= VALUES; number++) {
        /*  The first few are for all that is set aside once. */
        if (number == 4)
            before = tu_resident_kb (getpid ());
        memcpy (value, number == VALUES? "last": tu_printf ("%04d", number), 4);
        zstr_sendx (server, "PUBLISH", "key", value, NULL);
        zmsg_t *told = tu_recv_msg (server, tu_limit ());
        CHECK (told);
        zmsg_destroy (&told);
    }
    tu_status (server, NULL);
    long grown = tu_resident_kb (getpid ()) - before;
    if (grown > MOST_KB)
        tu_fail (__FILE__, __LINE__, "grown by %ld kB", grown);

    int64_t until = tu_deadline ();
    for (bool last = false; !last; ) {
        CHECK (zclock_mono () < until);
        zmsg_t *msg = tu_recv_msg (client, 100);
        zframe_t *frame = msg? zmsg_first (msg): NULL;
        /*  The value follows the key and four bytes that tell its size. */
        if (frame && zframe_size (frame) > SIZE)
            last = memcmp (zframe_data (frame) + 12, "last", 4) == 0;
        zmsg_destroy (&msg);
    }
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
