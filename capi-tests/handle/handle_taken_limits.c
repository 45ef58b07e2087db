//  The limits of zgossip/limits: what lies beyond them is refused with the reason, to the owner and in the log, the
//  links live, and nodes with different limits come to rest.

#include "handle.h"

static char large [1000];

static void of_the_owner (void)
{
    zgossip_node_t *node = zgossip_node_new ("node", ZGOSSIP_LOG_EVENTS);
    CHECK_INT (zgossip_node_set (node, "zgossip/limits/value", "999"), 0);
    CHECK_INT (zgossip_node_publish (node, "k", ZGOSSIP_STRING, large, sizeof large, 0), ZGOSSIP_REFUSED);
    CHECK_STR (zgossip_error_text (), "the value has 1000 bytes, and zgossip/limits/value is 999");
    CHECK_INT (zgossip_node_publish (node, "k", ZGOSSIP_STRING, large, 999, 0), 0);
    CHECK_INT (zgossip_node_set (node, "zgossip/limits/tuples", "1"), 0);
    CHECK_INT (zgossip_node_publish (node, "l", ZGOSSIP_STRING, "v", ZGOSSIP_STRING, 0), 0);
    expect_line (node, "PUBLISH of 'l' refused: zgossip/limits/tuples is 1", "");
    CHECK_INT (zgossip_node_size (node), 1);
    CHECK_INT (zgossip_node_set (node, "zgossip/limits/value", "0"), 0);
    CHECK_INT (zgossip_node_publish (node, "k", ZGOSSIP_STRING, large, sizeof large, 0), 0);
    destroy (&node);
}

static void of_a_peer (void)
{
    zgossip_node_t *small = zgossip_node_new ("small", ZGOSSIP_LOG_EVENTS), *big = new_node ("big");
    CHECK_INT (zgossip_node_set (small, "zgossip/limits/value", "10"), 0);
    connect_to (small, bind_tcp (big));
    CHECK_INT (zgossip_node_publish (big, "large", ZGOSSIP_STRING, large, sizeof large, 0), 0);
    expect_line (small, "zgossip/limits/value is 10: a value of 'large' with 1000 bytes is not taken", "");
    publish (big, "key", "value");
    publish (small, "other", "value");
    WAIT_UNTIL (has (small, "key", "value") && has (big, "other", "value"));
    CHECK_INT (zgossip_node_size (small), 2);

    //  It comes once it may.
    CHECK_INT (zgossip_node_set (small, "zgossip/limits/value", "1000"), 0);
    WAIT_UNTIL (zgossip_node_size (small) == 3);
    CHECK_INT (zgossip_node_get (small, "large", ZGOSSIP_STRING, NULL, 0), sizeof large);
    destroy (&small);
    destroy (&big);
}

int main (void)
{
    memset (large, 'v', sizeof large);
    of_the_owner ();
    of_a_peer ();
    return 0;
}
