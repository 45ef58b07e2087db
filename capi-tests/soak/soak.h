/*  Helpers of the soak tests: random numbers that can be repeated, figures of the process,
    nodes that are read all the time, peers below ZeroMQ, helper processes.

    The programs run with CZMQ's actor as zgossip and find the native one in ZGOSSIP_LIB, so that both
    can be in one process. Arguments: --seed N, --scale N (percent of the bar's numbers). */

#ifndef SOAK_H_INCLUDED
#define SOAK_H_INCLUDED

#include "testutil.h"
#include <sys/types.h>

/* ---- arguments ---- */

typedef struct {
    uint64_t seed;
    int scale;                  /*  Percent of the bar's numbers */
    const char *only;           /*  --only NAME: one part of the program */
} soak_args_t;

/*  First thing in main. Arms the watchdog with so many seconds. */
soak_args_t soak_start (int argc, char **argv, unsigned seconds);
/*  A number of the bar at this scale, at least least. */
int64_t soak_scaled (const soak_args_t *args, int64_t full, int64_t least);
/*  Whether a part of the program is wanted; prints its name. */
bool soak_part (const soak_args_t *args, const char *name);
/*  What goes with a figure that depends on the allocator. Valgrind and ASan keep what was
    freed and so make memory figures meaningless. */
bool soak_memory_counts (void);

/* ---- random numbers ---- */

typedef struct { uint64_t state; } soak_random_t;
uint64_t soak_next (soak_random_t *random);
/*  0 to below - 1. */
uint32_t soak_below (soak_random_t *random, uint32_t below);

/* ---- figures ---- */

/*  Resident memory of this process in kB, after what was freed has gone back. */
long soak_rss_kb (void);
int soak_descriptors (void);
/*  CPU time that a process has taken, in ms. */
int64_t soak_cpu_ms (pid_t pid);
void soak_say (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/* ---- nodes that somebody reads ---- */

/*  A node, what it was asked and what it has DELIVERed. */
typedef struct {
    zactor_t *actor;
    bool native;
    char name [24];
    zhashx_t *held;             /*  key -> value; NULL where only counted */
    int64_t delivers;
    int port, ports;            /*  Last reply to PORT, and how many there were */
    int status;                 /*  Last reply to STATUS, -1 before */
    int asked;                  /*  STATUS questions not answered yet */
    int64_t asked_at;           /*  The oldest of them */
    int64_t slowest;            /*  Longest wait for a reply, in ms */
} soak_node_t;

soak_node_t *soak_node_new (bool native, const char *name, bool keep_tuples);
void soak_node_destroy (soak_node_t **node_p);
/*  Take what the node has to say, without waiting. */
void soak_node_read (soak_node_t *node);
void soak_node_ask (soak_node_t *node);
/*  Asks until the status is count; fails at the deadline. All are read. */
void soak_wait_count (soak_node_t **nodes, int nodes_nbr, int count);
void soak_publish (soak_node_t *node, const char *key, const char *value);
void soak_command (soak_node_t *node, const char *word, const char *first, const char *second);
const char *soak_value (soak_node_t *node, const char *key);
int soak_bind_tcp (soak_node_t *node);
/*  BIND until it succeeds: a node that was destroyed lets go of its address some time later. */
void soak_bind (soak_node_t *node, const char *endpoint);

/* ---- raw peers ---- */

/*  A TCP socket that listens on this port of this machine, or on any if it is 0. */
int soak_tcp_listen (int *port);
/*  A PUBLISH frame; returns its size. */
size_t soak_publish_frame (unsigned char *frame, const char *key, const char *value);

/* ---- helper processes ---- */

/*  Fork before anything of ZeroMQ is used, as CZMQ does not survive it. The child runs
    the function with a zeroed page that is shared with its parent, and ends with it. */
typedef struct {
    volatile int64_t word [32];
} soak_shared_t;
soak_shared_t *soak_shared_new (void);
pid_t soak_fork (void (*function) (soak_shared_t *shared, void *args), soak_shared_t *shared, void *args);
/*  Wait until a word is at least this. */
void soak_wait_word (soak_shared_t *shared, int index, int64_t least, int64_t msecs);
/*  Ends the child and waits for it. */
void soak_kill (pid_t pid);

#endif
