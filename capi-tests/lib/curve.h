/*  CURVE: a server and a client that have keys, and peers that are let in or not. */

#ifndef CURVE_H_INCLUDED
#define CURVE_H_INCLUDED

#include "testutil.h"

typedef struct {
    zcert_t *server, *client;
} tu_certs_t;

tu_certs_t tu_certs (void);
void tu_certs_destroy (tu_certs_t *self);

/*  Whether a raw peer is answered, with the client's keys or, if certs is NULL, without any. */
bool tu_curve_answered (const char *endpoint, const tu_certs_t *certs);

/*  A node with the client's keys. It CONNECTs with the key that the certificates have for the
    server, and publishes its name. The log, from before the CONNECT on, is collected. */
zactor_t *tu_curve_client (const char *name, const char *endpoint, const tu_certs_t *certs);

/*  What the client says in its log when it is not let in. Both hold their own tuples only: the
    client one, the server none. */
const char *tu_curve_refusal (zactor_t *client, zactor_t *server);

#endif
