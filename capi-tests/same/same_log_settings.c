/*  The node logs through CZMQ, so that a program's settings apply: an identity,
    a sender, no stream at all, and the length at which CZMQ cuts a line. */

#include "testutil.h"

static void
heard (zsock_t *listener)
{
    zmsg_t *msg = tu_recv_msg (listener, tu_limit ());
    CHECK (msg);
    char *line = zmsg_popstr (msg);
    tu_out ("listener: %s", tu_log_plain (tu_log_text (line)));
    zstr_free (&line);
    zmsg_destroy (&msg);
}

int
main (void)
{
    tu_start ();
    zactor_t *node = tu_node ("node");

    char name [3001];
    memset (name, 'x', 3000);
    name [3000] = 0;
    tu_try (node, name, NULL);

    /*  The first call binds the sender, and what is sent before the listener's
        connection is up is lost: say something until it is heard. */
    const char *endpoint = tu_ipc ("log");
    zsys_set_logsender (endpoint);
    zsock_t *listener = zsock_new_sub (endpoint, "");
    CHECK (listener);
    const char *line;
    int64_t until = tu_deadline ();
    do {
        zstr_send (node, "FIRST");
        line = tu_recv_for (listener, 50);
        CHECK (zclock_mono () < until);
    } while (!line);
    zstr_send (node, "SECOND");
    while (!strstr (line, "SECOND"))
        line = tu_recv (listener);
    tu_out ("listener: %s", tu_log_text (line));

    zsys_set_logident ("program");
    tu_try (node, "UNHEARD OF", NULL);
    tu_try (node, "CONNECT", "bogus", NULL);
    tu_try (node, "LOAD", tu_path ("missing"), NULL);
    for (int count = 0; count < 3; count++)
        heard (listener);

    zsys_set_logstream (NULL);
    zstr_send (node, "THIRD");
    heard (listener);
    tu_out ("%d tuples", tu_status (node, NULL));
    zsock_destroy (&listener);
    zactor_destroy (&node);
    zsys_set_logsender (NULL);
    return tu_done ();
}
