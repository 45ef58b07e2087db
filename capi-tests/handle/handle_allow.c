//  In a process without CZMQ: who is allowed comes in, nobody else does, and a directory of certificates is
//  read again when it changes. Each node has a list of its own, whichever of them answers.

#include "handle.h"

static char s_keys [5][2][41];

//  A node with the keys of that number.
static zgossip_node_t *with_keys (int number, uint32_t options)
{
    zgossip_node_t *node = zgossip_node_new ("node", options);
    CHECK (node != NULL);
    CHECK_INT (zgossip_new_keys (s_keys [number][0], s_keys [number][1]), 0);
    CHECK_INT (zgossip_node_set_keys (node, s_keys [number][0], s_keys [number][1]), 0);
    return node;
}

static void write_certificate (const char *directory, const char *key)
{
    char path [4096];
    snprintf (path, sizeof path, "%s/client", directory);
    FILE *file = fopen (path, "w");
    CHECK (file != NULL);
    fprintf (file, "metadata\ncurve\n    public-key = \"%s\"\n", key);
    CHECK_INT (fclose (file), 0);
}

int main (void)
{
    enum { HUB, OTHER_HUB, FRIEND, STRANGER, LATER };
    char hub_endpoint [64], directory [] = "/tmp/zgossip-certificates-XXXXXX";
    CHECK (mkdtemp (directory) != NULL);

    zgossip_node_t *hub = with_keys (HUB, 0), *other_hub = with_keys (OTHER_HUB, 0);
    zgossip_node_t *friend = with_keys (FRIEND, 0), *stranger = with_keys (STRANGER, ZGOSSIP_LOG_EVENTS);
    zgossip_node_t *later = with_keys (LATER, ZGOSSIP_LOG_EVENTS);
    CHECK_INT (zgossip_node_allow (hub, s_keys [FRIEND][0]), 0);
    CHECK_INT (zgossip_node_set (hub, "zgossip/security/certificates", directory), 0);
    strcpy (hub_endpoint, bind_tcp (hub));
    publish (hub, "secret", "1");

    CHECK_INT (zgossip_node_connect (friend, hub_endpoint, s_keys [HUB][0]), 0);
    CHECK_INT (zgossip_node_connect (stranger, hub_endpoint, s_keys [HUB][0]), 0);
    CHECK_INT (zgossip_node_connect (later, hub_endpoint, s_keys [HUB][0]), 0);
    expect_tuple (friend, "secret", "1");
    expect_line (stranger, "cannot connect to", "ZAP handler refuses us");
    expect_line (later, "cannot connect to", "ZAP handler refuses us");

    //  A certificate that comes later lets in its client, which is still trying.
    write_certificate (directory, s_keys [LATER][0]);
    expect_tuple (later, "secret", "1");

    //  The list of one node is not that of another. The first hub answers for both.
    CHECK_INT (zgossip_node_allow (other_hub, s_keys [STRANGER][0]), 0);
    const char *other = bind_tcp (other_hub);
    publish (other_hub, "other", "2");
    CHECK_INT (zgossip_node_connect (stranger, other, s_keys [OTHER_HUB][0]), 0);
    expect_tuple (stranger, "other", "2");
    CHECK_INT (zgossip_node_connect (friend, other, s_keys [OTHER_HUB][0]), 0);
    publish (hub, "still here", "3");
    expect_tuple (friend, "still here", "3");
    CHECK (!has (friend, "other", "2"));
    CHECK (!has (stranger, "secret", "1"));

    //  It ends, and the other takes its place.
    destroy (&hub);
    CHECK_INT (zgossip_node_allow (other_hub, s_keys [FRIEND][0]), 0);
    expect_tuple (friend, "other", "2");

    //  Who lets in everybody already, and who has no keys.
    zgossip_node_t *open = with_keys (HUB, 0), *plain = new_node ("plain");
    bind_tcp (open);
    CHECK_INT (zgossip_node_allow (open, s_keys [FRIEND][0]), ZGOSSIP_REFUSED);
    CHECK_INT (zgossip_node_allow (plain, s_keys [FRIEND][0]), 0);
    CHECK_INT (zgossip_node_bind (plain, "tcp://127.0.0.1:!"), ZGOSSIP_REFUSED);
    CHECK (strstr (zgossip_error_text (), "SET PUBLICKEY") != NULL);

    destroy (&plain);
    destroy (&open);
    destroy (&later);
    destroy (&stranger);
    destroy (&friend);
    destroy (&other_hub);
    char path [4096];
    snprintf (path, sizeof path, "%s/client", directory);
    unlink (path);
    rmdir (directory);
    return 0;
}
