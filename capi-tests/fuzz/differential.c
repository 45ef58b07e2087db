/*  Random scripts, given to CZMQ's actor and to ours: what can be seen has to be the
    same as long as CZMQ's lives.

        differential [--seed N] [--first N] [--count N] [--seconds N]

    A script is made from a number, so that a failure can be had again: --seed N runs
    that one and shows both sides. Each side is a process of its own, ours with the
    library of ZGOSSIP_LIB preloaded, because CZMQ's actor ends at any frame that it
    does not like. There, ours has to refuse that same frame, and the script is over.

    A node has an owner, two raw clients and a raw server. After each step all of
    them wait for a tuple that the owner publishes last, so that nothing depends on
    time. What COMPATIBILITY.md names as different does not count, and so is not
    done (a second HELLO, commands without their frames) or not shown: PINGs, the
    ttl, and tuples that a peer has already, which hides the C actor's echo and
    our resending after INVALID. */

#include "../testutil.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*  CZMQ's actor is known to lose a tuple now and then on a busy machine. */
#define ATTEMPTS 3
#define CLIENTS 2
#define SERVER CLIENTS
#define PEERS (CLIENTS + 1)
/*  Limit of a single wait of a script, in ms. */
#define PATIENCE "10000"

/* ---- chance ---- */

static uint64_t s_state;

static uint64_t
chance (uint64_t below)
{
    /*  splitmix64 */
    uint64_t z = (s_state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

/* ---- frames ---- */

typedef struct {
    unsigned char data [1200];
    size_t size;
} frame_t;

static void
put (frame_t *frame, const void *data, size_t size)
{
    CHECK (frame->size + size <= sizeof (frame->data));
    memcpy (frame->data + frame->size, data, size);
    frame->size += size;
}

static void
put_number (frame_t *frame, uint32_t number)
{
    unsigned char bytes [4] = { number >> 24, number >> 16, number >> 8, number };
    put (frame, bytes, 4);
}

static frame_t
signal_frame (int id)
{
    frame_t frame = { { 0xAA, 0xA0, (unsigned char) id, 1 }, 4 };
    return frame;
}

static frame_t
publish_frame (const frame_t *key, const frame_t *value, uint32_t ttl)
{
    frame_t frame = signal_frame (2);
    unsigned char size = (unsigned char) key->size;
    put (&frame, &size, 1);
    put (&frame, key->data, key->size);
    put_number (&frame, (uint32_t) value->size);
    put (&frame, value->data, value->size);
    put_number (&frame, ttl);
    return frame;
}

static bool
is_signal (const frame_t *frame, int id)
{
    frame_t wanted = signal_frame (id);
    return frame->size >= 4 && memcmp (frame->data, wanted.data, 4) == 0;
}

/*  A key or a value. Few different ones, so that they meet. */
static frame_t
random_text (void)
{
    static const char *const texts [] = {
        "a", "b", "c", "", "a b", "%s%n", "\xff\xfe", "line\nbreak", "x=\"y\"", "a/b"
    };
    frame_t text = { { 0 }, 0 };
    uint64_t kind = chance (14);
    if (kind < 10)
        put (&text, texts [kind], strlen (texts [kind]));
    else
    if (kind == 10)
        put (&text, "a\0b", 3);
    else
    if (kind == 11)
        for (size_t left = 254 + chance (2); left; left--)
            put (&text, "k", 1);
    else
        for (size_t left = chance (20); left; left--) {
            unsigned char byte = (unsigned char) chance (256);
            put (&text, &byte, 1);
        }
    return text;
}

static frame_t
good_frame (void)
{
    uint64_t kind = chance (10);
    if (kind < 3)
        return signal_frame (3 + (int) kind);
    frame_t key = random_text (), value = random_text ();
    frame_t frame = publish_frame (&key, &value, chance (4)? 0: (uint32_t) chance (1 << 20));
    if (chance (6) == 0)
        put (&frame, "more", 1 + chance (4));
    return frame;
}

static frame_t
mutated_frame (void)
{
    frame_t frame = good_frame ();
    if (chance (4) == 0) {
        frame.size = chance (2) * 4;
        for (size_t left = chance (12); left; left--) {
            unsigned char byte = (unsigned char) chance (chance (2)? 256: 6);
            put (&frame, &byte, 1);
        }
    }
    for (uint64_t left = 1 + chance (3); left; left--) {
        /*  Mostly where the numbers are. */
        size_t place = frame.size? chance (chance (2) && frame.size > 8? 8: frame.size): 0;
        switch (chance (4)) {
            case 0: frame.size = place; break;
            case 1: frame.data [place] = (unsigned char) chance (256); break;
            case 2: frame.data [place] ^= (unsigned char) (1 << chance (8)); break;
            case 3:
                if (frame.size >= 4 && place + 4 <= frame.size)
                    memset (frame.data + place, chance (2)? 0xff: 0, 4);
                break;
        }
    }
    return frame;
}

/* ---- the owner and the peers ---- */

typedef struct {
    zsock_t *sock;
    zframe_t *node;         /*  Address of the node; the server only */
    zhash_t *view;          /*  Latest value of each key on this link, as hex */
    zlist_t *seen;          /*  Lines of this step */
    int marker;             /*  Latest of the owner's last tuples that came */
    int pongs;
    bool hello, invalid;
} peer_t;

static zactor_t *s_node;
static peer_t s_peers [PEERS];
static zlist_t *s_told;     /*  What the owner was told in this step */
static int s_owner_marker, s_server_marker;
static bool s_ended;        /*  The actor has ended, or refused what the C actor ends at */
static zlist_t *s_levels;   /*  Of the log lines of this step */
static bool s_port_differs;

static void
send_frame (peer_t *peer, const frame_t *frame, int frames)
{
    zmsg_t *msg = zmsg_new ();
    if (peer->node) {
        zframe_t *address = zframe_dup (peer->node);
        zmsg_append (msg, &address);
    }
    while (frames--)
        zmsg_addmem (msg, frame->data, frame->size);
    zmsg_send (&msg, peer->sock);
}

static size_t
until_nul (const unsigned char *data, size_t size)
{
    const unsigned char *nul = (const unsigned char *) memchr (data, 0, size);
    return nul? (size_t) (nul - data): size;
}

/*  The fields of a PUBLISH that is well-formed, up to a NUL. */
static bool
read_publish (const unsigned char *data, size_t size, frame_t *key, frame_t *value)
{
    frame_t wanted = signal_frame (2);
    if (size < 9 || memcmp (data, wanted.data, 4))
        return false;
    size_t at = 5 + (size_t) data [4];
    if (size < at + 4)
        return false;
    uint64_t length = (uint64_t) data [at] << 24 | data [at + 1] << 16 | data [at + 2] << 8
                    | data [at + 3];
    if (size < at + 4 + length + 4)
        return false;
    key->size = value->size = 0;
    put (key, data + 5, until_nul (data + 5, data [4]));
    put (value, data + at + 4, until_nul (data + at + 4, length));
    return true;
}

/*  True where the link has not seen the key with this value as the latest. */
static bool
learn (peer_t *peer, const frame_t *key, const frame_t *value)
{
    const char *name = tu_hex (key->data, key->size), *text = tu_hex (value->data, value->size);
    const char *held = (const char *) zhash_lookup (peer->view, name);
    bool news = !held || strcmp (held, text);
    zhash_update (peer->view, name, (void *) text);
    return news;
}

/*  A message of the node for a peer. */
static void
take (peer_t *peer, zmsg_t *msg)
{
    if (peer == &s_peers [SERVER]) {
        zframe_destroy (&peer->node);
        peer->node = zmsg_pop (msg);
    }
    zframe_t *frame = zmsg_first (msg);
    CHECK (zmsg_size (msg) == 1);
    frame_t key, value;
    frame_t seen = { { 0 }, 0 };
    put (&seen, zframe_data (frame), zframe_size (frame) < 4? zframe_size (frame): 4);
    if (read_publish (zframe_data (frame), zframe_size (frame), &key, &value)) {
        key.data [key.size] = 0;
        if (key.data [0] == '~')
            peer->marker = atoi ((char *) key.data + 1);
        else
        if (key.data [0] != '^' && learn (peer, &key, &value))
            zlist_append (peer->seen, (void *) tu_printf ("PUBLISH [%s] = [%s]",
                tu_frame_text (key.data, key.size), tu_frame_text (value.data, value.size)));
    }
    else
    if (is_signal (&seen, 4))
        peer->pongs++;
    else
    if (is_signal (&seen, 1) && peer->node)
        peer->hello = true;
    else
    if (is_signal (&seen, 3) && peer->node) {
        frame_t pong = signal_frame (4);
        send_frame (peer, &pong, 1);
    }
    else {
        peer->invalid = peer->invalid || is_signal (&seen, 5);
        zlist_append (peer->seen, (void *) tu_hex (zframe_data (frame), zframe_size (frame)));
    }
}

/*  A message of the node for its owner. */
static void
hear (zmsg_t *msg)
{
    zframe_t *first = zmsg_first (msg), *second = zmsg_next (msg);
    if (zmsg_size (msg) == 1) {
        s_ended = true;
        return;
    }
    char *key = zframe_strdup (second);
    if (zframe_streq (first, "DELIVER") && key [0] == '~')
        s_owner_marker = atoi (key + 1);
    else
    if (zframe_streq (first, "DELIVER") && key [0] == '^')
        s_server_marker = atoi (key + 1);
    else {
        zmsg_t *copy = zmsg_dup (msg);
        zlist_append (s_told, (void *) tu_text (&copy));
    }
    free (key);
}

static void
read_log (void)
{
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        if (strstr (line, "malformed"))
            s_ended = true;
        else
            zlist_append (s_levels, (void *) tu_printf ("%c", line [0]));
}

/*  Read everything until the number is reached, or the actor has ended. */
static void
wait_for (const int *number, int wanted)
{
    zmq_pollitem_t items [PEERS + 1];
    memset (items, 0, sizeof (items));
    for (int index = 0; index <= PEERS; index++) {
        items [index].socket = zsock_resolve (index < PEERS? (void *) s_peers [index].sock
                                                           : (void *) s_node);
        items [index].events = ZMQ_POLLIN;
    }
    int64_t until = tu_deadline ();
    while (*number < wanted && !s_ended) {
        if (zclock_mono () > until)
            tu_fail (__FILE__, __LINE__, "the node does not go on");
        zmq_poll (items, PEERS + 1, 100);
        for (int index = 0; index <= PEERS && !s_ended; index++) {
            if (!(items [index].revents & ZMQ_POLLIN))
                continue;
            zmsg_t *msg = zmsg_recv (index < PEERS? (void *) s_peers [index].sock: (void *) s_node);
            CHECK (msg);
            if (index < PEERS)
                take (&s_peers [index], msg);
            else
                hear (msg);
            zmsg_destroy (&msg);
        }
    }
}

/*  The owner's last tuple of a step: once it is there, so is everything else. */
static void
wait_for_all (int step)
{
    zstr_sendx (s_node, "PUBLISH", tu_printf ("~%d", step), "", NULL);
    wait_for (&s_owner_marker, step);
    for (int index = 0; index < PEERS; index++)
        wait_for (&s_peers [index].marker, step);
}

static void
say_hello (peer_t *client)
{
    frame_t hello = signal_frame (1), ping = signal_frame (3);
    int pongs = client->pongs;
    client->invalid = false;
    send_frame (client, &hello, 1);
    send_frame (client, &ping, 1);
    wait_for (&client->pongs, pongs + 1);
    client->pongs = pongs;
}

/* ---- steps ---- */

static void
peer_step (int step, bool last)
{
    peer_t *peer = &s_peers [chance (PEERS)];
    bool server = peer == &s_peers [SERVER];
    frame_t frame = last || chance (16) == 0? mutated_frame (): good_frame ();
    /*  The C actor takes two good frames of a server for two messages; ours drops them. */
    int frames = last && chance (8) == 0 && !server? 2: 1;
    if (is_signal (&frame, 1) && !server)
        frame.data [2] = 3;
    tu_out ("%d: %s sends %d of %s", step, server? "server": "client", frames,
            tu_hex (frame.data, frame.size));

    frame_t key, value;
    if (frames == 1 && read_publish (frame.data, frame.size, &key, &value))
        learn (peer, &key, &value);
    send_frame (peer, &frame, frames);
    if (server) {
        frame_t none = { { 0 }, 0 };
        key.size = 0;
        const char *name = tu_printf ("^%d", step);
        put (&key, name, strlen (name));
        frame = publish_frame (&key, &none, 0);
        send_frame (peer, &frame, 1);
        wait_for (&s_server_marker, step);
        read_log ();
    }
    else {
        int pongs = 1 + (frames == 1 && is_signal (&frame, 3));
        frame = signal_frame (3);
        send_frame (peer, &frame, 1);
        peer->pongs = 0;
        wait_for (&peer->pongs, 1);
        /*  Where the frame was refused there is only one. */
        read_log ();
        wait_for (&peer->pongs, pongs);
        if (peer->invalid && !s_ended)
            say_hello (peer);
    }
}

static void
send_owner (int count, const frame_t *frames)
{
    zmsg_t *msg = zmsg_new ();
    const char *shown = "";
    for (int index = 0; index < count; index++) {
        zmsg_addmem (msg, frames [index].data, frames [index].size);
        shown = tu_printf ("%s [%s]", shown,
                           tu_frame_text (frames [index].data, frames [index].size));
    }
    tu_out ("   %s", shown);
    zmsg_send (&msg, s_node);
}

static frame_t
text_frame (const char *text)
{
    frame_t frame = { { 0 }, 0 };
    put (&frame, text, strlen (text));
    return frame;
}

static void
owner_step (int step)
{
    static const char *const paths [] = { "server/x", "a", "a/b", "/zgossip/y", "server/timeout" };
    static const char *const values [] = { "1", "0", "", "a b", "x # y" };
    static const char *const bad [] = { "bogus", "tcp://", "tcp://127.0.0.1", "", "inproc://" };
    static const char *const unknown [] = { "NOSUCH", "", "publish", "STATUS ", "DELIVER" };
    static const char *const files [] = {
        "server\n    timeout = 0\n    background = 1\nzgossip\n    echo = hello\n",
        "# c\nserver\n    background = 1\n    timeout = \"0\"\na = 'b' # d\n    c\n",
        "server\n    timeout = 0\n    background = 1\nzgossip\n    echo = a\n    echo = b\n"
        "    security\n        mechanism = null\n    bind\n        endpoint = bogus\n",
    };
    frame_t frames [4];
    int count = 2;
    tu_out ("%d: owner", step);
    uint64_t kind = chance (16);
    if (kind < 7) {
        frames [0] = text_frame ("PUBLISH");
        frames [1] = random_text ();
        frames [2] = random_text ();
        count = 3;
    }
    else
    if (kind < 9)
        frames [0] = text_frame (kind == 7 || s_port_differs? "STATUS": "PORT"), count = 1;
    else
    if (kind < 11) {
        frames [0] = text_frame ("SET");
        frames [1] = text_frame (paths [chance (5)]);
        /*  No session must expire. */
        frames [2] = text_frame (frames [1].size == 14? "0": values [chance (5)]);
        count = 3;
    }
    else
    if (kind == 11) {
        frames [0] = text_frame ("BIND");
        frames [1] = text_frame (chance (2)? bad [chance (5)]
                                           : tu_printf ("%s", tu_inproc ("more")));
    }
    else
    if (kind == 12) {
        frames [0] = text_frame ("CONNECT");
        frames [1] = text_frame (bad [chance (5)]);
    }
    else
    if (kind == 13) {
        frames [0] = text_frame ("LOAD");
        /*  A file for each step: a file that changes is loaded again, some time. */
        uint64_t file = chance (3);
        frames [1] = text_frame (tu_file (tu_printf ("load%d", step), files [file]));
        /*  With ours PORT tells of binds by LOAD too. */
        s_port_differs = s_port_differs || file == 2;
    }
    else
    if (kind == 14) {
        frames [0] = text_frame ("SAVE");
        frames [1] = text_frame (tu_path ("saved"));
    }
    else
        frames [0] = text_frame (unknown [chance (5)]), count = 1 + (int) chance (2),
        frames [1] = random_text ();
    /*  After CONNECT it would be a key. */
    if (kind != 12 && chance (5) == 0)
        frames [count++] = random_text ();
    send_owner (count, frames);
}

/*  All that was seen since the last step. */
static void
show (void)
{
    tu_show_list ("   owner", s_told);
    for (int index = 0; index < PEERS; index++) {
        peer_t *peer = &s_peers [index];
        const char *name = tu_printf (index == SERVER? "   server": "   client %d", index);
        tu_show_list (name, peer->seen);
        if (index != SERVER && peer->pongs)
            tu_out ("%s: %d PONG", name, peer->pongs);
        if (peer->hello)
            tu_out ("%s: HELLO", name);
        peer->pongs = 0;
        peer->hello = false;
    }
    read_log ();
    tu_show_sorted ("   log", s_levels);
}

static void
new_peer (peer_t *peer, zsock_t *sock)
{
    peer->sock = sock;
    peer->view = zhash_new ();
    peer->seen = tu_list ();
}

/*  What a newcomer is told: everything. */
static void
show_tuples (const char *endpoint)
{
    zsock_destroy (&s_peers [0].sock);
    zlist_purge (s_peers [0].seen);
    new_peer (&s_peers [0], tu_dealer (endpoint));
    say_hello (&s_peers [0]);
    tu_show_sorted ("newcomer", s_peers [0].seen);
}

static int
run_script (uint64_t seed)
{
    s_state = seed;
    tu_start ();
    const char *below = tu_inproc ("below"), *above = tu_inproc ("above");
    s_told = tu_list ();
    s_levels = tu_list ();
    new_peer (&s_peers [SERVER], tu_router (above));
    s_node = tu_lasting_node ("node");
    zstr_sendx (s_node, "SET", "server/background", "1", NULL);
    zstr_sendx (s_node, "BIND", below, NULL);
    zstr_sendx (s_node, "CONNECT", above, NULL);
    tu_status (s_node, NULL);
    tu_log_start ();
    for (int index = 0; index < CLIENTS; index++)
        new_peer (&s_peers [index], tu_dealer (below));
    for (int index = 0; index < CLIENTS; index++)
        say_hello (&s_peers [index]);
    wait_for_all (1);
    s_peers [SERVER].hello = false;

    int steps = 3 + (int) chance (30);
    for (int step = 2; step <= steps && !s_ended; step++) {
        if (step == steps || chance (2))
            peer_step (step, step == steps);
        else
            owner_step (step);
        if (!s_ended)
            wait_for_all (step);
        if (!s_ended)
            show ();
        const char *saved = s_ended? NULL: tu_slurp (tu_path ("saved"));
        if (saved) {
            tu_out ("   saved: %s", saved);
            unlink (tu_path ("saved"));
        }
    }
    if (s_ended)
        tu_out ("   refused");
    else
        show_tuples (below);
    fflush (stdout);
    tu_done ();
    /*  An actor of CZMQ's that has ended is in the way of an orderly exit. */
    _exit (0);
}

/* ---- both sides ---- */

typedef struct {
    pid_t pid;
    int pipe;
    char *text;
    size_t size;
    int status;
} side_t;

static side_t
start_side (uint64_t seed, const char *library)
{
    side_t side = { 0 };
    int ends [2];
    if (pipe (ends) || (side.pid = fork ()) < 0) {
        perror ("differential");
        exit (TU_BROKEN);
    }
    if (side.pid == 0) {
        dup2 (ends [1], STDOUT_FILENO);
        dup2 (ends [1], STDERR_FILENO);
        close (ends [0]);
        close (ends [1]);
        setenv ("ZGOSSIP_TEST_ACTOR", library? "ours": "stock", 1);
        setenv ("ZGOSSIP_TEST_DEADLINE", PATIENCE, 1);
        unsetenv ("ZGOSSIP_IGNORE_KEYS");
        if (library)
            setenv ("LD_PRELOAD", library, 1);
        char number [32];
        snprintf (number, sizeof (number), "%llu", (unsigned long long) seed);
        execl ("/proc/self/exe", "differential", "--script", number, (char *) NULL);
        _exit (TU_BROKEN);
    }
    close (ends [1]);
    side.pipe = ends [0];
    return side;
}

static void
finish_side (side_t *side)
{
    size_t max = 1 << 16;
    side->text = (char *) malloc (max + 1);
    ssize_t got;
    while (side->text && (got = read (side->pipe, side->text + side->size, max - side->size)) > 0) {
        side->size += (size_t) got;
        if (side->size == max)
            side->text = (char *) realloc (side->text, (max *= 2) + 1);
    }
    if (!side->text)
        abort ();
    side->text [side->size] = 0;
    close (side->pipe);
    waitpid (side->pid, &side->status, 0);
}

typedef struct {
    int passed, failed, refused, crashed;
} sum_t;

static bool
same (const side_t *stock, const side_t *ours, sum_t *sum)
{
    if (ours->status)
        return false;
    if (WIFSIGNALED (stock->status)) {
        /*  It wrote whole lines until then. */
        bool equal = stock->size <= ours->size && !memcmp (stock->text, ours->text, stock->size);
        sum->crashed += equal;
        return equal;
    }
    bool equal = !stock->status && !strcmp (stock->text, ours->text);
    sum->refused += equal && strstr (ours->text, "   refused\n") != NULL;
    return equal;
}

static void
compare (uint64_t seed, const char *library, bool verbose, sum_t *sum)
{
    for (int attempt = 1; ; attempt++) {
        side_t stock = start_side (seed, NULL), ours = start_side (seed, library);
        finish_side (&stock);
        finish_side (&ours);
        bool equal = same (&stock, &ours, sum);
        if (equal)
            sum->passed++;
        else
        if (attempt == ATTEMPTS) {
            printf ("FAIL seed %llu\n", (unsigned long long) seed);
            sum->failed++;
        }
        if (verbose || (!equal && attempt == ATTEMPTS))
            printf ("-- CZMQ's actor (status %d):\n%s-- ours (status %d):\n%s--\n",
                    stock.status, stock.text, ours.status, ours.text);
        fflush (stdout);
        free (stock.text);
        free (ours.text);
        if (equal || attempt == ATTEMPTS)
            return;
    }
}

int
main (int argc, char **argv)
{
    uint64_t first = 1, count = UINT64_MAX, seconds = 40;
    bool verbose = false;
    for (int index = 1; index + 1 < argc; index += 2) {
        uint64_t number = strtoull (argv [index + 1], NULL, 10);
        if (streq (argv [index], "--script"))
            return run_script (number);
        if (streq (argv [index], "--seed"))
            first = number, count = 1, verbose = true;
        else
        if (streq (argv [index], "--first"))
            first = number;
        else
        if (streq (argv [index], "--count"))
            count = number;
        else
        if (streq (argv [index], "--seconds"))
            seconds = number;
        else {
            fprintf (stderr, "differential: unknown option %s\n", argv [index]);
            return 2;
        }
    }
    const char *library = getenv ("ZGOSSIP_LIB");
    if (!library || !*library) {
        fprintf (stderr, "differential: ZGOSSIP_LIB names no library\n");
        return TU_BROKEN;
    }
    sum_t sum = { 0 };
    int64_t until = zclock_mono () + (int64_t) seconds * 1000;
    for (uint64_t seed = first; seed - first < count && zclock_mono () < until; seed++)
        compare (seed, library, verbose, &sum);
    printf ("CZMQ's actor ended at a frame that ours refused in %d scripts, crashed in %d\n",
            sum.refused, sum.crashed);
    printf ("%d passed, %d failed\n", sum.passed, sum.failed);
    return sum.failed || !sum.passed;
}
