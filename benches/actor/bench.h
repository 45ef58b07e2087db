/*  Benchmarks of gossip actors, by CZMQ's public API only: what runs behind the
    name zgossip is decided by how the program is started. See benches/run. */

#ifndef BENCH_H_INCLUDED
#define BENCH_H_INCLUDED

#include <czmq.h>
#include <stdbool.h>
#include <stdint.h>

#define KEY_SIZE    20
#define VALUE_SIZE  16

/*  Where a node of the limit mode takes what it passes on. */
typedef enum { FROM_PIPE, FROM_SERVER } source_t;

/*  Whether the sockets run without gossip between them. */
extern bool limit_mode;
/*  Shorter runs, for a first look. */
extern bool quick_mode;

/* ---- limit.c: the sockets without gossip ---- */

void limit_actor (zsock_t *pipe, void *args);

/* ---- node.c: a node and its owner ---- */

typedef struct {
    zactor_t *actor;
    void *pipe;             //  its raw socket
} node_t;

/*  A node. The source counts in limit mode only. */
node_t node_new (source_t source);
void node_destroy (node_t *self);

/*  Bind over "tcp", "ipc" or "inproc" before anything is delivered; the endpoint to connect to. */
const char *node_bind (node_t *self, const char *transport);
void node_connect (node_t *self, const char *endpoint);
/*  In limit mode: so many clients will come; nothing is passed on before. */
void node_start (node_t *self, size_t clients);

void node_publish (node_t *self, const char *key, const char *value);
/*  Wait for so many DELIVERs. */
void node_expect (node_t *self, size_t count);
/*  Wait for the DELIVER of this key. */
void node_expect_key (node_t *self, const char *key);

/*  Keys and values of the sizes above; no two numbers give the same key. */
const char *key_of (size_t number);
const char *value_of (size_t number);

/* ---- traffic.c: many nodes ---- */

/*  A hub, which is the first, and its leaves; all know a tuple that `first` has published, and
    that one will publish all the others. */
node_t *star (const char *transport, size_t leaves, size_t first);
/*  Tell all that it is over, which ends the nodes of limit mode, and end them. */
void end (node_t *nodes, size_t count, size_t first);

/* ---- measure.c ---- */

/*  Microseconds of this process on all cores, and of the clock. */
double cpu_now (void);
double clock_now (void);
/*  Bytes of resident memory; number of open descriptors, of threads. */
double resident_now (void);
size_t descriptors_now (void);
size_t threads_now (void);

/*  One result: a line of standard output. */
void result (const char *what, const char *unit, double value);
int compare_doubles (const void *a, const void *b);
_Noreturn void die (const char *what);

/* ---- cases: each measures once and prints ---- */

void case_publish (void);
void case_sync (void);
void case_fan_out (const char *transport, size_t leaves);
void case_leaf (size_t leaves);
void case_mesh (size_t nodes);
void case_chain (void);
void case_hub (const char *transport, size_t leaves);
void case_memory (size_t tuples);
void case_idle (const char *transport);
void case_most_nodes (void);
void case_reconnect (size_t tuples);

#endif
