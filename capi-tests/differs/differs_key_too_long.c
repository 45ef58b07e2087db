/*  A key longer than the 255 bytes that the protocol carries is refused with a
    warning: nothing is stored, nothing sent. One of 255 bytes is fine. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    const char *endpoint;
    zactor_t *node = tu_server (&endpoint);
    zsock_t *observer = tu_session (endpoint);

    char key [301];
    memset (key, 'k', 300);
    key [300] = 0;
    tu_one_line (node, 'W', "PUBLISH", key, "value", NULL);
    key [256] = 0;
    tu_one_line (node, 'W', "PUBLISH", key, "value", NULL);
    key [255] = 0;
    zstr_sendx (node, "PUBLISH", key, "value", NULL);
    CHECK_INT (tu_status (node, NULL), 1);
    tu_expect_hex (observer, tu_publish_hex (key, "value", 0));
    zsock_destroy (&observer);
    zactor_destroy (&node);
    return tu_done ();
}
