#include "script.h"
#include "peers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static frame_t
fresh_text (void)
{
    static int number;
    return text_frame (tu_printf ("fresh %d", ++number));
}

/*  A value that the network has left behind is believed by a native node after half a second, and
    each time twice as late: few of them, and alone. */
static frame_t
fresh_frame (frame_t frame, bool alone)
{
    frame_t key, value;
    if (read_publish (frame.data, frame.size, &key, &value) && is_return (&key, &value)
    && !(alone && chance (12) == 0)) {
        value = fresh_text ();
        frame = publish_frame (&key, &value, 0);
    }
    return frame;
}

/* ---- peers ---- */

/*  Peers that echo, as CZMQ peers do. What those that do not say while its own value is under way
    to them is looked at a second later, so they say one thing at a time. */
static bool s_echo;

static frame_t
burst_frame (void)
{
    for (;;) {
        frame_t frame = good_frame ();
        if (!is_signal (&frame, ID_PONG) && !is_signal (&frame, ID_INVALID))
            return frame;
    }
}

static void
client_step (peer_t *peer, int count, const frame_t *frames, int copies)
{
    int pings = 0;
    for (int index = 0; index < count; index++) {
        send_frame (peer, &frames [index], copies);
        pings += copies == 1 && is_signal (&frames [index], ID_PING);
    }
    frame_t ping = signal_frame (ID_PING);
    send_frame (peer, &ping, 1);
    peer->pongs = 0;
    wait_for (&peer->pongs, 1);
    /*  Where the frame was refused there is only one. */
    read_log ();
    wait_for (&peer->pongs, 1 + pings);
    peer->pongs--;
    if (peer->invalid && !s_ended)
        say_hello (peer);
}

static void
server_step (peer_t *peer, int count, const frame_t *frames)
{
    int hello = 0;
    for (int index = 0; index < count; index++) {
        send_frame (peer, &frames [index], 1);
        hello += is_signal (&frames [index], ID_INVALID);
    }
    flush_server ();
    read_log ();
    if (hello)
        wait_for (&peer->hellos, 1);
}

static void
peer_step (int step, bool last)
{
    peer_t *peer = &s_peers [chance (PEERS)];
    bool server = peer == &s_peers [SERVER];
    frame_t frames [4];
    int count = !last && s_echo && chance (4) == 0? 2 + (int) chance (3): 1, copies = 1;
    if (count > 1)
        for (int index = 0; index < count; index++)
            frames [index] = burst_frame ();
    else {
        frames [0] = last || chance (16) == 0? mutated_frame (): good_frame ();
        /*  CZMQ's actor takes two good frames of a server for two messages; the native one drops them. */
        copies = last && chance (8) == 0 && !server? 2: 1;
        /*  A second HELLO ends a session with CZMQ's actor. */
        if (is_signal (&frames [0], ID_HELLO) && !server)
            frames [0].data [2] = ID_PING;
    }
    for (int index = 0; index < count; index++) {
        frames [index] = fresh_frame (frames [index], count == 1);
        frame_t key, value;
        if (count > 1 && read_publish (frames [index].data, frames [index].size, &key, &value))
            offer (&key, &value);
        tu_out ("%d: %s sends %d of %s", step, server? "server": "client", copies,
                tu_hex (frames [index].data, frames [index].size));
    }
    if (server)
        server_step (peer, count, frames);
    else
        client_step (peer, count, frames, copies);
}

/* ---- the owner ---- */

typedef struct {
    frame_t frames [4];
    int count;
} command_t;

static void
add (command_t *command, frame_t frame)
{
    command->frames [command->count++] = frame;
}

static command_t
random_publish (void)
{
    command_t command = { .count = 0 };
    frame_t key = random_text (), value = random_text ();
    /*  The actor sees strings. */
    key.size = strnlen ((char *) key.data, key.size);
    value.size = strnlen ((char *) value.data, value.size);
    /*  There and back in one step would look like rest. */
    if (is_return (&key, &value))
        value = fresh_text ();
    offer (&key, &value);
    add (&command, text_frame ("PUBLISH"));
    add (&command, key);
    add (&command, value);
    return command;
}

static command_t
random_set (void)
{
    static const char *const paths [] = { "server/x", "a", "a/b", "/zgossip/y", "server/timeout" };
    static const char *const values [] = { "1", "0", "", "a b", "x # y" };
    command_t command = { .count = 0 };
    uint64_t path = chance (5);
    add (&command, text_frame ("SET"));
    add (&command, text_frame (paths [path]));
    /*  No session must expire. */
    add (&command, text_frame (path == 4? "0": values [chance (5)]));
    return command;
}

static command_t
random_load (int step)
{
    static const char *const files [] = {
        "server\n    timeout = 0\n    background = 1\nzgossip\n    echo = hello\n",
        "# c\nserver\n    background = 1\n    timeout = \"0\"\na = 'b' # d\n    c\n",
        "server\n    timeout = 0\n    background = 1\nzgossip\n    echo = a\n    echo = b\n"
        "    security\n        mechanism = null\n    bind\n        endpoint = bogus\n",
    };
    command_t command = { .count = 0 };
    add (&command, text_frame (chance (2)? "LOAD": "CONFIGURE"));
    /*  A file for each command: a file that changes is loaded again, some time. */
    static int number;
    add (&command, text_frame (tu_file (tu_printf ("load%d-%d", step, number++), files [chance (3)])));
    return command;
}

static command_t
random_command (int step)
{
    static const char *const bad [] = { "bogus", "tcp://", "tcp://127.0.0.1", "", "inproc://" };
    static const char *const unknown [] = { "NOSUCH", "", "publish", "STATUS ", "DELIVER" };
    command_t command = { .count = 0 };
    uint64_t kind = chance (16);
    if (kind < 7)
        command = random_publish ();
    else
    if (kind < 9)
        add (&command, text_frame (kind == 7? "STATUS": "PORT"));
    else
    if (kind < 11)
        command = random_set ();
    else
    if (kind == 11) {
        add (&command, text_frame ("BIND"));
        if (chance (6))
            add (&command, text_frame (chance (2)? bad [chance (5)]: tu_inproc ("more")));
        else
            return command;
    }
    else
    if (kind == 12) {
        add (&command, text_frame ("CONNECT"));
        add (&command, text_frame (bad [chance (5)]));
        /*  What came behind would be a key. */
        return command;
    }
    else
    if (kind == 13)
        command = random_load (step);
    else
    if (kind == 14) {
        add (&command, text_frame ("SAVE"));
        add (&command, text_frame (chance (4)? tu_path ("saved"): "/nonexistent/saved"));
    }
    else {
        add (&command, text_frame (unknown [chance (5)]));
        if (chance (2))
            add (&command, random_text ());
    }
    /*  Surplus frames. */
    if (command.count < 4 && chance (5) == 0)
        add (&command, random_text ());
    return command;
}

static void
send_command (const command_t *command)
{
    zmsg_t *msg = zmsg_new ();
    const char *shown = "";
    for (int index = 0; index < command->count; index++) {
        const frame_t *frame = &command->frames [index];
        zmsg_addmem (msg, frame->data, frame->size);
        shown = tu_printf ("%s [%s]", shown, tu_frame_text (frame->data, frame->size));
    }
    tu_out ("   %s", shown);
    zmsg_send (&msg, s_node);
}

static void
owner_step (int step)
{
    tu_out ("%d: owner", step);
    command_t commands [4];
    int count = chance (3)? 1: 2 + (int) chance (3);
    for (int index = 0; index < count; index++)
        commands [index] = random_command (step);
    for (int index = 0; index < count; index++)
        send_command (&commands [index]);
}

static void
show_saved (void)
{
    const char *saved = tu_slurp (tu_path ("saved"));
    if (saved) {
        tu_out ("   saved: %s", saved);
        unlink (tu_path ("saved"));
    }
}

/* ---- scripts ---- */

/*  The owner's last tuple of a step: what it said before has come to everybody who is told at once. */
static void
come_to_rest (int step)
{
    zstr_sendx (s_node, "PUBLISH", tu_printf (STEP_MARK "%d", step), "", NULL);
    wait_for (&s_owner_marker, step);
    for (int index = 0; index < PEERS; index++)
        wait_for (&s_peers [index].marker, step);
    for (int index = 0; index < CLIENTS && !s_ended; index++)
        flush_client (&s_peers [index]);
    wait_for_rest ();
}

/*  What a newcomer is told: everything. */
static void
show_tuples (const char *endpoint)
{
    peer_destroy (&s_peers [0]);
    peer_new (&s_peers [0], tu_dealer (endpoint));
    say_hello (&s_peers [0]);
    wait_for_rest ();
    tu_out ("newcomer");
    show ();
}

static void
start (const char *below, const char *above)
{
    peers_start ();
    peer_new (&s_peers [SERVER], tu_router (above));
    s_node = tu_lasting_node ("node");
    zstr_sendx (s_node, "SET", "server/background", "1", NULL);
    zstr_sendx (s_node, "BIND", below, NULL);
    zstr_sendx (s_node, "CONNECT", above, NULL);
    tu_status (s_node, NULL);
    tu_log_start ();
    for (int index = 0; index < CLIENTS; index++)
        peer_new (&s_peers [index], tu_dealer (below));
    for (int index = 0; index < CLIENTS; index++)
        say_hello (&s_peers [index]);
    come_to_rest (1);
    s_peers [SERVER].hellos = 0;
}

void
script_run (uint64_t seed)
{
    chance_seed (seed);
    tu_start ();
    bool ipc = chance (4) == 0;
    s_echo = chance (8) != 0;
    const char *below = ipc? tu_ipc ("below"): tu_inproc ("below");
    const char *above = ipc? tu_ipc ("above"): tu_inproc ("above");
    start (below, above);
    int steps = 3 + (int) chance (30);
    for (int step = 2; step <= steps && !s_ended; step++) {
        if (step == steps || chance (2))
            peer_step (step, step == steps);
        else
            owner_step (step);
        if (!s_ended)
            come_to_rest (step);
        if (s_ended)
            break;
        show ();
        show_saved ();
        end_step (s_echo);
    }
    if (s_ended)
        tu_out ("%.*s", (int) strlen (SCRIPT_REFUSED) - 1, SCRIPT_REFUSED);
    else
        show_tuples (below);
    fflush (stdout);
    tu_done ();
    /*  An actor of CZMQ's that has ended is in the way of an orderly exit. */
    _exit (0);
}
