/*  BIND by a node that has only one of its two keys is refused with a warning. It
    does not serve in plain text. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zcert_t *cert = zcert_new ();
    static const char *const commands [] = { "SET SECRETKEY", "SET PUBLICKEY" };
    const char *keys [] = { zcert_secret_txt (cert), zcert_public_txt (cert) };
    for (int index = 0; index < 2; index++) {
        zactor_t *node = tu_node ("node");
        zstr_sendx (node, commands [index], keys [index], NULL);
        tu_one_line (node, 'W', "BIND", tu_tcp (), NULL);
        CHECK (tu_port (node, NULL) <= 0);
        zactor_destroy (&node);
    }
    zcert_destroy (&cert);
    return tu_done ();
}
