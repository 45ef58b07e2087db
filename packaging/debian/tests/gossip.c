/*
 * A program of a user: two nodes, one tuple. Fails where the original zgossip runs, or where the
 * tuple does not arrive. Links with -lzgossip -lczmq.
 */
#include <czmq.h>
#include <zgossip/zgossip.h>
#include <zgossip/zgossip_msg.h>

int
main (void)
{
    puts (zgossip_version ());
    if (strstr (zgossip_version (), "not in use"))
        return 1;

    zactor_t *base = zactor_new (zgossip, "base");
    zactor_t *node = zactor_new (zgossip, "node");
    if (!base || !node)
        return 1;
    zstr_sendx (base, "BIND", "inproc://base", NULL);
    zstr_sendx (node, "CONNECT", "inproc://base", NULL);
    zstr_sendx (node, "PUBLISH", "colour", "green", NULL);

    zsock_set_rcvtimeo (base, 10000);
    char *command = NULL, *key = NULL, *value = NULL;
    zstr_recvx (base, &command, &key, &value, NULL);
    bool good = command && streq (command, "DELIVER") && key && streq (key, "colour")
             && value && streq (value, "green");
    printf ("%s %s=%s\n", command? command: "-", key? key: "-", value? value: "-");
    zstr_free (&command);
    zstr_free (&key);
    zstr_free (&value);

    zgossip_msg_t *message = zgossip_msg_new ();
    zgossip_msg_set_key (message, "key");
    good = good && streq (zgossip_msg_key (message), "key");
    zgossip_msg_destroy (&message);

    zactor_destroy (&node);
    zactor_destroy (&base);
    return good? 0: 1;
}
