/*  The headers stand alone, in any order, and may be included before CZMQ's. */

#include "zgossip_msg.h"
#include "zgossip.h"
#include "zgossip_msg.h"
#include "testutil.h"

int
main (void)
{
    tu_start ();
    /*  The types are those that a program expects. */
    zactor_fn *actor = zgossip;
    zgossip_msg_t *(*create) (void) = zgossip_msg_new;
    void (*destroy) (zgossip_msg_t **) = zgossip_msg_destroy;
    int (*receive) (zgossip_msg_t *, zsock_t *) = zgossip_msg_recv;
    int (*transmit) (zgossip_msg_t *, zsock_t *) = zgossip_msg_send;
    void (*print) (zgossip_msg_t *) = zgossip_msg_print;
    zframe_t *(*routing_id) (zgossip_msg_t *) = zgossip_msg_routing_id;
    void (*set_routing_id) (zgossip_msg_t *, zframe_t *) = zgossip_msg_set_routing_id;
    int (*id) (zgossip_msg_t *) = zgossip_msg_id;
    void (*set_id) (zgossip_msg_t *, int) = zgossip_msg_set_id;
    const char *(*command) (zgossip_msg_t *) = zgossip_msg_command;
    const char *(*key) (zgossip_msg_t *) = zgossip_msg_key;
    void (*set_key) (zgossip_msg_t *, const char *) = zgossip_msg_set_key;
    const char *(*value) (zgossip_msg_t *) = zgossip_msg_value;
    void (*set_value) (zgossip_msg_t *, const char *) = zgossip_msg_set_value;
    uint32_t (*ttl) (zgossip_msg_t *) = zgossip_msg_ttl;
    void (*set_ttl) (zgossip_msg_t *, uint32_t) = zgossip_msg_set_ttl;
    void (*test_codec) (bool) = zgossip_msg_test;
    void (*test_actor) (bool) = zgossip_test;
    const char *(*version) (void) = zgossip_version;
    CHECK (actor && create && destroy && receive && transmit && print);
    CHECK (routing_id && set_routing_id && id && set_id && command);
    CHECK (key && set_key && value && set_value && ttl && set_ttl);
    CHECK (test_codec && test_actor && version);

    zgossip_msg_t *message = create ();
    destroy (&message);
    CHECK (message == NULL);
    return tu_done ();
}
