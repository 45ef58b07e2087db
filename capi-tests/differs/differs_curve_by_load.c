/*  LOAD of security/mechanism = curve takes the keys from a certificate file, in every
    build. */

#include "curve.h"

int
main (void)
{
    tu_start ();
    tu_certs_t certs = tu_certs ();
    const char *path = tu_path ("server.cert");
    CHECK (zcert_save (certs.server, path) == 0);
    zactor_t *node = tu_node ("node");
    zstr_sendx (node, "LOAD", tu_file ("node.cfg", tu_printf (
        "zgossip\n"
        "    security\n"
        "        mechanism = curve\n"
        "        secret-key = %s_secret\n", path)), NULL);
    const char *endpoint = tu_bind_tcp (node);
    CHECK (tu_curve_answered (endpoint, &certs));
    CHECK (!tu_curve_answered (endpoint, NULL));
    zactor_destroy (&node);
    tu_certs_destroy (&certs);
    return tu_done ();
}
