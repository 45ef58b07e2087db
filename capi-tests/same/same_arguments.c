/*  The actor's argument is a name for the log, and may be NULL. */

#include "testutil.h"

static void
show (zactor_t *node)
{
    CHECK (node);
    tu_log_start ();
    tu_try (node, "VERBOSE", NULL);
    tu_try (node, "PUBLISH", "key", "value", NULL);
    tu_try (node, "SET", "server/background", "1", NULL);
    tu_try (node, "BIND", tu_inproc ("arguments"), NULL);
    tu_try (node, "UNHEARD OF", NULL);
    zactor_destroy (&node);
    tu_log_show ();
}

int
main (void)
{
    tu_start ();
    show (zactor_new (zgossip, NULL));
    show (zactor_new (zgossip, (void *) ""));
    show (zactor_new (zgossip, (void *) "name"));
    show (zactor_new (zgossip, (void *) "a name longer than the forty characters of a log prefix"));
    show (zactor_new (zgossip, (void *) "100%s"));
    return tu_done ();
}
