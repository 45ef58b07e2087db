//  Endpoints that can never work are refused, and the error says why.

#include "handle.h"

#define TRANSPORT "an endpoint begins with its transport, such as tcp://"
#define MISSING "a TCP endpoint ends with a colon and a port, such as :5670"
#define NO_PORT " is no port: they go from 1 to 65535"

static zgossip_node_t *node;

static void refused (const char *endpoint, const char *reason)
{
    char text [256];
    snprintf (text, sizeof text, "bad zgossip endpoint '%s' (%s)", endpoint, reason);
    CHECK_INT (zgossip_node_connect (node, endpoint, NULL), ZGOSSIP_REFUSED);
    CHECK_STR (zgossip_error_text (), text);
    snprintf (text, sizeof text, "could not bind to %s (%s)", endpoint, reason);
    CHECK_INT (zgossip_node_bind (node, endpoint), ZGOSSIP_REFUSED);
    CHECK_STR (zgossip_error_text (), text);
}

int main (void)
{
    node = new_node ("node");
    refused ("127.0.0.1:5670", TRANSPORT);
    refused ("localhost", TRANSPORT);
    refused ("tcp:/127.0.0.1:5670", TRANSPORT);
    refused ("tcp://127.0.0.1", MISSING);
    refused ("tcp://127.0.0.1:", MISSING);
    refused ("tcp://[::1]", MISSING);
    refused ("tcp://127.0.0.1:65536", "'65536'" NO_PORT);
    refused ("tcp://127.0.0.1:99999", "'99999'" NO_PORT);
    refused ("tcp://127.0.0.1:5670x", "'5670x'" NO_PORT);

    //  The node chooses a port for itself, and for nobody else.
    CHECK_INT (zgossip_node_connect (node, "tcp://127.0.0.1:0", NULL), ZGOSSIP_REFUSED);
    CHECK_STR (zgossip_error_text (), "bad zgossip endpoint 'tcp://127.0.0.1:0' (no server has the port 0)");
    CHECK_INT (zgossip_node_connect (node, "tcp://127.0.0.1:*", NULL), ZGOSSIP_REFUSED);
    CHECK (zgossip_node_bind (node, "tcp://127.0.0.1:0") > 0);
    CHECK (zgossip_node_bind (node, "tcp://127.0.0.1:*") > 0);

    publish (node, "key", "value");
    CHECK (has (node, "key", "value"));
    destroy (&node);
    return 0;
}
