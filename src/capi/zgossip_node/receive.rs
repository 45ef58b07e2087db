//! Events: waited for, and polled for.

use super::errors::{bad_argument, code, timed_out};
use super::event::{new_event, zgossip_event_t};
use super::handles::{node, zgossip_node_t};
use std::ffi::c_int;
use std::time::Duration;

/// The next event: a tuple that is new or has a new value, this node's own included, in the order
/// of acceptance; that a server is joined; or a line for the log, if those were asked for.
///
/// A node whose events nobody takes goes on all the same. Once 2,000 wait, a tuple that changes again
/// replaces its own waiting event: what waits grows with the number of tuples only, and who comes
/// late gets the latest value of each.
///
/// timeout: how long to wait for one, in milliseconds; 0 does not wait, -1 waits for ever.
/// event_p: set to the event, to be destroyed with zgossip_event_destroy, or to NULL.
///
/// Returns 0, or an error: ZGOSSIP_TIMED_OUT, or ZGOSSIP_INTERRUPTED where a signal ended the wait.
///
/// Threads: any, several at once: each event goes to one of them.
///
/// # Safety
/// `event_p` is NULL or the address of a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_recv(
    self_: *mut zgossip_node_t,
    timeout: c_int,
    event_p: *mut *mut zgossip_event_t,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let Some(event_p) = (unsafe { event_p.as_mut() }) else {
            return Err(bad_argument("event_p", "is NULL"));
        };
        *event_p = std::ptr::null_mut();
        let timeout = match u64::try_from(timeout) {
            Ok(milliseconds) => Some(Duration::from_millis(milliseconds)),
            Err(_) if timeout == -1 => None,
            Err(_) => return Err(bad_argument("timeout", "is less than -1")),
        };
        let event = node(self_)?.recv(timeout)?.ok_or_else(timed_out)?;
        *event_p = new_event(event);
        Ok(0)
    })
}

/// A descriptor that is readable exactly while events wait: for poll, select, epoll, and the event
/// loop of any language. When it is readable, call zgossip_node_recv with a time-out of 0: once, or
/// as often as there is time, or, in a loop that looks at edges only, until it says ZGOSSIP_TIMED_OUT.
/// It stays readable after the node has ended by itself, so that no loop sleeps through that.
///
/// It belongs to the node: do not read, write or close it. It is closed by zgossip_node_destroy.
///
/// Returns the descriptor, or an error: ZGOSSIP_ENDED in a child after a fork, where it would be the
/// parent's.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_node_fd(self_: *mut zgossip_node_t) -> c_int {
    code(&mut || node(self_)?.descriptor().map(i64::from))
}
