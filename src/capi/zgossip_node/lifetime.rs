//! How a node is made and ended.

use super::arguments::optional;
use super::errors::{answer, bad_argument, code};
use super::handles::{add, remove, zgossip_node_t};
use crate::node::{Log, Node, Options};
use std::ffi::{c_char, c_int};

/// Option of zgossip_node_new: lines for the log become events, ZGOSSIP_EVENT_LOG. At most the 100
/// latest of them wait.
pub const ZGOSSIP_LOG_EVENTS: u32 = 1;
/// Option of zgossip_node_new: no log at all.
pub const ZGOSSIP_LOG_OFF: u32 = 2;
/// Option of zgossip_node_new: log every command and every step.
pub const ZGOSSIP_VERBOSE: u32 = 4;

/// Make a node. It runs on a thread of its own until zgossip_node_destroy.
///
/// name: what the node is called in the log; NULL for none. It is copied.
/// options: 0, or a sum of ZGOSSIP_LOG_EVENTS or ZGOSSIP_LOG_OFF, and ZGOSSIP_VERBOSE. Without the
/// first two, what the node has to say (a peer that sends nonsense, a server that refuses us) goes
/// to the log of CZMQ where the process has CZMQ, and to standard error otherwise.
///
/// The sockets live in CZMQ's context where the process has loaded CZMQ by now, so that inproc
/// reaches CZMQ's actors and a ZAP handler like zauth is asked; otherwise in a context that all
/// nodes of this library share and that ends with the last of them. SIGINT and SIGTERM stay as they
/// are. After zsys_shutdown, and in a child after fork(), every function answers ZGOSSIP_ENDED; a
/// child can make nodes of its own.
///
/// Returns the node, to be destroyed with zgossip_node_destroy, or NULL: zgossip_error_code is
/// ZGOSSIP_BAD_ARGUMENT for options that do not exist, and ZGOSSIP_NO_RESOURCES where there is no
/// thread or no descriptor left.
///
/// Threads: any.
///
/// # Safety
/// `name` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_new(
    name: *const c_char,
    options: u32,
) -> *mut zgossip_node_t {
    let mut made = std::ptr::null_mut();
    answer(&mut || {
        let log = match options & (ZGOSSIP_LOG_EVENTS | ZGOSSIP_LOG_OFF) {
            0 => Log::Process,
            ZGOSSIP_LOG_EVENTS => Log::Events,
            ZGOSSIP_LOG_OFF => Log::Off,
            _ => return Err(bad_argument("options", "has both ways for the log")),
        };
        if options & !(ZGOSSIP_LOG_EVENTS | ZGOSSIP_LOG_OFF | ZGOSSIP_VERBOSE) != 0 {
            return Err(bad_argument("options", "has an unknown bit"));
        }
        // SAFETY: by the caller.
        let name = unsafe { optional(name) }.unwrap_or_default();
        let options = Options { log, verbose: options & ZGOSSIP_VERBOSE != 0 };
        made = add(Node::with_options(name, &options)?);
        Ok(0)
    });
    made
}

/// End a node and set the caller's pointer to NULL. Returns when its thread has ended and its
/// sockets are closed; what was published before has been handed to libzmq by then, which drops
/// what it has not sent.
///
/// The address of a NULL is fine: 0. A node that has been destroyed before, by way of a copy of the
/// pointer, is ZGOSSIP_BAD_ARGUMENT and harmless, as with every other function.
///
/// Threads: any, and while others are still in calls for this node: those return ZGOSSIP_ENDED.
/// The descriptor of zgossip_node_fd must no longer be waited for when this is called.
///
/// # Safety
/// `self_p` is NULL or points to a pointer that no other thread changes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_destroy(self_p: *mut *mut zgossip_node_t) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let Some(this) = (unsafe { self_p.as_mut() }) else {
            return Err(bad_argument("self_p", "is NULL"));
        };
        let this = std::mem::replace(this, std::ptr::null_mut());
        if !this.is_null() {
            remove(this)?.close();
        }
        Ok(0)
    })
}
