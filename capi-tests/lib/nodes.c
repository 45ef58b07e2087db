/*  Nodes: made, asked, waited for, given commands. */

#include "internal.h"

#include <stdarg.h>

zactor_t *
tu_guard (zactor_t *node)
{
    CHECK (node);
    zsock_set_sndtimeo (node, tu_limit ());
    return node;
}

zactor_t *
tu_node (const char *name)
{
    return tu_guard (zactor_new (zgossip, (void *) name));
}

zactor_t *
tu_keyed_node (zcert_t *cert)
{
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "SET PUBLICKEY", zcert_public_txt (cert), NULL);
    zstr_sendx (node, "SET SECRETKEY", zcert_secret_txt (cert), NULL);
    return node;
}

zactor_t *
tu_lasting_node (const char *name)
{
    zactor_t *node = tu_node (name);
    zstr_sendx (node, "SET", "server/timeout", "0", NULL);
    return node;
}

zactor_t *
tu_server (const char **endpoint)
{
    zactor_t *node = tu_lasting_node ("server");
    *endpoint = tu_inproc ("server");
    zstr_sendx (node, "BIND", *endpoint, NULL);
    return node;
}

const char *
tu_bind_tcp (zactor_t *node)
{
    zstr_sendx (node, "BIND", tu_tcp (), NULL);
    int port = tu_port (node, NULL);
    CHECK (port > 0);
    tu_hide (tu_printf ("127.0.0.1:%d", port), "127.0.0.1:$PORT");
    return tu_printf ("tcp://127.0.0.1:%d", port);
}

/*  True when the source has a message; false after so many ms. */
bool
tu_readable (void *source, int msecs)
{
    int64_t until = zclock_mono () + msecs;
    zmq_pollitem_t item = { zsock_resolve (source), 0, ZMQ_POLLIN, 0 };
    for (;;) {
        int64_t left = until - zclock_mono ();
        int rc = zmq_poll (&item, 1, left > 0? (long) left: 0);
        if (rc > 0)
            return true;
        if (left <= 0)
            return false;
    }
}

zmsg_t *
tu_recv_msg (void *source, int msecs)
{
    return tu_readable (source, msecs)? zmsg_recv (source): NULL;
}

const char *
tu_recv_for (void *source, int msecs)
{
    zmsg_t *msg = tu_recv_msg (source, msecs);
    return msg? tu_text (&msg): NULL;
}

const char *
tu_recv (void *source)
{
    const char *text = tu_recv_for (source, tu_limit ());
    if (!text)
        tu_fail_call ("no message came");
    return text;
}

/*  Ask a question that is answered by its own name and a number. */
static int
ask (zactor_t *node, const char *question, zlist_t *seen)
{
    if (zstr_send (node, question))
        tu_fail_call ("the node takes no commands");
    int64_t until = tu_deadline ();
    for (;;) {
        int64_t left = until - zclock_mono ();
        zmsg_t *msg = tu_recv_msg (node, left > 0? (int) left: 0);
        if (!msg)
            tu_fail_call ("no reply to %s", question);
        if (zmsg_size (msg) == 2 && zframe_streq (zmsg_first (msg), question)) {
            char *number = zframe_strdup (zmsg_last (msg));
            int value = atoi (number);
            free (number);
            zmsg_destroy (&msg);
            return value;
        }
        if (seen)
            zlist_append (seen, (void *) tu_text (&msg));
        zmsg_destroy (&msg);
    }
}

int
tu_status (zactor_t *node, zlist_t *seen)
{
    return ask (node, "STATUS", seen);
}

int
tu_port (zactor_t *node, zlist_t *seen)
{
    return ask (node, "PORT", seen);
}

void
tu_wait_all (zactor_t **nodes, int nodes_nbr, int count, zlist_t **seen)
{
    int64_t until = tu_deadline ();
    for (;;) {
        int ready = 0, least = count;
        for (int index = 0; index < nodes_nbr; index++) {
            int held = nodes [index]? tu_status (nodes [index], seen? seen [index]: NULL): count;
            if (held >= count)
                ready++;
            if (held > count)
                tu_fail_call ("a node holds %d tuples, expected %d", held, count);
            if (held < least)
                least = held;
        }
        if (ready == nodes_nbr)
            return;
        if (zclock_mono () > until)
            tu_fail_call ("a node holds %d tuples, expected %d", least, count);
        zclock_sleep (10);
    }
}

void
tu_wait_count (zactor_t *node, int count, zlist_t *seen)
{
    tu_wait_all (&node, 1, count, &seen);
}

void
tu_show_held (const char *label, zactor_t *node, int count)
{
    zlist_t *seen = tu_list ();
    tu_wait_count (node, count, seen);
    tu_show_sorted (label, seen);
    zlist_destroy (&seen);
}

const char *
tu_saved (zactor_t *node)
{
    const char *path = tu_path ("saved.cfg");
    remove (path);
    zstr_sendx (node, "SAVE", path, NULL);
    tu_status (node, NULL);
    return tu_slurp (path);
}

void
tu_wait_ended (zactor_t *node)
{
    int64_t until = tu_deadline ();
    while (zsock_events (node) & ZMQ_POLLOUT) {
        if (zclock_mono () > until)
            tu_fail_call ("the actor has not ended");
        zclock_sleep (5);
    }
}

static zmsg_t *
command_msg (const char *command, va_list args)
{
    zmsg_t *msg = zmsg_new ();
    for (const char *frame = command; frame; frame = va_arg (args, const char *))
        zmsg_addstr (msg, frame);
    return msg;
}

void
tu_try (zactor_t *node, const char *command, ...)
{
    va_list args;
    va_start (args, command);
    zmsg_t *msg = command_msg (command, args);
    va_end (args);
    zmsg_t *copy = zmsg_dup (msg);
    tu_out ("> %s", tu_text (&copy));

    tu_status (node, NULL);
    tu_log_start ();
    zmsg_send (&msg, node);
    zlist_t *seen = tu_list ();
    /*  The reply to a STATUS under test must not be taken for that barrier. */
    bool status = streq (command, "STATUS");
    int count = status? tu_port (node, seen): tu_status (node, seen);
    tu_show_list ("<", seen);
    zlist_destroy (&seen);
    tu_log_show ();
    if (!status)
        tu_out ("= %d tuples", count);
}

const char *
tu_one_line (zactor_t *node, char letter, const char *command, ...)
{
    va_list args;
    va_start (args, command);
    zmsg_t *msg = command_msg (command, args);
    va_end (args);
    zmsg_t *copy = zmsg_dup (msg);
    const char *text = tu_text (&copy);

    int before = tu_status (node, NULL);
    tu_log_start ();
    zmsg_send (&msg, node);
    zlist_t *seen = tu_list ();
    int after = tu_status (node, seen);
    if (zlist_size (seen) || before != after)
        tu_fail_call ("%s had an effect", text);
    zlist_destroy (&seen);

    const char *line = tu_log_next ();
    if (!line || line [0] != letter)
        tu_fail_call ("%s should log a line with %c, not %s",
                 text, letter, line? line: "nothing");
    const char *more = tu_log_next ();
    if (more)
        tu_fail_call ("%s logs more than one line: %s", text, more);
    return line;
}
