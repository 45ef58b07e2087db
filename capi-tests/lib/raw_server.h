/*  A raw ROUTER that is the server of one node, and sees what that sends. */

#ifndef RAW_SERVER_H_INCLUDED
#define RAW_SERVER_H_INCLUDED

#include "testutil.h"

typedef struct {
    zsock_t *router;
    zframe_t *peer;             /*  The node, as the ROUTER names it */
    zactor_t *client;
} raw_server_t;

/*  The node has CONNECTed, and said HELLO. */
raw_server_t raw_server (void);
void raw_server_destroy (raw_server_t *self);

/*  Send the node a tuple whose value is "value". */
void raw_server_tell (raw_server_t *self, const char *key);
/*  Wait until the node holds so many tuples. Meanwhile it sends nothing but PINGs, which are
    answered. */
void raw_server_hears_nothing (raw_server_t *self, int count);
/*  What the node sends next is this. */
void raw_server_hears (raw_server_t *self, const char *hex);

#ifndef TU_IMPLEMENTATION
#   define raw_server_hears_nothing(...) (TU_AT (raw_server_hears_nothing) (__VA_ARGS__))
#   define raw_server_hears(...) (TU_AT (raw_server_hears) (__VA_ARGS__))
#endif

#endif
