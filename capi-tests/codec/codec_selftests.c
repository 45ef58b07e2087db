/*  The self-tests that the library brings, as CZMQ's test program calls them, and
    the function that tells which library one runs. */

#include "testutil.h"
#include "zgossip.h"
#include "zgossip_msg.h"

int
main (void)
{
    tu_start ();
    tu_stdout_begin ();
    zgossip_msg_test (false);
    zgossip_test (false);
    const char *text = tu_stdout_end ();
    const char *codec = strstr (text, " * zgossip_msg: ");
    const char *actor = strstr (text, " * zgossip: ");
    CHECK (codec && strstr (codec, "OK"));
    CHECK (actor && strstr (actor, "OK"));

    const char *version = zgossip_version ();
    int major, minor, patch;
    char more;
    CHECK (version);
    CHECK_INT (sscanf (version, "libzgossip %d.%d.%d%c", &major, &minor, &patch, &more), 3);
    CHECK_STR (zgossip_version (), version);
    return tu_done ();
}
