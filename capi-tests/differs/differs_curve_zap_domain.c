/*  ZAP DOMAIN is what the ZAP handler is asked about, and its answer counts. */

#include "curve.h"
#include <stdatomic.h>

static atomic_int s_accept;

/*  Answers requests as RFC 27 says, and tells domain and mechanism of each. */
static void
zap_handler (zsock_t *pipe, void *args)
{
    (void) args;
    zsock_t *handler = zsock_new_rep ("inproc://zeromq.zap.01");
    CHECK (handler);
    zpoller_t *poller = zpoller_new (pipe, handler, NULL);
    zsock_signal (pipe, 0);
    while (zpoller_wait (poller, -1) == handler) {
        char *version, *sequence, *domain, *address, *identity, *mechanism;
        zstr_recvx (handler, &version, &sequence, &domain, &address, &identity, &mechanism, NULL);
        zstr_sendx (handler, version, sequence, s_accept? "200": "400", s_accept? "OK": "No", "user", "", NULL);
        zstr_sendx (pipe, domain, mechanism, NULL);
        zstr_free (&version);
        zstr_free (&sequence);
        zstr_free (&domain);
        zstr_free (&address);
        zstr_free (&identity);
        zstr_free (&mechanism);
    }
    zpoller_destroy (&poller);
    zsock_destroy (&handler);
}

int
main (void)
{
    tu_start ();
    zactor_t *handler = zactor_new (zap_handler, NULL);
    CHECK (handler);
    tu_certs_t certs = tu_certs ();
    zactor_t *server = tu_keyed_node (certs.server);
    zstr_sendx (server, "ZAP DOMAIN", "TEST", NULL);
    const char *endpoint = tu_bind_tcp (server);

    /*  Nobody is let in at first, and a client may well try again and again. */
    zactor_t *client = tu_curve_client ("client", endpoint, &certs);
    CHECK_STR (tu_recv (handler), "[TEST] [CURVE]");
    zclock_sleep (500);
    CHECK_INT (tu_status (server, NULL), 0);

    s_accept = 1;
    zactor_t *another = tu_curve_client ("another", endpoint, &certs);
    while (!streq (tu_recv (server), "[DELIVER] [another] [value]"))
        ;
    CHECK_STR (tu_recv (handler), "[TEST] [CURVE]");

    zactor_destroy (&another);
    zactor_destroy (&client);
    zactor_destroy (&server);
    zactor_destroy (&handler);
    tu_certs_destroy (&certs);
    return tu_done ();
}
