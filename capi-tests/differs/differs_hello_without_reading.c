/*  A client that says HELLO again and again and does not read costs the server a bounded
    amount of memory, and nobody else any time. Once it reads, it gets everything. */

#include "testutil.h"

#define TUPLES  1000
#define HELLOS  400
/*  What 200 times the tuples take, 1 kB each, is more than this, and what fits into the
    buffers on the way is less. */
#define MOST_KB (80 * 1024)

int
main (void)
{
    tu_start ();
    zactor_t *server = tu_lasting_node ("server");
    const char *endpoint = tu_bind_tcp (server);
    char value [1001];
    memset (value, 'v', 1000);
    value [1000] = 0;
    for (int index = 0; index < TUPLES; index++) {
        char key [16];
        snprintf (key, sizeof (key), "%04d", index);
        zstr_sendx (server, "PUBLISH", key, value, NULL);
        free (zstr_recv (server));
    }
    tu_wait_count (server, TUPLES, NULL);
    long before = tu_resident_kb (getpid ());

    zsock_t *client = zsock_new (ZMQ_DEALER);
    zsock_set_rcvhwm (client, 10);
    zsock_set_linger (client, 0);
    CHECK (zsock_connect (client, "%s", endpoint) == 0);
    for (int count = 0; count < HELLOS; count++) {
        tu_send_hex (client, HELLO);
        /*  One at a time, as the bytes of a client that means it. */
        tu_status (server, NULL);
    }
    /*  A second client is served all the same: what the first one sent has been seen
        by then, or will not do harm any more. */
    zsock_t *another = tu_dealer (endpoint);
    tu_send_hex (another, HELLO);
    for (int index = 0; index < TUPLES; index++)
        CHECK (tu_recv_hex (another, tu_limit ()));
    CHECK_INT (tu_status (server, NULL), TUPLES);
    long grown = tu_resident_kb (getpid ()) - before;
    if (grown > MOST_KB)
        tu_fail (__FILE__, __LINE__, "grown by %ld kB", grown);

    bool seen [TUPLES] = { false };
    int64_t until = tu_deadline ();
    for (int left = TUPLES; left; ) {
        zmsg_t *msg = tu_recv_msg (client, 100);
        CHECK (msg || zclock_mono () < until);
        zframe_t *frame = msg? zmsg_first (msg): NULL;
        if (frame && zframe_size (frame) > 9) {
            int index = atoi ((const char *) zframe_data (frame) + 5);
            CHECK (index >= 0 && index < TUPLES);
            if (!seen [index])
                left--;
            seen [index] = true;
        }
        zmsg_destroy (&msg);
    }
    zsock_destroy (&another);
    zsock_destroy (&client);
    zactor_destroy (&server);
    return tu_done ();
}
