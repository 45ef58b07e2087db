#include "peers.h"

#include <stdlib.h>
#include <string.h>

zactor_t *s_node;
peer_t s_peers [PEERS];
zhash_t *s_delivered;
zlist_t *s_told;
int s_owner_marker, s_server_marker;
bool s_ended;
zlist_t *s_log;

/*  All pairs that anybody has said, and the last of each key. */
static zhash_t *s_offered, *s_latest;

static const char *
text_of (const frame_t *frame)
{
    return tu_frame_text (frame->data, frame->size);
}

static zhash_t *
new_hash (void)
{
    zhash_t *hash = zhash_new ();
    CHECK (hash);
    zhash_autofree (hash);
    return hash;
}

static void
copy_hash (zhash_t **to, zhash_t *from)
{
    zhash_destroy (to);
    *to = zhash_dup (from);
    zhash_autofree (*to);
}

static bool
holds (zhash_t *hash, const char *key, const char *value)
{
    const char *held = (const char *) zhash_lookup (hash, key);
    return held && streq (held, value);
}

/* ---- what has been said ---- */

void
offer (const frame_t *key, const frame_t *value)
{
    zhash_update (s_offered, tu_printf ("%s=%s", text_of (key), text_of (value)), "");
    zhash_update (s_latest, text_of (key), (void *) text_of (value));
}

bool
is_return (const frame_t *key, const frame_t *value)
{
    return zhash_lookup (s_offered, tu_printf ("%s=%s", text_of (key), text_of (value)))
        && !holds (s_latest, text_of (key), text_of (value));
}

/* ---- peers ---- */

void
peers_start (void)
{
    s_told = tu_list ();
    s_log = tu_list ();
    s_delivered = new_hash ();
    s_offered = new_hash ();
    s_latest = new_hash ();
}

void
peer_new (peer_t *peer, zsock_t *sock)
{
    memset (peer, 0, sizeof (*peer));
    peer->sock = sock;
    peer->view = new_hash ();
    peer->base = new_hash ();
    peer->said = new_hash ();
    peer->told = zhash_new ();
    peer->seen = tu_list ();
}

void
peer_destroy (peer_t *peer)
{
    zsock_destroy (&peer->sock);
    zframe_destroy (&peer->node);
    zhash_destroy (&peer->view);
    zhash_destroy (&peer->base);
    zhash_destroy (&peer->said);
    zhash_destroy (&peer->told);
    zlist_destroy (&peer->seen);
}

static void
send_bytes (peer_t *peer, const void *data, size_t size, int frames)
{
    zmsg_t *msg = zmsg_new ();
    if (peer->node) {
        zframe_t *address = zframe_dup (peer->node);
        zmsg_append (msg, &address);
    }
    while (frames--)
        zmsg_addmem (msg, data, size);
    zmsg_send (&msg, peer->sock);
}

void
send_frame (peer_t *peer, const frame_t *frame, int frames)
{
    frame_t key, value;
    bool publish = read_publish (frame->data, frame->size, &key, &value);
    /*  CZMQ's actor takes the first of two frames before it ends at the second. */
    if (publish)
        offer (&key, &value);
    if (publish && frames == 1) {
        zhash_update (peer->said, text_of (&key), (void *) text_of (&value));
        zhash_update (peer->view, text_of (&key), (void *) text_of (&value));
        zhash_update (peer->base, text_of (&key), (void *) text_of (&value));
    }
    send_bytes (peer, frame->data, frame->size, frames);
}

void
flush_client (peer_t *client)
{
    frame_t ping = signal_frame (ID_PING);
    int pongs = client->pongs;
    send_frame (client, &ping, 1);
    wait_for (&client->pongs, pongs + 1);
    client->pongs--;
}

void
flush_server (void)
{
    static int marks;
    frame_t key = text_frame (tu_printf (SERVER_MARK "%d", ++marks)), none = { { 0 }, 0 };
    frame_t mark = publish_frame (&key, &none, 0);
    send_bytes (&s_peers [SERVER], mark.data, mark.size, 1);
    wait_for (&s_server_marker, marks);
}

void
say_hello (peer_t *client)
{
    frame_t hello = signal_frame (ID_HELLO);
    client->invalid = false;
    /*  It is told everything again, but what it said itself. */
    zhash_t *own = new_hash ();
    for (const char *value = (const char *) zhash_first (client->view); value;
         value = (const char *) zhash_next (client->view)) {
        const char *key = zhash_cursor (client->view);
        if (holds (client->said, key, value))
            zhash_insert (own, key, (void *) value);
    }
    zhash_destroy (&client->view);
    client->view = own;
    copy_hash (&client->base, client->view);
    send_frame (client, &hello, 1);
    flush_client (client);
}

static void
destroy_frame (void *frame)
{
    zframe_t *self = (zframe_t *) frame;
    zframe_destroy (&self);
}

static void
take_tuple (peer_t *peer, zframe_t *frame, const frame_t *key, const frame_t *value)
{
    const char *name = text_of (key), *text = text_of (value);
    if (!zhash_lookup (s_offered, tu_printf ("%s=%s", name, text)))
        tu_fail (__FILE__, __LINE__, "nobody has ever said [%s] = [%s]", name, text);
    zhash_update (peer->view, name, (void *) text);
    zhash_delete (peer->told, name);
    zhash_insert (peer->told, name, zframe_dup (frame));
    zhash_freefn (peer->told, name, destroy_frame);
}

/*  The number of a mark, or 0. */
static int
number_after (const char *mark, const char *key)
{
    size_t size = strlen (mark);
    return strncmp (key, mark, size)? 0: atoi (key + size);
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
    frame_t key, value, seen = { { 0 }, 0 };
    put (&seen, zframe_data (frame), zframe_size (frame) < 4? zframe_size (frame): 4);
    if (read_publish (zframe_data (frame), zframe_size (frame), &key, &value)) {
        key.data [key.size] = 0;
        const char *name = (const char *) key.data;
        int step = number_after (STEP_MARK, name);
        if (step)
            peer->marker = step;
        else
        if (!number_after (SERVER_MARK, name))
            take_tuple (peer, frame, &key, &value);
    }
    else
    if (is_signal (&seen, ID_PONG))
        peer->pongs++;
    else
    if (is_signal (&seen, ID_HELLO) && peer->node)
        peer->hellos++;
    else
    if (is_signal (&seen, ID_PING) && peer->node) {
        frame_t pong = signal_frame (ID_PONG);
        send_frame (peer, &pong, 1);
    }
    else {
        peer->invalid = peer->invalid || is_signal (&seen, ID_INVALID);
        zlist_append (peer->seen, (void *) tu_hex (zframe_data (frame), zframe_size (frame)));
    }
}

/* ---- the owner ---- */

/*  A message of the node for its owner. */
static void
hear (zmsg_t *msg)
{
    zframe_t *first = zmsg_first (msg), *second = zmsg_next (msg), *third = zmsg_next (msg);
    if (zmsg_size (msg) == 1) {
        s_ended = true;
        return;
    }
    char *key = zframe_strdup (second);
    bool deliver = zframe_streq (first, "DELIVER");
    int step = number_after (STEP_MARK, key), server = number_after (SERVER_MARK, key);
    if (deliver && step)
        s_owner_marker = step;
    else
    if (deliver && server)
        s_server_marker = server;
    else {
        if (deliver && third)
            zhash_update (s_delivered, tu_frame_text (zframe_data (second), zframe_size (second)),
                          (void *) tu_frame_text (zframe_data (third), zframe_size (third)));
        zmsg_t *copy = zmsg_dup (msg);
        zlist_append (s_told, (void *) tu_text (&copy));
    }
    free (key);
}

void
read_log (void)
{
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        if (strstr (line, "malformed"))
            s_ended = true;
        else
        /*  BIND without endpoint, of which CZMQ's actor says no more. */
        if (streq (line, "W: BIND: the endpoint is missing"))
            zlist_append (s_log, "W: could not bind to");
        else
            zlist_append (s_log, (void *) tu_log_plain (line));
}

/* ---- waiting ---- */

/*  Take what has come from anybody, waiting for it a little. */
static void
read_some (void)
{
    zmq_pollitem_t items [PEERS + 1];
    memset (items, 0, sizeof (items));
    for (int index = 0; index <= PEERS; index++) {
        items [index].socket = zsock_resolve (index < PEERS? (void *) s_peers [index].sock
                                                           : (void *) s_node);
        items [index].events = ZMQ_POLLIN;
    }
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

void
wait_for (const int *number, int wanted)
{
    int64_t until = tu_deadline ();
    while (*number < wanted && !s_ended) {
        if (zclock_mono () > until)
            tu_fail (__FILE__, __LINE__, "the node does not go on");
        read_some ();
    }
}

/*  The first peer that stands elsewhere than the owner, or NULL; the key. */
static peer_t *
unlike (const char **key)
{
    for (int index = 0; index < PEERS; index++) {
        peer_t *peer = &s_peers [index];
        zhash_t *hashes [2] = { peer->view, s_delivered };
        for (int side = 0; side < 2; side++)
            for (const char *value = (const char *) zhash_first (hashes [side]); value;
                 value = (const char *) zhash_next (hashes [side]))
                if (!holds (hashes [!side], zhash_cursor (hashes [side]), value)) {
                    *key = tu_printf ("%s", zhash_cursor (hashes [side]));
                    return peer;
                }
    }
    return NULL;
}

void
wait_for_rest (void)
{
    int64_t until = tu_deadline ();
    const char *key;
    peer_t *peer;
    while ((peer = unlike (&key)) && !s_ended) {
        if (zclock_mono () > until) {
            const char *there = (const char *) zhash_lookup (peer->view, key);
            const char *here = (const char *) zhash_lookup (s_delivered, key);
            tu_fail (__FILE__, __LINE__, "no rest: of [%s] peer %d has [%s], the owner [%s]", key,
                     (int) (peer - s_peers), there? there: "nothing", here? here: "nothing");
        }
        read_some ();
    }
}

/* ---- what was seen ---- */

static void
show_news (const char *name, peer_t *peer)
{
    zlist_t *news = tu_list ();
    for (const char *value = (const char *) zhash_first (peer->view); value;
         value = (const char *) zhash_next (peer->view)) {
        const char *key = zhash_cursor (peer->view);
        if (!holds (peer->base, key, value))
            zlist_append (news, (void *) tu_printf ("[%s] = [%s]", key, value));
    }
    tu_show_sorted (name, news);
    zlist_destroy (&news);
    copy_hash (&peer->base, peer->view);
}

/*  A CZMQ peer sends back what was news to it. */
static void
echo_told (peer_t *peer)
{
    for (zframe_t *frame = (zframe_t *) zhash_first (peer->told); frame;
         frame = (zframe_t *) zhash_next (peer->told))
        send_bytes (peer, zframe_data (frame), zframe_size (frame), 1);
}

void
show (void)
{
    tu_show_list ("   owner", s_told);
    for (int index = 0; index < PEERS; index++) {
        peer_t *peer = &s_peers [index];
        const char *name = tu_printf (index == SERVER? "   server": "   client %d", index);
        show_news (name, peer);
        tu_show_list (name, peer->seen);
        if (index != SERVER && peer->pongs)
            tu_out ("%s: %d PONG", name, peer->pongs);
        if (peer->hellos)
            tu_out ("%s: %d HELLO", name, peer->hellos);
        peer->pongs = peer->hellos = 0;
    }
    read_log ();
    tu_show_sorted ("   log", s_log);
}

void
end_step (bool echo)
{
    for (int index = 0; index < PEERS; index++) {
        peer_t *peer = &s_peers [index];
        if (echo)
            echo_told (peer);
        zhash_destroy (&peer->told);
        peer->told = zhash_new ();
    }
    for (int index = 0; echo && index < CLIENTS; index++)
        flush_client (&s_peers [index]);
    if (echo)
        flush_server ();
}
