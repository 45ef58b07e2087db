/*  Networks of both actors in one process. */

#include "internal.h"

#include <dlfcn.h>

zactor_fn *
tu_native (void)
{
    const char *path = getenv ("ZGOSSIP_LIB");
    if (!path || !*path)
        return zgossip;
    /*  Local: its symbols must not take the place of CZMQ's in this process.
        Never closed: its threads may still be on their way out. */
    void *library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf (stderr, "%s\n", dlerror ());
        tu_broken ("dlopen");
    }
    zactor_fn *native;
    /*  POSIX's way round the conversion that ISO C does not define. */
    *(void **) &native = dlsym (library, "zgossip");
    CHECK (native && native != zgossip);
    return native;
}

zactor_t *
tu_mixed_node (bool native, const char *name)
{
    zactor_t *node = tu_guard (zactor_new (native? tu_native (): zgossip, (void *) name));
    /*  Stock nodes drop tuples of sessions that were silent for a second;
        that is not what these tests are about. The native one keeps its default. */
    if (!native)
        zstr_sendx (node, "SET", "server/timeout", "0", NULL);
    return node;
}

void
tu_mixed_new (zactor_t **nodes)
{
    static const char *const names [MIXED_NODES] = { "s0", "z1", "s2", "z3", "s4", "z5" };
    for (int index = 0; index < MIXED_NODES; index++)
        nodes [index] = tu_mixed_node (index % 2 != 0, names [index]);
}

/*  Take what a node has to say, without waiting. */
static void
take_delivers (zactor_t *node, zhash_t *delivered)
{
    while (tu_readable (node, 0)) {
        char *command = NULL, *key = NULL, *value = NULL;
        if (zstr_recvx (node, &command, &key, &value, NULL) != 3 || !streq (command, "DELIVER"))
            tu_fail_call ("unexpected message %s", command? command: "");
        if (delivered && zhash_insert (delivered, key, value))
            tu_fail_call ("%s was DELIVERed twice", key);
        zstr_free (&command);
        zstr_free (&key);
        zstr_free (&value);
    }
}

void
tu_mixed_run (zactor_t **nodes)
{
    /*  One node of each kind is looked at tuple by tuple. */
    zhash_t *delivered [MIXED_NODES] = { NULL };
    for (int index = 0; index < 2; index++) {
        delivered [index] = zhash_new ();
        zhash_autofree (delivered [index]);
    }
    char key [32], value [32];
    for (int count = 0; count < MIXED_TUPLES; count++)
        for (int index = 0; index < MIXED_NODES; index++) {
            snprintf (key, sizeof (key), "node%d/%04d", index, count);
            snprintf (value, sizeof (value), "value %d.%d", index, count);
            CHECK (zstr_sendx (nodes [index], "PUBLISH", key, value, NULL) == 0);
            take_delivers (nodes [index], delivered [index]);
        }
    /*  Every node DELIVERs each tuple once, its own ones too. */
    int64_t until = tu_deadline () + tu_limit ();
    int total = MIXED_NODES * MIXED_TUPLES, held = 0;
    for (int index = 0; index < MIXED_NODES; ) {
        for (int other = 0; other < MIXED_NODES; other++)
            take_delivers (nodes [other], delivered [other]);
        zstr_send (nodes [index], "STATUS");
        bool answered = false;
        while (!answered) {
            zmsg_t *msg = tu_recv_msg (nodes [index], tu_limit ());
            CHECK (msg);
            char *command = zmsg_popstr (msg);
            char *first = zmsg_popstr (msg);
            char *second = zmsg_popstr (msg);
            if (streq (command, "STATUS")) {
                held = atoi (first);
                answered = true;
            }
            else
            if (delivered [index] && zhash_insert (delivered [index], first, second))
                tu_fail_call ("%s was DELIVERed twice", first);
            zstr_free (&command);
            zstr_free (&first);
            zstr_free (&second);
            zmsg_destroy (&msg);
        }
        if (held >= total)
            index++;
        else {
            if (zclock_mono () > until)
                tu_fail_call ("node %d holds %d of %d tuples", index, held, total);
            zclock_sleep (10);
        }
    }
    CHECK_INT (held, total);
    for (int index = 0; index < 2; index++) {
        CHECK_INT (zhash_size (delivered [index]), total);
        for (int node = 0; node < MIXED_NODES; node++)
            for (int count = 0; count < MIXED_TUPLES; count++) {
                snprintf (key, sizeof (key), "node%d/%04d", node, count);
                snprintf (value, sizeof (value), "value %d.%d", node, count);
                CHECK_STR ((const char *) zhash_lookup (delivered [index], key), value);
            }
        zhash_destroy (&delivered [index]);
    }
    for (int index = 0; index < MIXED_NODES; index++)
        zactor_destroy (&nodes [index]);
}

void
tu_mixed_star (int hub)
{
    zactor_t *nodes [MIXED_NODES];
    tu_mixed_new (nodes);
    const char *endpoints [3] = { tu_inproc ("hub"), tu_ipc ("hub"), NULL };
    zstr_sendx (nodes [hub], "BIND", endpoints [0], NULL);
    zstr_sendx (nodes [hub], "BIND", endpoints [1], NULL);
    endpoints [2] = tu_bind_tcp (nodes [hub]);
    for (int index = 0; index < MIXED_NODES; index++)
        if (index != hub)
            zstr_sendx (nodes [index], "CONNECT", endpoints [index % 3], NULL);
    tu_mixed_run (nodes);
}
