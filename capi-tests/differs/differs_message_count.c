/*  A new tuple crosses each link once in each direction, but not the way that it
    came: 2L-(N-1) messages for L links and N nodes. CZMQ's nodes tell it back to
    whoever told them: 2L. Each link is a proxy here, which counts. */

#include "testutil.h"

#define NODES 4
#define MOST_LINKS 4

typedef struct {
    zsock_t *front;             /*  ROUTER, where the client connects to */
    zsock_t *back;              /*  DEALER, connected to the server */
    zframe_t *client;           /*  Who the client is on the ROUTER */
} wire_t;

static wire_t wires [MOST_LINKS];
static int wires_nbr, hellos, count;
static zactor_t *nodes [NODES];
static int delivered [NODES];

static const char *
proxy (const char *server)
{
    wire_t *wire = &wires [wires_nbr++];
    const char *endpoint = tu_inproc ("wire");
    wire->front = zsock_new_router (endpoint);
    wire->back = zsock_new_dealer (server);
    CHECK (wire->front && wire->back);
    return endpoint;
}

/*  Carry what is there; false if there was nothing. */
static bool
pass_on (wire_t *wire, bool from_client)
{
    zmsg_t *msg = tu_recv_msg (from_client? wire->front: wire->back, 1);
    if (!msg)
        return false;
    if (from_client) {
        zframe_destroy (&wire->client);
        wire->client = zmsg_pop (msg);
    }
    zframe_t *frame = zmsg_first (msg);
    CHECK (frame && zframe_size (frame) >= 4);
    /*  The third byte is the number of the message; the tuple's key is "new". */
    const byte *data = zframe_data (frame);
    if (data [2] == 1)
        hellos++;
    if (data [2] == 2 && zframe_size (frame) > 8 && memcmp (data + 4, "\003new", 4) == 0)
        count++;
    if (!from_client) {
        zframe_t *client = zframe_dup (wire->client);
        zmsg_prepend (msg, &client);
    }
    CHECK (zmsg_send (&msg, from_client? wire->back: wire->front) == 0);
    return true;
}

static bool
pass_all (void)
{
    bool some = false;
    for (int index = 0; index < wires_nbr; index++)
        if (pass_on (&wires [index], true) | pass_on (&wires [index], false))
            some = true;
    return some;
}

/*  Until each node has DELIVERed so many tuples, and nothing is under way. */
static void
wait_for (int tuples)
{
    int64_t until = tu_deadline ();
    int missing = NODES, idle = 0;
    while (missing || idle < 20) {
        CHECK (zclock_mono () < until);
        idle = pass_all ()? 0: idle + 1;
        missing = 0;
        for (int index = 0; index < NODES; index++) {
            if (tu_recv_for (nodes [index], 1))
                delivered [index]++;
            if (delivered [index] < tuples)
                missing++;
        }
    }
}

/*  A chain of nodes, closed to a ring or not: how many messages a new tuple takes. */
static int
measure (bool ring)
{
    const char *endpoint = NULL;
    for (int index = 0; index < NODES; index++) {
        nodes [index] = tu_lasting_node ("node");
        delivered [index] = 0;
        if (endpoint)
            zstr_sendx (nodes [index], "CONNECT", proxy (endpoint), NULL);
        endpoint = tu_bind_tcp (nodes [index]);
    }
    if (ring)
        zstr_sendx (nodes [0], "CONNECT", proxy (endpoint), NULL);
    while (hellos < wires_nbr)
        pass_all ();
    for (int index = 0; index < NODES; index++)
        zstr_sendx (nodes [index], "PUBLISH", tu_printf ("node%d", index), "up", NULL);
    wait_for (NODES);
    zstr_sendx (nodes [1], "PUBLISH", "new", "value", NULL);
    wait_for (NODES + 1);
    int result = count;
    for (int index = 0; index < NODES; index++)
        zactor_destroy (&nodes [index]);
    for (int index = 0; index < wires_nbr; index++) {
        zframe_destroy (&wires [index].client);
        zsock_destroy (&wires [index].front);
        zsock_destroy (&wires [index].back);
    }
    wires_nbr = hellos = count = 0;
    return result;
}

int
main (void)
{
    tu_start ();
    CHECK_INT (measure (false), 3);
    CHECK_INT (measure (true), 2 * NODES - (NODES - 1));
    return tu_done ();
}
