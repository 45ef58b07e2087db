/*
 * The codec of the gossip protocol, in the form of CZMQ's zgossip_msg class.
 *
 * Generated from the Rust sources by make header: do not edit.
 *
 * Part of libzgossip, under the Mozilla Public License 2.0.
 */

#ifndef LIBZGOSSIP_ZGOSSIP_MSG_H_INCLUDED
#define LIBZGOSSIP_ZGOSSIP_MSG_H_INCLUDED

#include <stdbool.h>
#include <stdint.h>

struct _zsock_t;
struct _zframe_t;

/**
 * One message of the gossip protocol. Not for use by two threads at a time.
 */
typedef struct _zgossip_msg_t zgossip_msg_t;

/**
 * Message number: a client's first word.
 */
#define ZGOSSIP_MSG_HELLO 1

/**
 * Message number: a tuple.
 */
#define ZGOSSIP_MSG_PUBLISH 2

/**
 * Message number: a client asks for a sign of life.
 */
#define ZGOSSIP_MSG_PING 3

/**
 * Message number: the answer to PING.
 */
#define ZGOSSIP_MSG_PONG 4

/**
 * Message number: a server does not know the client.
 */
#define ZGOSSIP_MSG_INVALID 5

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Create an empty message. The caller owns it, until zgossip_msg_destroy.
 */
zgossip_msg_t *zgossip_msg_new(void);

/**
 * Destroy a message and set the caller's pointer to NULL. A NULL, or the address of one, is fine.
 *
 * What the caller must see to:
 * self_p is NULL or points to NULL or to a message of zgossip_msg_new.
 */
void zgossip_msg_destroy(zgossip_msg_t **self_p);

/**
 * Receive a message from a socket; waits until there is one. From a ROUTER, the routing id is
 * kept as well.
 *
 * Returns 0, or -1 when the wait was interrupted or the message is malformed. A malformed
 * message is taken off the socket whole and leaves this one as it was.
 *
 * What the caller must see to:
 * self is a live message, input a live socket of this thread's.
 */
int zgossip_msg_recv(zgossip_msg_t *self, struct _zsock_t *input);

/**
 * Send a message to a socket, as one frame, behind the routing id if the socket is a ROUTER. The
 * message stays the caller's and can be sent again.
 *
 * Returns 0, or -1 when the socket did not take it or the message has no number yet.
 *
 * What the caller must see to:
 * self is a live message, output a live socket of this thread's.
 */
int zgossip_msg_send(zgossip_msg_t *self, struct _zsock_t *output);

/**
 * Print the message's fields to the log, as debug lines.
 *
 * What the caller must see to:
 * self is a live message.
 */
void zgossip_msg_print(zgossip_msg_t *self_);

/**
 * The routing id that came with the message from a ROUTER, or NULL. It stays the message's.
 *
 * What the caller must see to:
 * self is a live message.
 */
struct _zframe_t *zgossip_msg_routing_id(zgossip_msg_t *self_);

/**
 * Set the routing id for a ROUTER, from a copy of this frame. NULL takes it away.
 *
 * What the caller must see to:
 * self is a live message, routing_id NULL or a live frame.
 */
void zgossip_msg_set_routing_id(zgossip_msg_t *self, struct _zframe_t *routing_id);

/**
 * The message's number: one of ZGOSSIP_MSG_..., 0 for a new message.
 *
 * What the caller must see to:
 * self is a live message.
 */
int zgossip_msg_id(zgossip_msg_t *self_);

/**
 * Set the message's number.
 *
 * What the caller must see to:
 * self is a live message.
 */
void zgossip_msg_set_id(zgossip_msg_t *self, int id);

/**
 * The message's name, "?" where its number is not the protocol's. The string is static.
 *
 * What the caller must see to:
 * self is a live message.
 */
const char *zgossip_msg_command(zgossip_msg_t *self_);

/**
 * The tuple's key, "" if none was set. It stays the message's, until the key is set again.
 *
 * What the caller must see to:
 * self is a live message.
 */
const char *zgossip_msg_key(zgossip_msg_t *self_);

/**
 * Set the tuple's key, from a copy of at most 255 bytes of this string.
 *
 * What the caller must see to:
 * self is a live message, key a C string.
 */
void zgossip_msg_set_key(zgossip_msg_t *self, const char *key);

/**
 * The tuple's value, NULL if none was set. It stays the message's, until the value is set again.
 *
 * What the caller must see to:
 * self is a live message.
 */
const char *zgossip_msg_value(zgossip_msg_t *self_);

/**
 * Set the tuple's value, from a copy of this string.
 *
 * What the caller must see to:
 * self is a live message, value a C string.
 */
void zgossip_msg_set_value(zgossip_msg_t *self, const char *value);

/**
 * The tuple's time to live, in milliseconds by definition. No known node acts on it.
 *
 * What the caller must see to:
 * self is a live message.
 */
uint32_t zgossip_msg_ttl(zgossip_msg_t *self_);

/**
 * Set the tuple's time to live.
 *
 * What the caller must see to:
 * self is a live message.
 */
void zgossip_msg_set_ttl(zgossip_msg_t *self, uint32_t ttl);

/**
 * Self test of this class. Prints one line, or aborts with the failed check.
 *
 * verbose: print each message as well.
 */
void zgossip_msg_test(bool verbose);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIBZGOSSIP_ZGOSSIP_MSG_H_INCLUDED */
