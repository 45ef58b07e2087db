/*  Whatever a server sends, the client goes on, and takes what comes after it. */

#include "testutil.h"

/*  Everything that is not exactly a message of the protocol. */
static const char *const forms [] = {
    "",                                                 /*  empty */
    "aa",                                               /*  one byte */
    "aaa0",                                             /*  no id */
    "aaa001",                                           /*  no version */
    "aaa101 01",                                        /*  another signature */
    "abcdef0123456789",
    "aaa00001",                                         /*  unknown ids */
    "aaa04d01",
    "aaa0ff01",
    "aaa00100",                                         /*  foreign versions */
    "aaa00302",
    "aaa00202 01 6b 00000001 76 00000000",
    "aaa00201",                                         /*  PUBLISH, cut */
    "aaa00201 01",
    "aaa00201 01 6b",
    "aaa00201 01 6b 0000",
    "aaa00201 01 6b 00000001",
    "aaa00201 01 6b 00000001 76",
    "aaa00201 01 6b 00000001 76 000000",
    "aaa00201 ff 6b 00000001 76 00000000",              /*  lengths past the end */
    "aaa00201 01 6b 000000ff 76 00000000",
    "aaa00201 01 6b 7fffffff 76 00000000",
    "aaa00201 01 6b ffffffff 76 00000000",
    "aaa00301|",                                        /*  two frames */
    "|aaa00301",                                        /*  what a REQ sends */
    "aaa00201 01 6b 00000001 76 00000000|aaa00301",
    "aaa00301|aaa00301|aaa00301|aaa00301",              /*  four frames */
};
#define FORMS (int) (sizeof (forms) / sizeof (forms [0]))

int
main (void)
{
    tu_start ();
    const char *endpoint = tu_inproc ("malformed");
    zsock_t *router = tu_router (endpoint);
    zframe_t *peer = NULL;
    zactor_t *client = tu_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, NULL);
    CHECK_STR (tu_router_recv (router, &peer, tu_limit ()), HELLO);
    tu_status (client, NULL);
    tu_log_start ();

    for (int index = 0; index < FORMS; index++) {
        tu_router_send (router, peer, forms [index]);
        const char *key = tu_printf ("key%d", index);
        tu_router_send (router, peer, tu_publish_hex (key, "value", 0));
        const char *text;
        /*  Answer its PINGs meanwhile. */
        int64_t until = tu_deadline ();
        do {
            tu_router_recv (router, &peer, 0);
            text = tu_recv_for (client, 50);
            CHECK (text || zclock_mono () < until);
        } while (!text);
        CHECK_STR (text, tu_printf ("[DELIVER] [%s] [value]", key));
    }
    CHECK_INT (tu_status (client, NULL), FORMS);
    zframe_destroy (&peer);
    zactor_destroy (&client);
    zsock_destroy (&router);
    return tu_done ();
}
