/*
 * A gossip node for CZMQ programs: decentralised configuration and discovery.
 *
 * Generated from the Rust sources by make header: do not edit.
 *
 * Part of libzgossip, under the Mozilla Public License 2.0.
 */

#ifndef LIBZGOSSIP_ZGOSSIP_H_INCLUDED
#define LIBZGOSSIP_ZGOSSIP_H_INCLUDED

#include <stdbool.h>
#include <stdint.h>

struct _zsock_t;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * A gossip node, as a CZMQ actor function. Start it with zactor_new, never call it yourself:
 *
 *     zactor_t *node = zactor_new (zgossip, "myname");
 *     zstr_sendx (node, "BIND", "tcp://0.0.0.0:5670", NULL);
 *     zstr_sendx (node, "CONNECT", "tcp://other.example:5670", NULL);
 *     zstr_sendx (node, "PUBLISH", "key", "value", NULL);
 *     ...
 *     zactor_destroy (&node);
 *
 * Commands are multipart strings sent to the actor. None but PORT, STATUS, KEYS, TUPLE and FLUSH has a reply; what is
 * wrong with a command is said in the log, and the node goes on.
 *
 *     BIND endpoint              accept clients there (tcp, ipc, inproc). As a TCP port, * takes
 *                                the lowest free one from 49152 up, ! a random one; a range may
 *                                follow: tcp://0.0.0.0:*[6000-6100]
 *     PORT                       reply PORT number: the last TCP port bound, 0 if none, -1 if
 *                                the last BIND failed
 *     CONNECT endpoint [key]     join the node that is bound there, now or later; with its CURVE
 *                                public key (Z85) the link is encrypted
 *     DISCONNECT endpoint        leave the node that CONNECT named by this endpoint; the tuples that
 *                                it told stay. CZMQ's own actor has no such command
 *     PUBLISH key value          tell the network; a key has at most 255 bytes
 *     UNPUBLISH key              forget the tuple in this node
 *     STATUS                     reply STATUS number: how many tuples this node holds
 *     KEYS [prefix]              reply KEYS key ...: all keys, or those that begin so
 *     TUPLE key                  reply TUPLE key value, or TUPLE key where no such tuple is held
 *     FLUSH [timeout]            wait, then reply FLUSH number: how many neighbours have taken all that
 *                                was published before; not in CZMQ
 *     LOAD file                  take the configuration from a file, and again when it changes
 *     SET path value             set one item of the configuration
 *     SAVE file                  write the configuration; "-" is standard output
 *     SET PUBLICKEY key          this node's own CURVE keys (Z85); before BIND and CONNECT
 *     SET SECRETKEY key
 *     ALLOW key                  let in the client with this public key, and nobody who is not
 *                                allowed; before BIND
 *     ZAP DOMAIN domain          domain for the ZAP handler; before BIND. Without a handler nobody
 *                                is let in
 *     VERBOSE                    log every command and every step
 *     $TERM                      end; zactor_destroy sends it
 *
 * DELIVER key value comes from the actor for each tuple that is new or has a new value, this
 * node's own included, in the order of acceptance. An owner that does not read is told the latest
 * value of each tuple once it does.
 *
 * pipe: the actor's end of the pipe, lent for the duration of the call. The thread that calls
 * works on it alone.
 * args: NULL, or the node's name in the log as a C string. It is copied before the ready signal,
 * after which the caller may change or free it.
 *
 * Returns after $TERM, when CZMQ's handler has caught SIGINT or SIGTERM, or when the sockets'
 * context ends.
 *
 * What the caller must see to:
 * pipe is the actor's end of a pipe made by zactor_new, and args NULL or a C string.
 */
void zgossip(struct _zsock_t *pipe,
             void *args);

/**
 * Self test of this class: the example of CZMQ's manual, run on this implementation. Prints one
 * line, or aborts with the failed check as CZMQ's own tests do.
 *
 * verbose: log what the nodes do.
 *
 * Needs CZMQ in the process; without it the test says so and returns.
 */
void zgossip_test(bool verbose);

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

#endif  /* LIBZGOSSIP_ZGOSSIP_H_INCLUDED */
