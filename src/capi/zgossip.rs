//! `zgossip.h`: the actor function and its self test.

use super::selftest;
use super::types::{resolve, zsock_t};
use crate::core::Level;
use crate::driver::{self, contain, log_line};
use crate::wire::until_nul;
use std::ffi::{CStr, c_char, c_void};

/// A gossip node, as a CZMQ actor function. Start it with zactor_new, never call it yourself:
///
/// ```text
/// zactor_t *node = zactor_new (zgossip, "myname");
/// zstr_sendx (node, "BIND", "tcp://0.0.0.0:5670", NULL);
/// zstr_sendx (node, "CONNECT", "tcp://other.example:5670", NULL);
/// zstr_sendx (node, "PUBLISH", "key", "value", NULL);
/// ...
/// zactor_destroy (&node);
/// ```
///
/// Commands are multipart strings sent to the actor. None but PORT, STATUS, KEYS, TUPLE and FLUSH has a reply; what is
/// wrong with a command is said in the log, and the node goes on.
///
/// ```text
/// BIND endpoint              accept clients there (tcp, ipc, inproc). As a TCP port, * takes
///                            the lowest free one from 49152 up, ! a random one; a range may
///                            follow: tcp://0.0.0.0:*[6000-6100]
/// PORT                       reply PORT number: the last TCP port bound, 0 if none, -1 if
///                            the last BIND failed
/// CONNECT endpoint [key]     join the node that is bound there, now or later; with its CURVE
///                            public key (Z85) the link is encrypted
/// DISCONNECT endpoint        leave the node that CONNECT named by this endpoint; the tuples that
///                            it told stay. CZMQ's own actor has no such command
/// PUBLISH key value          tell the network; a key has at most 255 bytes
/// UNPUBLISH key              forget the tuple in this node
/// STATUS                     reply STATUS number: how many tuples this node holds
/// KEYS [prefix]              reply KEYS key ...: all keys, or those that begin so
/// TUPLE key                  reply TUPLE key value, or TUPLE key where no such tuple is held
/// FLUSH [timeout]            wait, then reply FLUSH number: how many neighbours have taken all that
///                            was published before; not in CZMQ
/// LOAD file                  take the configuration from a file, and again when it changes
/// SET path value             set one item of the configuration
/// SAVE file                  write the configuration; "-" is standard output
/// SET PUBLICKEY key          this node's own CURVE keys (Z85); before BIND and CONNECT
/// SET SECRETKEY key
/// ALLOW key                  let in the client with this public key, and nobody who is not
///                            allowed; before BIND
/// ZAP DOMAIN domain          domain for the ZAP handler; before BIND. Without a handler nobody
///                            is let in
/// VERBOSE                    log every command and every step
/// $TERM                      end; zactor_destroy sends it
/// ```
///
/// DELIVER key value comes from the actor for each tuple that is new or has a new value, this
/// node's own included, in the order of acceptance. An owner that does not read is told the latest
/// value of each tuple once it does.
///
/// pipe: the actor's end of the pipe, lent for the duration of the call. The thread that calls
/// works on it alone.
/// args: NULL, or the node's name in the log as a C string. It is copied before the ready signal,
/// after which the caller may change or free it.
///
/// Returns after $TERM, when CZMQ's handler has caught SIGINT or SIGTERM, or when the sockets'
/// context ends.
///
/// # Safety
/// `pipe` is the actor's end of a pipe made by zactor_new, and `args` NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip(pipe: *mut zsock_t, args: *mut c_void) {
    contain(|| {
        let label = if args.is_null() {
            Vec::new()
        } else {
            // SAFETY: by the caller.
            until_nul(unsafe { CStr::from_ptr(args.cast::<c_char>()) }.to_bytes()).to_vec()
        };
        // SAFETY: by the caller.
        match unsafe { resolve(pipe.cast()) } {
            Ok(pipe) => driver::run(pipe, &label),
            Err(error) => {
                let line = format!("zgossip: this is no actor's pipe: {error}");
                log_line(Level::Error, line.as_bytes());
            }
        }
    });
}

/// Self test of this class: the example of CZMQ's manual, run on this implementation. Prints one
/// line, or aborts with the failed check as CZMQ's own tests do.
///
/// verbose: log what the nodes do.
///
/// Needs CZMQ in the process; without it the test says so and returns.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_test(verbose: bool) {
    selftest::run("zgossip", || selftest::manual_example(verbose));
}
