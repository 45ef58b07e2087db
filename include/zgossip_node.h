/*
 * A gossip node with a handle: for programs without CZMQ, and for other languages.
 *
 * Generated from the Rust sources by make header: do not edit.
 *
 * Part of libzgossip, under the Mozilla Public License 2.0.
 */

#ifndef LIBZGOSSIP_ZGOSSIP_NODE_H_INCLUDED
#define LIBZGOSSIP_ZGOSSIP_NODE_H_INCLUDED

#include <stdbool.h>
#include <stdint.h>

#include <stddef.h>

/**
 * A node holds tuples of a key and a value and connects to other nodes; all nodes of a network learn
 * all tuples. This is the node of zgossip.h, behind plain functions. CZMQ is not needed, and does
 * no harm.
 *
 *    zgossip_node_t *node = zgossip_node_new ("myname", 0);
 *    zgossip_node_connect (node, "tcp://other.example:5670", NULL);
 *    zgossip_node_publish (node, "key", ZGOSSIP_STRING, "value", ZGOSSIP_STRING, 0);
 *    zgossip_event_t *event;
 *    while (zgossip_node_recv (node, -1, &event) == 0) {
 *        if (zgossip_event_type (event) == ZGOSSIP_EVENT_TUPLE)
 *            printf ("%s = %s\n", zgossip_event_key (event, NULL), zgossip_event_value (event, NULL));
 *        zgossip_event_destroy (&event);
 *    }
 *    zgossip_node_destroy (&node);
 *
 * Errors. A negative result, or NULL, is an error: one of the codes below, which zgossip_error_code
 * tells as well, with a text in zgossip_error_text. What a call is refused for is told to the caller
 * and not written to the log.
 *
 * Threads. Functions of a node may be called from any thread at any time. Calls are carried out in the
 * order in which they are made, by the node's own thread; those that have a result wait for it, and
 * when they return, the events that they caused are there. No function calls back. None is a
 * cancellation point: pthread_cancel of a thread that is in a call takes effect after the call, so
 * who means to cancel a thread gives zgossip_node_recv a time-out.
 *
 * Handles. A node that has been destroyed, and NULL, are ZGOSSIP_BAD_ARGUMENT to every function, at
 * any time. Events and lists belong to the caller alone, who destroys each once.
 *
 * Bytes. A key or value goes in as a pointer and a size, and comes out as a pointer, with a size for
 * those who ask and a NUL behind the last byte.
 */

/**
 * As the size of a key or a value: it is a C string.
 */
#define ZGOSSIP_STRING ((size_t) -1)

/**
 * A node.
 */
typedef struct _zgossip_node_t zgossip_node_t;

/**
 * One event of a node.
 */
typedef struct _zgossip_event_t zgossip_event_t;

/**
 * The tuples of a node at one moment, and a place among them.
 */
typedef struct _zgossip_tuples_t zgossip_tuples_t;

/**
 * Option of zgossip_node_new: lines for the log become events, ZGOSSIP_EVENT_LOG. At most the 100
 * latest of them wait.
 */
#define ZGOSSIP_LOG_EVENTS 1

/**
 * Option of zgossip_node_new: no log at all.
 */
#define ZGOSSIP_LOG_OFF 2

/**
 * Option of zgossip_node_new: log every command and every step.
 */
#define ZGOSSIP_VERBOSE 4

/**
 * Type of event: a tuple is new or has a new value.
 */
#define ZGOSSIP_EVENT_TUPLE 1

/**
 * Type of event: a line for the log. Its key is "error", "warning", "notice" or "debug".
 */
#define ZGOSSIP_EVENT_LOG 2

/**
 * Type of event: the server that was connected to by the endpoint that is the key is reached, and has
 * told all that it holds; those tuples came before. Once for each connection, so again after it broke.
 */
#define ZGOSSIP_EVENT_JOINED 3

/**
 * An argument is NULL, too long, or no value that is defined; or the node has been destroyed.
 */
#define ZGOSSIP_BAD_ARGUMENT -1

/**
 * The node cannot or must not do this; the text says why.
 */
#define ZGOSSIP_REFUSED -2

/**
 * The node holds no such tuple.
 */
#define ZGOSSIP_NOT_FOUND -3

/**
 * No event came in time.
 */
#define ZGOSSIP_TIMED_OUT -4

/**
 * A signal ended the wait for an event.
 */
#define ZGOSSIP_INTERRUPTED -5

/**
 * The node has ended: it is being destroyed, CZMQ's context has ended, or this is a fork.
 */
#define ZGOSSIP_ENDED -6

/**
 * There are no more descriptors, threads or sockets, or libzmq lacks what is needed.
 */
#define ZGOSSIP_NO_RESOURCES -7

/**
 * A fault of this library; the log has a line about it.
 */
#define ZGOSSIP_INTERNAL -8

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Make a node. It runs on a thread of its own until zgossip_node_destroy.
 *
 * name: what the node is called in the log; NULL for none. It is copied.
 * options: 0, or a sum of ZGOSSIP_LOG_EVENTS or ZGOSSIP_LOG_OFF, and ZGOSSIP_VERBOSE. Without the
 * first two, what the node has to say (a peer that sends nonsense, a server that refuses us) goes
 * to the log of CZMQ where the process has CZMQ, and to standard error otherwise.
 *
 * The sockets live in CZMQ's context where the process has loaded CZMQ by now, so that inproc
 * reaches CZMQ's actors and a ZAP handler like zauth is asked; otherwise in a context that all
 * nodes of this library share and that ends with the last of them. SIGINT and SIGTERM stay as they
 * are. After zsys_shutdown, and in a child after fork(), every function answers ZGOSSIP_ENDED; a
 * child can make nodes of its own.
 *
 * Returns the node, to be destroyed with zgossip_node_destroy, or NULL: zgossip_error_code is
 * ZGOSSIP_BAD_ARGUMENT for options that do not exist, and ZGOSSIP_NO_RESOURCES where there is no
 * thread or no descriptor left.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * name is NULL or a C string.
 */
zgossip_node_t *zgossip_node_new(const char *name, uint32_t options);

/**
 * End a node and set the caller's pointer to NULL. Returns when its thread has ended and its
 * sockets are closed; what was published before has been handed to libzmq by then, which drops
 * what it has not sent.
 *
 * The address of a NULL is fine: 0. A node that has been destroyed before, by way of a copy of the
 * pointer, is ZGOSSIP_BAD_ARGUMENT and harmless, as with every other function.
 *
 * Threads: any, and while others are still in calls for this node: those return ZGOSSIP_ENDED.
 * The descriptor of zgossip_node_fd must no longer be waited for when this is called.
 *
 * What the caller must see to:
 * self_p is NULL or points to a pointer that no other thread changes meanwhile.
 */
int zgossip_node_destroy(zgossip_node_t **self_p);

/**
 * Accept other nodes at an endpoint: tcp, ipc or inproc. May be repeated. As a TCP port, * takes
 * the lowest free one from 49152 up, ! a random one; a range may follow: tcp://0.0.0.0:*[6000-6100].
 *
 * Returns the TCP port, 0 for another transport, or an error: ZGOSSIP_REFUSED with the reason.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * endpoint is NULL or a C string.
 */
int zgossip_node_bind(zgossip_node_t *self,
                      const char *endpoint);

/**
 * Join the node that is bound there, now or whenever it will be: 0 says only that the endpoint can
 * be one. The connection is made, and made again after it broke, in the background; a server that
 * refuses us is told in the log. To connect twice to one endpoint is to connect once.
 *
 * server_key: the server's public CURVE key, 40 characters of Z85, with which the link is encrypted;
 * NULL for plain text, which a node that has keys refuses.
 *
 * Returns 0, or an error: ZGOSSIP_REFUSED with the reason.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * endpoint and server_key are NULL or C strings.
 */
int zgossip_node_connect(zgossip_node_t *self,
                         const char *endpoint,
                         const char *server_key);

/**
 * Leave the node that zgossip_node_connect named by this endpoint. What it has told stays.
 *
 * Returns 0, or an error: ZGOSSIP_REFUSED where this node is not connected to that endpoint.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * endpoint is NULL or a C string.
 */
int zgossip_node_disconnect(zgossip_node_t *self, const char *endpoint);

/**
 * Tell the network a tuple. The newest value of a key wins, everywhere.
 *
 * key, key_size: at most 255 bytes; the size may be ZGOSSIP_STRING. A key may be empty.
 * value, value_size: less than 4 GiB. Neither may hold a NUL byte, which ends them in CZMQ peers.
 * ttl: 0; reserved for a time to live.
 *
 * The bytes are copied. Does not wait for the node's thread, unless that is 10,000 publications
 * behind; calls made later see the tuple. The node's own tuples come as events, too.
 *
 * Returns 0, or an error: ZGOSSIP_BAD_ARGUMENT for a key or a value that cannot be published;
 * ZGOSSIP_REFUSED for a value above zgossip/limits/value; ZGOSSIP_NO_RESOURCES where there is no
 * memory for all the copies that the value's way through the node makes, 5 at most.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * key and value have as many bytes as their sizes say, or are C strings.
 */
int zgossip_node_publish(zgossip_node_t *self,
                         const void *key,
                         size_t key_size,
                         const void *value,
                         size_t value_size,
                         uint32_t ttl);

/**
 * Forget a tuple, as UNPUBLISH of the actor does. No error where there is none.
 *
 * Returns 0, or an error. Does not wait, as zgossip_node_publish.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * key has as many bytes as its size says, or is a C string.
 */
int zgossip_node_unpublish(zgossip_node_t *self, const void *key, size_t key_size);

/**
 * Wait until the neighbours have taken everything that was published before.
 *
 * timeout: at most so many milliseconds; -1: as long as anything is taken, which ends after zgossip/linger
 * milliseconds without progress (1000 by default).
 *
 * Returns how many neighbours have taken everything, which may be 0, or an error. A server says so by its PONG, a
 * client by an answer or, where it is a CZMQ peer, by its echo.
 *
 * Threads: any. To destroy the node meanwhile ends the wait, with the number so far or with
 * ZGOSSIP_ENDED.
 */
int zgossip_node_flush(zgossip_node_t *self,
                       int timeout);

/**
 * The value that the node holds of a key.
 *
 * buffer, capacity: where to put it. As much as fits is copied, and a NUL behind it if that fits.
 * NULL and 0 to ask for the size only.
 *
 * Returns the size of the whole value, without a NUL, or an error: ZGOSSIP_NOT_FOUND where the node
 * holds no such tuple. A result that is larger than the capacity tells how much to come again with.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * key has as many bytes as its size says, or is a C string; buffer has room for capacity bytes.
 */
int64_t zgossip_node_get(zgossip_node_t *self,
                         const void *key,
                         size_t key_size,
                         void *buffer,
                         size_t capacity);

/**
 * How many tuples the node holds, or an error.
 *
 * Threads: any.
 */
int64_t zgossip_node_size(zgossip_node_t *self_);

/**
 * All tuples that the node holds at one moment, in the order of their last change. What happens
 * to the node later, its end included, does not change the list.
 *
 * Returns a list, to be destroyed with zgossip_tuples_destroy, or NULL.
 *
 * Threads: any.
 */
zgossip_tuples_t *zgossip_node_snapshot(zgossip_node_t *self_);

/**
 * The next event: a tuple that is new or has a new value, this node's own included, in the order
 * of acceptance; that a server is joined; or a line for the log, if those were asked for.
 *
 * A node whose events nobody takes goes on all the same. Once 2,000 wait, a tuple that changes again
 * replaces its own waiting event: what waits grows with the number of tuples only, and who comes
 * late gets the latest value of each.
 *
 * timeout: how long to wait for one, in milliseconds; 0 does not wait, -1 waits for ever.
 * event_p: set to the event, to be destroyed with zgossip_event_destroy, or to NULL.
 *
 * Returns 0, or an error: ZGOSSIP_TIMED_OUT, or ZGOSSIP_INTERRUPTED where a signal ended the wait.
 *
 * Threads: any, several at once: each event goes to one of them.
 *
 * What the caller must see to:
 * event_p is NULL or the address of a pointer.
 */
int zgossip_node_recv(zgossip_node_t *self,
                      int timeout,
                      zgossip_event_t **event_p);

/**
 * A descriptor that is readable exactly while events wait: for poll, select, epoll, and the event
 * loop of any language. When it is readable, call zgossip_node_recv with a time-out of 0: once, or
 * as often as there is time, or, in a loop that looks at edges only, until it says ZGOSSIP_TIMED_OUT.
 * It stays readable after the node has ended by itself, so that no loop sleeps through that.
 *
 * It belongs to the node: do not read, write or close it. It is closed by zgossip_node_destroy.
 *
 * Returns the descriptor, or an error: ZGOSSIP_ENDED in a child after a fork, where it would be the
 * parent's.
 *
 * Threads: any.
 */
int zgossip_node_fd(zgossip_node_t *self_);

/**
 * Set one item of the configuration: "server/verbose" to "1", for instance.
 *
 * Returns 0, or an error: ZGOSSIP_REFUSED with the reason.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * path and value are NULL or C strings.
 */
int zgossip_node_set(zgossip_node_t *self, const char *path, const char *value);

/**
 * Take the configuration from a file, in ZPL as zconfig writes it, and again whenever it changes:
 * what it says to bind is bound.
 *
 * Returns 0, or an error: ZGOSSIP_REFUSED with the reason where the file cannot be loaded, which
 * changes nothing, or where something in it could not be done.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * file is NULL or a C string.
 */
int zgossip_node_load(zgossip_node_t *self, const char *file);

/**
 * Write the configuration to a file, whole or not at all; "-" is standard output.
 *
 * Returns 0, or an error: ZGOSSIP_REFUSED with the reason.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * file is NULL or a C string.
 */
int zgossip_node_save(zgossip_node_t *self, const char *file);

/**
 * Give the node its own CURVE keys, 40 characters of Z85 each: see zgossip_new_keys. To be called
 * before bind and connect, which from then on are encrypted or refused.
 *
 * Returns 0, or an error, which changes nothing: ZGOSSIP_BAD_ARGUMENT where one is not a key,
 * ZGOSSIP_REFUSED where the node is bound to tcp or ipc already.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * public_key and secret_key are NULL or C strings.
 */
int zgossip_node_set_keys(zgossip_node_t *self, const char *public_key, const char *secret_key);

/**
 * Let in the client with this public key, 40 characters of Z85, and from now on nobody who is not
 * allowed. To be called once or more before bind, and later at any time. Needs keys of the node's
 * own. The setting zgossip/security/certificates (zgossip_node_set) lets in those whose
 * certificates are in a directory, which is read again when it changes. Nobody is asked for a key
 * who comes by inproc. Who is connected already stays so.
 *
 * Returns 0, or an error: ZGOSSIP_BAD_ARGUMENT where it is no key; ZGOSSIP_REFUSED where the node
 * is bound to tcp or ipc already and lets in everybody, or where another ZAP handler of the process,
 * such as CZMQ's zauth, says who may come in. Then nothing can be bound any more. The other way round,
 * zauth must not be started behind this call: it ends the process where it is not the only handler.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * public_key is NULL or a C string.
 */
int zgossip_node_allow(zgossip_node_t *self,
                       const char *public_key);

/**
 * The domain under which a ZAP handler is asked about clients. To be called before bind. The handler
 * is one in the context of the sockets, such as CZMQ's zauth. Without one nobody is let in. Where no
 * domain was set, a handler is asked about "global" if the node has keys, and without a handler all
 * clients that know the node's public key are let in. After zgossip_node_allow the domain has no
 * meaning.
 *
 * Returns 0, or an error.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * domain is NULL or a C string.
 */
int zgossip_node_set_zap_domain(zgossip_node_t *self,
                                const char *domain);

/**
 * Make a pair of CURVE keys, as C strings of 40 characters.
 *
 * Returns 0, or an error: ZGOSSIP_NO_RESOURCES where the system's libzmq has no CURVE.
 *
 * Threads: any.
 *
 * What the caller must see to:
 * public_key and secret_key are NULL or have room for 41 bytes each.
 */
int zgossip_new_keys(char *public_key, char *secret_key);

/**
 * What kind of event this is: ZGOSSIP_EVENT_TUPLE, _LOG, _JOINED, or one that a later release
 * defines, to be ignored by those who do not know it.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or an event of zgossip_node_recv.
 */
int zgossip_event_type(const zgossip_event_t *self_);

/**
 * The key: bytes with a NUL behind them, valid until the event is destroyed. NULL for a NULL.
 *
 * size: set to the number of bytes, without the NUL, or NULL.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or an event of zgossip_node_recv, size NULL or the address of a size.
 */
const char *zgossip_event_key(const zgossip_event_t *self, size_t *size);

/**
 * The value: bytes with a NUL behind them, valid until the event is destroyed. NULL for a NULL.
 *
 * size: set to the number of bytes, without the NUL, or NULL.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or an event of zgossip_node_recv, size NULL or the address of a size.
 */
const char *zgossip_event_value(const zgossip_event_t *self, size_t *size);

/**
 * Destroy an event and set the caller's pointer to NULL. The address of a NULL is fine.
 *
 * Returns 0, or ZGOSSIP_BAD_ARGUMENT for a NULL.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self_p is NULL or points to NULL or to an event of zgossip_node_recv.
 */
int zgossip_event_destroy(zgossip_event_t **self_p);

/**
 * Go to the first tuple, and then to the one after each:
 *
 *     zgossip_tuples_t *all = zgossip_node_snapshot (node);
 *     while (zgossip_tuples_next (all) > 0)
 *         printf ("%s = %s\n", zgossip_tuples_key (all, NULL), zgossip_tuples_value (all, NULL));
 *     zgossip_tuples_destroy (&all);
 *
 * Returns 1, 0 where there is none any more, or an error.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or a list of zgossip_node_snapshot.
 */
int zgossip_tuples_next(zgossip_tuples_t *self_);

/**
 * How many tuples the list has in all, or an error.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or a list of zgossip_node_snapshot.
 */
int64_t zgossip_tuples_size(zgossip_tuples_t *self_);

/**
 * The current tuple's key: bytes with a NUL behind them, valid until the next call of
 * zgossip_tuples_next. NULL where the list is at no tuple.
 *
 * size: set to the number of bytes, without the NUL, or NULL.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or a list of zgossip_node_snapshot, size NULL or the address of a size.
 */
const char *zgossip_tuples_key(zgossip_tuples_t *self, size_t *size);

/**
 * The current tuple's value: bytes with a NUL behind them, valid until the list is destroyed. NULL
 * where the list is at no tuple.
 *
 * size: set to the number of bytes, without the NUL, or NULL.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self is NULL or a list of zgossip_node_snapshot, size NULL or the address of a size.
 */
const char *zgossip_tuples_value(zgossip_tuples_t *self, size_t *size);

/**
 * Destroy a list and set the caller's pointer to NULL. The address of a NULL is fine.
 *
 * Returns 0, or ZGOSSIP_BAD_ARGUMENT for a NULL.
 *
 * Threads: one at a time.
 *
 * What the caller must see to:
 * self_p is NULL or points to NULL or to a list of zgossip_node_snapshot.
 */
int zgossip_tuples_destroy(zgossip_tuples_t **self_p);

/**
 * The code of the last call that failed in this thread, of all functions of this header; 0 if none
 * has. Calls that succeed leave it as it is.
 *
 * Threads: any, each has its own.
 */
int zgossip_error_code(void);

/**
 * What was wrong with the last call that failed in this thread, for people to read: a C string,
 * empty if none has failed. It stays valid until the next call that fails in this thread, or the
 * thread's end.
 *
 * Threads: any, each has its own.
 */
const char *zgossip_error_text(void);

/**
 * Tell which implementation of zgossip this program runs.
 *
 * Returns "libzgossip X.Y.Z" where the program's zgossip is this library's, and "libzgossip
 * X.Y.Z, not in use: zgossip is that of FILE" where another library comes first, which
 * -lczmq -lzgossip in this order would bring about. CZMQ itself has no such function: where it
 * is missing, the original runs.
 *
 * The string belongs to the library and stays valid for the life of the process. Any thread may
 * call this at any time.
 */
const char *zgossip_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIBZGOSSIP_ZGOSSIP_NODE_H_INCLUDED */
