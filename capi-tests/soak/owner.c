/*  The owner sends every command with missing, empty and surplus frames, NUL bytes, keys of
    255 and 256 bytes and values of 10 MB, in random order. The node lives, STATUS is right
    after each, and DELIVER tells what a model of the commands expects. */

#include "soak.h"
#include <fcntl.h>

static soak_random_t s_random;
static zhashx_t *s_model;       /*  What the node should hold: key -> value */
static FILE *s_log;

static const char *const words [] = {
    "BIND", "PORT", "CONNECT", "PUBLISH", "UNPUBLISH", "STATUS", "SET", "LOAD", "CONFIGURE", "SAVE", "VERBOSE",
    "SET PUBLICKEY", "SET SECRETKEY", "ZAP DOMAIN", "", "publish", "NONSENSE", "PUBLISH ", "$TERMINATE", "%s%n%x",
};
#define WORDS (uint32_t) (sizeof (words) / sizeof (words [0]))

static char s_long [300];

/*  A frame: text with or without a NUL in it, of any length. */
static zframe_t *
random_frame (const char *word)
{
    char text [600];
    switch (soak_below (&s_random, 14)) {
        case 0: return zframe_new (NULL, 0);
        case 1: return zframe_new ("\0", 1);
        case 2: return zframe_new ("k\0tail", 6);
        case 3: memset (s_long, 'k', 255); return zframe_new (s_long, 255);
        case 4: memset (s_long, 'k', 256); return zframe_new (s_long, 256);
        case 5:
            if (soak_below (&s_random, 40) == 0) {
                zframe_t *frame = zframe_new (NULL, 10 << 20);
                memset (zframe_data (frame), 'V', zframe_size (frame));
                return frame;
            }
            return zframe_new ("big", 3);
        case 6: {
            size_t size = soak_below (&s_random, 40);
            for (size_t index = 0; index < size; index++)
                text [index] = (char) soak_next (&s_random);
            return zframe_new (text, size);
        }
        case 7:
            /*  Never to itself: UNPUBLISH is local, and a neighbour brings the tuple back. */
            snprintf (text, sizeof (text), "inproc://owner-%s-%u", streq (word, "CONNECT")? "to": "at",
                      soak_below (&s_random, 20));
            return zframe_from (text);
        case 8:
            /*  Not absolute, so that SAVE writes where this process may. */
            snprintf (text, sizeof (text), "%s/file%u", tu_dir (), soak_below (&s_random, 5));
            return zframe_from (text);
        case 9:
            return zframe_from (soak_below (&s_random, 2)? "server/timeout": "server/verbose");
        case 10:
            return zframe_from (soak_below (&s_random, 2)? "-5": "1");
        default:
            snprintf (text, sizeof (text), "%s%u", streq (word, "SET")? "item/": "key", soak_below (&s_random, 50));
            return zframe_from (text);
    }
}

static char *
text_of (zframe_t *frame)
{
    return frame? zframe_strdup (frame): NULL;
}

/*  What the command should do to the set of tuples. The key of the DELIVER to come, or
    NULL. */
static char *
model (const char *word, zframe_t *first, zframe_t *second)
{
    /*  zframe_strdup gives the whole; C strings end at a NUL, as the command's do. */
    char *key = text_of (first), *value = text_of (second), *told = NULL;
    if (streq (word, "PUBLISH") && key && value && strlen (key) <= 255) {
        const char *held = (const char *) zhashx_lookup (s_model, key);
        if (!held || !streq (held, value)) {
            zhashx_update (s_model, key, value);
            told = strdup (key);
        }
    }
    if (streq (word, "UNPUBLISH") && key)
        zhashx_delete (s_model, key);
    free (key);
    free (value);
    return told;
}

static void
expect (soak_node_t *node, char *told, const char *word, bool *told_already)
{
    int64_t until = tu_deadline ();
    for (;;) {
        zmsg_t *msg = tu_recv_msg (node->actor, (int) (until - zclock_mono ()));
        if (!msg)
            tu_fail (__FILE__, __LINE__, "no reply after %s", word);
        char *what = zmsg_popstr (msg), *key = zmsg_popstr (msg), *value = zmsg_popstr (msg);
        CHECK (what && key);
        bool end = false;
        if (streq (what, "DELIVER")) {
            CHECK (told && value && !*told_already);
            CHECK_STR (key, told);
            CHECK (streq (value, (const char *) zhashx_lookup (s_model, key)));
            *told_already = true;
        }
        else
        if (streq (what, "STATUS")) {
            if (atoi (key) != (int) zhashx_size (s_model))
                tu_fail (__FILE__, __LINE__, "STATUS %s after %s, expected %zu", key, word, zhashx_size (s_model));
            end = true;
        }
        else
            CHECK (streq (what, "PORT") && streq (word, "PORT"));
        zstr_free (&what);
        zstr_free (&key);
        zstr_free (&value);
        zmsg_destroy (&msg);
        if (end)
            return;
    }
}

int
main (int argc, char **argv)
{
    soak_args_t args = soak_start (argc, argv, 300);
    s_random.state = args.seed;
    int64_t length = soak_scaled (&args, 20000, 2000);
    zsys_init ();
    s_model = zhashx_new ();
    zhashx_set_duplicator (s_model, (zhashx_duplicator_fn *) strdup);
    zhashx_set_destructor (s_model, (zhashx_destructor_fn *) zstr_free);
    s_log = fopen ("/dev/null", "w");
    CHECK (s_log);
    zsys_set_logstream (s_log);
    soak_node_t *node = soak_node_new (true, "node", false);
    soak_node_t *peer = soak_node_new (true, "peer", false);
    soak_command (peer, "BIND", "inproc://owner-peer", NULL);
    soak_command (node, "CONNECT", "inproc://owner-peer", NULL);
    /*  SAVE - writes to standard output. */
    fflush (stdout);
    int out = dup (STDOUT_FILENO), null = open ("/dev/null", O_WRONLY);
    dup2 (null, STDOUT_FILENO);

    int64_t start = zclock_mono (), commands = 0;
    long rss = 0;
    while (zclock_mono () < start + length) {
        const char *word = words [soak_below (&s_random, 3)? 3: soak_below (&s_random, WORDS)];
        zmsg_t *msg = zmsg_new ();
        zframe_t *frames [4] = { NULL };
        uint32_t count = soak_below (&s_random, 5);
        zmsg_addstr (msg, word);
        for (uint32_t index = 0; index < count; index++) {
            frames [index] = random_frame (word);
            zframe_t *copy = zframe_dup (frames [index]);
            zmsg_append (msg, &copy);
        }
        char *told = model (word, frames [0], frames [1]);
        bool status = streq (word, "STATUS"), told_already = false;
        CHECK (zmsg_send (&msg, node->actor) == 0);
        if (!status)
            zstr_send (node->actor, "STATUS");
        expect (node, told, word, &told_already);
        CHECK (!told || told_already);
        for (uint32_t index = 0; index < count; index++)
            zframe_destroy (&frames [index]);
        free (told);
        soak_node_read (peer);
        commands++;
        if (commands == 2000)
            rss = soak_rss_kb ();
    }
    fflush (stdout);
    dup2 (out, STDOUT_FILENO);
    close (out);
    close (null);
    soak_say ("   %lld commands, %zu tuples held, resident %ld kB after 2000, %ld kB at the end", (long long) commands,
              zhashx_size (s_model), rss, soak_rss_kb ());
    /*  The node still does its work. */
    int64_t before = peer->delivers;
    soak_publish (node, "last", "word");
    int64_t until = tu_deadline ();
    while (peer->delivers == before) {
        soak_node_read (peer);
        CHECK (zclock_mono () < until);
        zclock_sleep (5);
    }
    soak_node_destroy (&node);
    soak_node_destroy (&peer);
    zhashx_destroy (&s_model);
    zsys_set_logstream (stdout);
    fclose (s_log);
    return tu_done ();
}
