/*  An owner that never reads, and a million publications elsewhere: the node goes on
    replicating, memory grows with the set of tuples only, replies keep their place among the
    DELIVERs, and with 100,000 DELIVERs unread the actor still ends quickly. */

#include "soak.h"

enum { PORT_OF_NODE, PUBLISH_WANTED, PUBLISH_DONE, PUBLISH_KEYS, REPLICATED, REPLICATED_LAST, ENDED };

/*  Publishes as a raw client, so many tuples over so many keys; the last round's values are
    those that count. Another raw client reads what the node replicates. Both know of each
    other what a key's last value is: its number. */
static void
publisher (soak_shared_t *shared, void *args)
{
    (void) args;
    while (!shared->word [PORT_OF_NODE])
        usleep (1000);
    void *context = zmq_ctx_new ();
    void *client = zmq_socket (context, ZMQ_DEALER), *reader = zmq_socket (context, ZMQ_DEALER);
    char endpoint [64];
    snprintf (endpoint, sizeof (endpoint), "tcp://127.0.0.1:%d", (int) shared->word [PORT_OF_NODE]);
    if (zmq_connect (client, endpoint) || zmq_connect (reader, endpoint))
        _exit (TU_BROKEN);
    static const unsigned char hello [] = { 0xaa, 0xa0, 1, 1 }, ping [] = { 0xaa, 0xa0, 3, 1 };
    zmq_send (client, hello, 4, 0);
    zmq_send (reader, hello, 4, 0);
    int64_t sent = 0, answered = 0, asked = 0;
    for (;;) {
        int64_t wanted = shared->word [PUBLISH_WANTED], keys = shared->word [PUBLISH_KEYS];
        bool idle = true;
        /*  A PONG from the node says how far it is: not too far ahead of it. */
        for (int count = 0; count < 200 && sent < wanted && asked < answered + 10; count++) {
            unsigned char frame [128];
            char key [32], value [32];
            snprintf (key, sizeof (key), "key/%07lld", (long long) (sent % keys));
            snprintf (value, sizeof (value), "%lld", (long long) sent);
            size_t size = soak_publish_frame (frame, key, value);
            zmq_send (client, frame, size, 0);
            sent++;
            idle = false;
            if (sent % 1000 == 0 || sent == wanted) {
                zmq_send (client, ping, 4, 0);
                asked++;
            }
        }
        unsigned char frame [128];
        while (zmq_recv (client, frame, sizeof (frame), ZMQ_DONTWAIT) > 0) {
            idle = false;
            if (frame [2] == 4)
                answered++;
            if (answered == asked)
                shared->word [PUBLISH_DONE] = sent;
        }
        for (int count = 0; count < 1000; count++) {
            int size = zmq_recv (reader, frame, sizeof (frame) - 1, ZMQ_DONTWAIT);
            if (size < 0)
                break;
            idle = false;
            if (frame [2] == 2) {
                frame [size - 4] = 0;
                int64_t number = atoll ((const char *) frame + 5 + frame [4] + 4);
                shared->word [REPLICATED]++;
                if (number > shared->word [REPLICATED_LAST])
                    shared->word [REPLICATED_LAST] = number;
            }
        }
        if (idle)
            usleep (500);
    }
}

/*  Wait for all that was published to be here, without reading a single DELIVER, and for
    the other client to have been told the last of it. */
static void
publish (soak_shared_t *shared, int64_t count, int64_t keys)
{
    int64_t wanted = shared->word [PUBLISH_WANTED] + count;
    shared->word [PUBLISH_KEYS] = keys;
    shared->word [PUBLISH_WANTED] = wanted;
    soak_wait_word (shared, PUBLISH_DONE, wanted, 10 * tu_limit ());
    soak_wait_word (shared, REPLICATED_LAST, wanted - 1, tu_limit ());
}

/*  The most memory after any of some rounds in which all keys get new values, in kB. It goes up and
    down: what a C neighbour has not acknowledged is remembered for a second or two, and tables
    double. */
static long
most_while_changing (soak_shared_t *shared, int rounds, int64_t keys)
{
    long most = 0;
    for (int round = 0; round < rounds; round++) {
        publish (shared, keys, keys);
        long now = soak_rss_kb ();
        if (now > most)
            most = now;
    }
    return most;
}

/*  The owner's pipe is read up to the reply to STATUS: it has to stand behind the DELIVERs
    of all keys that it counts. */
static void
check_order (soak_node_t *node, int questions)
{
    for (int question = 0; question < questions; question++) {
        node->asked++;
        int64_t until = tu_deadline () + 5 * tu_limit ();
        int asked = node->asked;
        /*  One message at a time: nothing behind the reply is taken. */
        while (node->asked == asked) {
            zmq_pollitem_t item = { zsock_resolve (node->actor), 0, ZMQ_POLLIN, 0 };
            CHECK (zmq_poll (&item, 1, 1000) >= 0 && zclock_mono () < until);
            if (!(item.revents & ZMQ_POLLIN))
                continue;
            char *word = NULL, *key = NULL, *value = NULL;
            CHECK (zstr_recvx (node->actor, &word, &key, &value, NULL) > 0);
            if (!value) {
                CHECK_STR (word, "STATUS");
                CHECK_INT (atoi (key), zhashx_size (node->held));
                node->asked--;
            }
            else {
                CHECK_STR (word, "DELIVER");
                zhashx_update (node->held, key, value);
                node->delivers++;
            }
            zstr_free (&word);
            zstr_free (&key);
            zstr_free (&value);
        }
    }
    node->asked = 0;
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 600);
    int64_t publications = soak_scaled (&args, 1000000, 10000);
    /*  Children first, before anything of ZeroMQ is used: they wait for their node's port. */
    soak_shared_t *pages [3];
    pid_t pids [3];
    for (int index = 0; index < 3; index++) {
        pages [index] = soak_shared_new ();
        pids [index] = soak_fork (publisher, pages [index], NULL);
    }
    zsys_init ();
    zsys_set_logstream (NULL);
    if (soak_part (&args, "few-keys")) {
        soak_node_t *node = soak_node_new (true, "few", true);
        pages [0]->word [PORT_OF_NODE] = soak_bind_tcp (node);
        publish (pages [0], 10000, 100);
        long before = soak_rss_kb ();
        int64_t start = zclock_mono ();
        for (int tenth = 0; tenth < 10; tenth++) {
            publish (pages [0], publications / 10, 100);
            zstr_send (node->actor, "STATUS");
        }
        long after = soak_rss_kb ();
        soak_say ("   few keys: %lld publications in %lld ms, %lld replicated, resident %ld kB before, %ld kB after",
                  (long long) publications, (long long) (zclock_mono () - start),
                  (long long) pages [0]->word [REPLICATED], before, after);
        if (soak_memory_counts ())
            CHECK (after < before + 8 * 1024);
        check_order (node, 10);
        CHECK_INT (zhashx_size (node->held), 100);
        soak_say ("   %lld DELIVERs waited", (long long) node->delivers);
        for (int key = 0; key < 100; key++) {
            char name [32], value [32];
            snprintf (name, sizeof (name), "key/%07d", key);
            int64_t last = pages [0]->word [PUBLISH_WANTED];
            last -= 100 - key;
            snprintf (value, sizeof (value), "%lld", (long long) last);
            CHECK_STR (soak_value (node, name), value);
        }
        soak_node_destroy (&node);
    }
    if (soak_part (&args, "many-keys")) {
        soak_node_t *node = soak_node_new (true, "many", true);
        pages [1]->word [PORT_OF_NODE] = soak_bind_tcp (node);
        long before = soak_rss_kb ();
        int64_t start = zclock_mono ();
        for (int tenth = 0; tenth < 10; tenth++) {
            publish (pages [1], publications / 10, publications);
            zstr_send (node->actor, "STATUS");
        }
        long filled = soak_rss_kb ();
        /*  Again and again, all with new values: not more with time. */
        long changed = most_while_changing (pages [1], 4, publications);
        long after = most_while_changing (pages [1], 4, publications);
        soak_say ("   many keys: %lld publications in %lld ms, %lld replicated, resident %ld kB before, "
                  "%ld kB (%ld bytes a tuple), at most %ld kB in 4 rounds of as many changes, %ld kB in 4 more",
                  (long long) publications, (long long) (zclock_mono () - start),
                  (long long) pages [1]->word [REPLICATED], before, filled,
                  (long) ((filled - before) * 1024 / publications), changed, after);
        if (soak_memory_counts ()) {
            CHECK (filled - before < publications * 600 / 1024 + 64 * 1024);
            CHECK (changed - before < (filled - before) * 2 + 8 * 1024);
            CHECK (after - before < (changed - before) * 5 / 4 + 8 * 1024);
        }
        check_order (node, 10);
        soak_node_destroy (&node);
    }
    if (soak_part (&args, "destroy")) {
        soak_node_t *node = soak_node_new (true, "destroyed", false);
        pages [2]->word [PORT_OF_NODE] = soak_bind_tcp (node);
        int64_t unread = soak_scaled (&args, 100000, 10000);
        publish (pages [2], unread, unread);
        int64_t start = zclock_mono ();
        soak_node_destroy (&node);
        soak_say ("   destroyed with %lld DELIVERs unread in %lld ms", (long long) unread,
                  (long long) (zclock_mono () - start));
        CHECK (zclock_mono () - start < tu_limit () / 4);
    }
    for (int index = 0; index < 3; index++)
        soak_kill (pids [index]);
    return tu_done ();
}
