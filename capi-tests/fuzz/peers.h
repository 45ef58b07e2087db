/*  The owner of a node, its raw clients and its raw server, as a script sees them. */

#ifndef PEERS_H_INCLUDED
#define PEERS_H_INCLUDED

#include "frames.h"

#define CLIENTS 2
#define SERVER CLIENTS
#define PEERS (CLIENTS + 1)

/*  Keys of tuples that only tell how far everybody is: the owner's at the end of a step, and the
    server's behind what it has sent. */
#define STEP_MARK "step mark "
#define SERVER_MARK "server mark "

/*  Keys and values are the text that tu_frame_text makes of them. */
typedef struct {
    zsock_t *sock;
    zframe_t *node;         /*  Address of the node; the server only */
    zhash_t *view;          /*  What the link has said last of each key, either way */
    zhash_t *base;          /*  The same when the step's frames had been sent */
    zhash_t *said;          /*  What the peer has said last of each key */
    zhash_t *told;          /*  What it was told last of each key in this step: frames */
    zlist_t *seen;          /*  Other frames of this step, as hex */
    int marker;             /*  Latest of the owner's last tuples that came */
    int pongs, hellos;
    bool invalid;
} peer_t;

extern zactor_t *s_node;
extern peer_t s_peers [PEERS];
extern zhash_t *s_delivered;        /*  What the owner was told last of each key */
extern zlist_t *s_told;             /*  What it was told in this step, in order */
extern int s_owner_marker, s_server_marker;
extern bool s_ended;                /*  The actor has ended, or refused what CZMQ's ends at */
extern zlist_t *s_log;              /*  Log lines of this step */

void peers_start (void);
void peer_new (peer_t *peer, zsock_t *sock);
void peer_destroy (peer_t *peer);
void send_frame (peer_t *peer, const frame_t *frame, int frames);
/*  A client begins a session, and is told everything. */
void say_hello (peer_t *client);
/*  PING, and wait until it is answered: what waited for this client is there. */
void flush_client (peer_t *client);
/*  The same for what the server has sent. */
void flush_server (void);

/*  Remember that somebody has said this. */
void offer (const frame_t *key, const frame_t *value);
/*  Whether somebody has said it before, and another value of the key since. */
bool is_return (const frame_t *key, const frame_t *value);

/*  Read everything until the number is reached, or the actor has ended. */
void wait_for (const int *number, int wanted);
/*  Read everything until all links say what the owner was told. */
void wait_for_rest (void);
void read_log (void);
/*  Print what was seen in this step. */
void show (void);
/*  Forget it; peers that echo do so now. */
void end_step (bool echo);

#endif
