//  A thousand nodes in one process, connected as a tree: all of them learn everything, and when they are
//  destroyed, descriptors, threads and memory are back. Prints what an idle node costs;
//  handle_czmq_many.c does for CZMQ's actor.

#include <malloc.h>
#include <sys/resource.h>
#include "handle.h"

//  Of the tree: node i is connected to node (i - 1) / FAN.
#define FAN 10

static zgossip_node_t *nodes [1000];
static int count = 1000;

//  Memory in use by the program, in kB. What the allocator keeps for later is not counted.
static long in_use (void)
{
    struct mallinfo2 info = mallinfo2 ();
    return (info.uordblks + info.hblkhd) / 1024;
}

static void grow_and_fall (bool print)
{
    char endpoint [64];
    int descriptors_before = descriptors (), threads_before = threads ();
    long resident_before = resident ();
    for (int i = 0; i < count; i++) {
        nodes [i] = new_node ("node");
        if (i * FAN + 1 < count) {
            snprintf (endpoint, sizeof endpoint, "inproc://node%d", i);
            CHECK_INT (zgossip_node_bind (nodes [i], endpoint), 0);
        }
        if (i > 0) {
            snprintf (endpoint, sizeof endpoint, "inproc://node%d", (i - 1) / FAN);
            connect_to (nodes [i], endpoint);
        }
    }
    publish (nodes [0], "from the root", "1");
    publish (nodes [count - 1], "from a leaf", "1");
    for (int i = 0; i < count; i++) {
        WAIT_UNTIL (zgossip_node_size (nodes [i]) == 2);
        CHECK (is_readable (nodes [i]));
    }
    if (print)
        printf ("%d nodes; one costs %.2f threads, %.2f descriptors, %ld kB\n", count,
                (double) (threads () - threads_before) / count,
                (double) (descriptors () - descriptors_before) / count,
                (resident () - resident_before) / count);
    for (int i = 0; i < count; i++)
        destroy (&nodes [i]);
    WAIT_UNTIL (threads () == threads_before);
    CHECK_INT (descriptors (), descriptors_before);
}

int main (void)
{
    struct rlimit files = { 0, 0 };
    long used [3];
    if (getenv ("ZGOSSIP_TEST_CHECKER"))
        count = 30;
    //  A node takes about 4 descriptors, 5 while it connects: where not so many may be had, fewer nodes
    //  have to do.
    CHECK_INT (getrlimit (RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max < 10000 ? files.rlim_max : 10000;
    CHECK_INT (setrlimit (RLIMIT_NOFILE, &files), 0);
    if ((int) files.rlim_cur < count * 8)
        count = (int) files.rlim_cur / 8;
    //  All memory in one arena, which is the one that mallinfo2 tells about.
    mallopt (M_ARENA_MAX, 1);

    grow_and_fall (true);
    for (int i = 0; i < 3; i++) {
        used [i] = in_use ();
        grow_and_fall (false);
    }
    printf ("in use after each round: %ld, %ld, %ld, %ld kB\n", used [0], used [1], used [2], in_use ());
    //  A thousand nodes that left 50 bytes each behind would show.
    CHECK (in_use () - used [0] < 100);
    return 0;
}
