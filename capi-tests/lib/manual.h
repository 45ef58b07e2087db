/*  The three nodes of the manual's example. */

#ifndef MANUAL_H_INCLUDED
#define MANUAL_H_INCLUDED

#include "testutil.h"

typedef struct {
    zactor_t *base, *alpha, *beta;
} manual_t;

/*  Two tuples are published on each of alpha and beta, which are CONNECTed to base. */
static manual_t
manual_nodes (void)
{
    manual_t self;
    self.base = tu_node ("base");
    zstr_sendx (self.base, "SET", "server/timeout", "100", NULL);
    zstr_sendx (self.base, "BIND", "inproc://base", NULL);

    self.alpha = tu_node ("alpha");
    zstr_sendx (self.alpha, "CONNECT", "inproc://base", NULL);
    zstr_sendx (self.alpha, "PUBLISH", "inproc://alpha-1", "service1", NULL);
    zstr_sendx (self.alpha, "PUBLISH", "inproc://alpha-2", "service2", NULL);

    self.beta = tu_node ("beta");
    zstr_sendx (self.beta, "CONNECT", "inproc://base", NULL);
    zstr_sendx (self.beta, "PUBLISH", "inproc://beta-1", "service1", NULL);
    zstr_sendx (self.beta, "PUBLISH", "inproc://beta-2", "service2", NULL);
    return self;
}

static void
manual_destroy (manual_t *self)
{
    zactor_destroy (&self->base);
    zactor_destroy (&self->alpha);
    zactor_destroy (&self->beta);
}

#endif
