/*  With ZGOSSIP_IGNORE_KEYS=1 a program that sets keys gossips in plain text, as it
    always did with a released CZMQ; one warning line says so. */

#include "testutil.h"

int
main (void)
{
    tu_start ();
    setenv ("ZGOSSIP_IGNORE_KEYS", "1", 1);
    zcert_t *cert = zcert_new ();
    tu_log_start ();
    zactor_t *server = tu_node ("server");
    zstr_sendx (server, "SET PUBLICKEY", zcert_public_txt (cert), NULL);
    zstr_sendx (server, "SET SECRETKEY", zcert_secret_txt (cert), NULL);
    zstr_sendx (server, "ZAP DOMAIN", "TEST", NULL);
    const char *endpoint = tu_bind_tcp (server);
    tu_status (server, NULL);
    int warnings = 0;
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        if (line [0] == 'W')
            warnings++;
    CHECK_INT (warnings, 1);

    zactor_t *client = tu_node ("client");
    zstr_sendx (client, "CONNECT", endpoint, zcert_public_txt (cert), NULL);
    zstr_sendx (client, "PUBLISH", "key", "value", NULL);
    CHECK_STR (tu_recv (server), "[DELIVER] [key] [value]");
    tu_served (endpoint);
    zactor_destroy (&client);
    zactor_destroy (&server);
    zcert_destroy (&cert);
    return tu_done ();
}
