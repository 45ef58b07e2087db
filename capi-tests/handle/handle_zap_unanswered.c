//  With a ZAP domain and no handler who could be asked about it nobody is let in, and the node says so.

#include "handle.h"

int main (void)
{
    char keys [2][2][41];
    zgossip_node_t *nodes [2];
    for (int i = 0; i < 2; i++) {
        nodes [i] = zgossip_node_new (i ? "leaf" : "hub", ZGOSSIP_LOG_EVENTS);
        CHECK (nodes [i] != NULL);
        CHECK_INT (zgossip_new_keys (keys [i][0], keys [i][1]), 0);
        CHECK_INT (zgossip_node_set_keys (nodes [i], keys [i][0], keys [i][1]), 0);
    }
    CHECK_INT (zgossip_node_set_zap_domain (nodes [0], "domain"), 0);
    const char *endpoint = bind_tcp (nodes [0]);
    publish (nodes [0], "secret", "1");
    CHECK_INT (zgossip_node_connect (nodes [1], endpoint, keys [0][0]), 0);
    expect_line (nodes [0], "nobody is let in until a ZAP handler runs", "(domain 'domain')");
    CHECK_INT (zgossip_node_size (nodes [1]), 0);
    destroy (&nodes [1]);
    destroy (&nodes [0]);
    return 0;
}
