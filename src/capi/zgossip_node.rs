//! `zgossip_node.h`: a node with a handle, for programs without CZMQ and for other languages.

mod errors;
mod event;
mod handles;
#[cfg(test)]
mod tests;
mod tuples;

pub use errors::*;
pub use event::*;
pub use tuples::*;

use crate::node::{Error, Log, Node, Options, new_keys};
use errors::{answer, bad_argument, code, not_found, timed_out};
use handles::{add, node, remove};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::time::Duration;

/// Option of zgossip_node_new: lines for the log become events, ZGOSSIP_EVENT_LOG. At most the 100
/// latest of them wait.
pub const ZGOSSIP_LOG_EVENTS: u32 = 1;
/// Option of zgossip_node_new: no log at all.
pub const ZGOSSIP_LOG_OFF: u32 = 2;
/// Option of zgossip_node_new: log every command and every step.
pub const ZGOSSIP_VERBOSE: u32 = 4;

/// A node. Opaque: a number that no later node gets again, and not the address of anything.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zgossip_node_t {
    _private: [u8; 0],
}

/// The bytes of an argument that is needed.
///
/// # Safety
/// `text` is NULL or a C string that outlives the returned value.
unsafe fn needed<'a>(text: *const c_char, name: &str) -> Result<&'a [u8], Error> {
    // SAFETY: by the caller.
    unsafe { optional(text) }.ok_or_else(|| bad_argument(name, "is NULL"))
}

/// # Safety
/// `text` is NULL or a C string that outlives the returned value.
unsafe fn optional<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: by the caller.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// The bytes of a key or a value.
///
/// # Safety
/// `bytes` is NULL, or has `size` bytes, or is a C string if that is ZGOSSIP_STRING; it outlives the
/// returned value.
unsafe fn sized<'a>(bytes: *const c_void, size: usize, name: &str) -> Result<&'a [u8], Error> {
    match size {
        // SAFETY: by the caller.
        usize::MAX => unsafe { needed(bytes.cast(), name) },
        0 => Ok(&[]),
        _ if bytes.is_null() => Err(bad_argument(name, "is NULL")),
        _ if isize::try_from(size).is_err() => Err(bad_argument(name, "has an impossible size")),
        // SAFETY: by the caller; not NULL, and no larger than anything can be.
        _ => Ok(unsafe { std::slice::from_raw_parts(bytes.cast(), size) }),
    }
}

/// Call a function of a node with one text.
///
/// # Safety
/// `text` is NULL or a C string.
unsafe fn with_text(
    self_: *mut zgossip_node_t,
    text: *const c_char,
    name: &str,
    call: fn(&Node, &[u8]) -> Result<i64, Error>,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let text = unsafe { needed(text, name) }?;
        call(&*node(self_)?, text)
    })
}

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

/// Accept other nodes at an endpoint: tcp, ipc or inproc. May be repeated. As a TCP port, * takes
/// the lowest free one from 49152 up, ! a random one; a range may follow: tcp://0.0.0.0:*[6000-6100].
///
/// Returns the TCP port, 0 for another transport, or an error: ZGOSSIP_REFUSED with the reason.
///
/// Threads: any.
///
/// # Safety
/// `endpoint` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_bind(
    self_: *mut zgossip_node_t,
    endpoint: *const c_char,
) -> c_int {
    let call = |node: &Node, endpoint: &[u8]| node.bind(endpoint).map(i64::from);
    // SAFETY: by the caller.
    unsafe { with_text(self_, endpoint, "endpoint", call) }
}

/// Join the node that is bound there, now or whenever it will be: 0 says only that the endpoint can
/// be one. The connection is made, and made again after it broke, in the background; a server that
/// refuses us is told in the log. To connect twice to one endpoint is to connect once.
///
/// server_key: the server's public CURVE key, 40 characters of Z85, with which the link is encrypted;
/// NULL for plain text, which a node that has keys refuses.
///
/// Returns 0, or an error: ZGOSSIP_REFUSED with the reason.
///
/// Threads: any.
///
/// # Safety
/// `endpoint` and `server_key` are NULL or C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_connect(
    self_: *mut zgossip_node_t,
    endpoint: *const c_char,
    server_key: *const c_char,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let endpoint = unsafe { needed(endpoint, "endpoint") }?;
        // SAFETY: by the caller.
        let key = unsafe { optional(server_key) };
        node(self_)?.connect_as(endpoint, key).map(|()| 0)
    })
}

/// Leave the node that zgossip_node_connect named by this endpoint. What it has told stays.
///
/// Returns 0, or an error: ZGOSSIP_REFUSED where this node is not connected to that endpoint.
///
/// Threads: any.
///
/// # Safety
/// `endpoint` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_disconnect(
    self_: *mut zgossip_node_t,
    endpoint: *const c_char,
) -> c_int {
    let call = |node: &Node, endpoint: &[u8]| node.disconnect(endpoint).map(|()| 0);
    // SAFETY: by the caller.
    unsafe { with_text(self_, endpoint, "endpoint", call) }
}

/// Tell the network a tuple. The newest value of a key wins, everywhere.
///
/// key, key_size: at most 255 bytes; the size may be ZGOSSIP_STRING. A key may be empty.
/// value, value_size: less than 4 GiB. Neither may hold a NUL byte, which ends them in CZMQ peers.
/// ttl: 0; reserved for a time to live.
///
/// The bytes are copied. Does not wait for the node's thread, unless that is 10,000 publications
/// behind; calls made later see the tuple. The node's own tuples come as events, too.
///
/// Returns 0, or an error: ZGOSSIP_BAD_ARGUMENT for a key or a value that cannot be published.
///
/// Threads: any.
///
/// # Safety
/// `key` and `value` have as many bytes as their sizes say, or are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_publish(
    self_: *mut zgossip_node_t,
    key: *const c_void,
    key_size: usize,
    value: *const c_void,
    value_size: usize,
    ttl: u32,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let key = unsafe { sized(key, key_size, "key") }?;
        // SAFETY: by the caller.
        let value = unsafe { sized(value, value_size, "value") }?;
        if ttl != 0 {
            return Err(bad_argument("ttl", "is not 0"));
        }
        node(self_)?.publish(key, value).map(|()| 0)
    })
}

/// Forget a tuple, as UNPUBLISH of the actor does. No error where there is none.
///
/// Returns 0, or an error. Does not wait, as zgossip_node_publish.
///
/// Threads: any.
///
/// # Safety
/// `key` has as many bytes as its size says, or is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_unpublish(
    self_: *mut zgossip_node_t,
    key: *const c_void,
    key_size: usize,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let key = unsafe { sized(key, key_size, "key") }?;
        node(self_)?.unpublish(key).map(|()| 0)
    })
}

/// The value that the node holds of a key.
///
/// buffer, capacity: where to put it. As much as fits is copied, and a NUL behind it if that fits.
/// NULL and 0 to ask for the size only.
///
/// Returns the size of the whole value, without a NUL, or an error: ZGOSSIP_NOT_FOUND where the node
/// holds no such tuple. A result that is larger than the capacity tells how much to come again with.
///
/// Threads: any.
///
/// # Safety
/// `key` has as many bytes as its size says, or is a C string; `buffer` has room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_get(
    self_: *mut zgossip_node_t,
    key: *const c_void,
    key_size: usize,
    buffer: *mut c_void,
    capacity: usize,
) -> i64 {
    answer(&mut || {
        // SAFETY: by the caller.
        let key = unsafe { sized(key, key_size, "key") }?;
        if buffer.is_null() && capacity > 0 {
            return Err(bad_argument("buffer", "is NULL"));
        }
        let tuple = node(self_)?.get(key)?.ok_or_else(not_found)?;
        let value = tuple.value();
        let fits = value.len().min(capacity);
        if capacity > 0 {
            // SAFETY: not NULL, and room for `capacity` bytes by the caller.
            unsafe {
                std::ptr::copy_nonoverlapping(value.as_ptr(), buffer.cast(), fits);
                if fits < capacity {
                    buffer.cast::<u8>().add(fits).write(0);
                }
            }
        }
        Ok(value.len() as i64)
    })
}

/// How many tuples the node holds, or an error.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_node_size(self_: *mut zgossip_node_t) -> i64 {
    answer(&mut || node(self_)?.size().map(|size| size as i64))
}

/// All tuples that the node holds at one moment, in the order of their last change. What happens
/// to the node later, its end included, does not change the list.
///
/// Returns a list, to be destroyed with zgossip_tuples_destroy, or NULL.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_node_snapshot(self_: *mut zgossip_node_t) -> *mut zgossip_tuples_t {
    let mut list = std::ptr::null_mut();
    answer(&mut || {
        list = tuples::list(node(self_)?.snapshot()?);
        Ok(0)
    });
    list
}

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
        *event_p = event::shown(event);
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

/// Set one item of the configuration: "server/verbose" to "1", for instance.
///
/// Returns 0, or an error: ZGOSSIP_REFUSED with the reason.
///
/// Threads: any.
///
/// # Safety
/// `path` and `value` are NULL or C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_set(
    self_: *mut zgossip_node_t,
    path: *const c_char,
    value: *const c_char,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let path = unsafe { needed(path, "path") }?;
        // SAFETY: by the caller.
        let value = unsafe { needed(value, "value") }?;
        node(self_)?.set(path, value).map(|()| 0)
    })
}

/// Take the configuration from a file, in ZPL as zconfig writes it, and again whenever it changes:
/// what it says to bind is bound.
///
/// Returns 0, or an error: ZGOSSIP_REFUSED with the reason where the file cannot be loaded, which
/// changes nothing, or where something in it could not be done.
///
/// Threads: any.
///
/// # Safety
/// `file` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_load(
    self_: *mut zgossip_node_t,
    file: *const c_char,
) -> c_int {
    let call = |node: &Node, file: &[u8]| node.load(file).map(|()| 0);
    // SAFETY: by the caller.
    unsafe { with_text(self_, file, "file", call) }
}

/// Write the configuration to a file, whole or not at all; "-" is standard output.
///
/// Returns 0, or an error: ZGOSSIP_REFUSED with the reason.
///
/// Threads: any.
///
/// # Safety
/// `file` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_save(
    self_: *mut zgossip_node_t,
    file: *const c_char,
) -> c_int {
    let call = |node: &Node, file: &[u8]| node.save(file).map(|()| 0);
    // SAFETY: by the caller.
    unsafe { with_text(self_, file, "file", call) }
}

/// Give the node its own CURVE keys, 40 characters of Z85 each: see zgossip_new_keys. To be called
/// before bind and connect, which from then on are encrypted or refused.
///
/// Returns 0, or an error: ZGOSSIP_BAD_ARGUMENT where one is not a key, which changes nothing.
///
/// Threads: any.
///
/// # Safety
/// `public_key` and `secret_key` are NULL or C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_set_keys(
    self_: *mut zgossip_node_t,
    public_key: *const c_char,
    secret_key: *const c_char,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let public = unsafe { needed(public_key, "public_key") }?;
        // SAFETY: by the caller.
        let secret = unsafe { needed(secret_key, "secret_key") }?;
        node(self_)?.set_keys(public, secret).map(|()| 0)
    })
}

/// The domain under which a ZAP handler is asked about clients, "global" where keys are set and this
/// is not. To be called before bind. The handler is one in the context of the sockets, such as CZMQ's
/// zauth; a process without CZMQ has none, and all clients with the right keys are let in.
///
/// Returns 0, or an error.
///
/// Threads: any.
///
/// # Safety
/// `domain` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_set_zap_domain(
    self_: *mut zgossip_node_t,
    domain: *const c_char,
) -> c_int {
    let call = |node: &Node, domain: &[u8]| node.set_zap_domain(domain).map(|()| 0);
    // SAFETY: by the caller.
    unsafe { with_text(self_, domain, "domain", call) }
}

/// Make a pair of CURVE keys, as C strings of 40 characters.
///
/// Returns 0, or an error: ZGOSSIP_NO_RESOURCES where the system's libzmq has no CURVE.
///
/// Threads: any.
///
/// # Safety
/// `public_key` and `secret_key` are NULL or have room for 41 bytes each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_new_keys(
    public_key: *mut c_char,
    secret_key: *mut c_char,
) -> c_int {
    code(&mut || {
        if public_key.is_null() || secret_key.is_null() {
            return Err(bad_argument("a key", "is NULL"));
        }
        let (public, secret) = new_keys()?;
        for (key, to) in [(public, public_key), (secret, secret_key)] {
            let bytes = key.as_bytes();
            // SAFETY: 40 bytes and a NUL, for which there is room by the caller.
            unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), to.cast(), bytes.len());
                to.add(bytes.len()).write(0);
            }
        }
        Ok(0)
    })
}
