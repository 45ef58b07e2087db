/*  CONNECT with a server key, by a node that has no keys or only one, is refused
    with a warning. It does not connect in plain text. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    zcert_t *cert = zcert_new ();
    const char *endpoint = tu_ipc ("needs");
    zsock_t *router = tu_router (endpoint);
    zframe_t *peer = NULL;
    zactor_t *node = tu_node ("node");
    tu_one_line (node, 'W', "CONNECT", endpoint, zcert_public_txt (cert), NULL);
    zstr_sendx (node, "SET PUBLICKEY", zcert_public_txt (cert), NULL);
    tu_one_line (node, 'W', "CONNECT", endpoint, zcert_public_txt (cert), NULL);
    zstr_sendx (node, "SET SECRETKEY", zcert_secret_txt (cert), NULL);
    tu_one_line (node, 'W', "CONNECT", endpoint, "not a key", NULL);
    tu_one_line (node, 'W', "CONNECT", endpoint, "", NULL);
    CHECK (tu_router_recv (router, &peer, 500) == NULL);
    zactor_destroy (&node);
    zsock_destroy (&router);
    zcert_destroy (&cert);
    return tu_done ();
}
