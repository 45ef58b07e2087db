//! Events, as C reads them.

use super::errors::{answer, bad_argument, code};
use super::objects::{destroy, tell};
use crate::node::{Error, Event, Tuple};
use std::ffi::{CString, c_char, c_int};

/// Type of event: a tuple is new or has a new value.
pub const ZGOSSIP_EVENT_TUPLE: c_int = 1;
/// Type of event: a line for the log. Its key is "error", "warning", "notice" or "debug".
pub const ZGOSSIP_EVENT_LOG: c_int = 2;
/// Type of event: the server that was connected to by the endpoint that is the key is reached, and has
/// told all that it holds; those tuples came before. Once for each connection, so again after it broke.
pub const ZGOSSIP_EVENT_JOINED: c_int = 3;

/// One event. It belongs to the caller alone.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zgossip_event_t {
    kind: c_int,
    key: CString,
    value: Value,
}

/// A value that ends with a NUL behind its last byte.
#[derive(Debug)]
enum Value {
    Tuple(Tuple),
    Text(CString),
}

/// Neither keys nor values hold a NUL; a line for the log may quote one.
fn c_string(bytes: &[u8]) -> CString {
    CString::new(crate::wire::until_nul(bytes)).unwrap_or_default()
}

/// What C is given, to be destroyed by it.
pub(super) fn new_event(event: Event) -> *mut zgossip_event_t {
    let event = match event {
        Event::Tuple(tuple) => zgossip_event_t {
            kind: ZGOSSIP_EVENT_TUPLE,
            key: c_string(tuple.key()),
            value: Value::Tuple(tuple),
        },
        Event::Log { level, text } => zgossip_event_t {
            kind: ZGOSSIP_EVENT_LOG,
            key: c_string(level.name().as_bytes()),
            value: Value::Text(c_string(text.as_bytes())),
        },
        Event::Joined { endpoint } => zgossip_event_t {
            kind: ZGOSSIP_EVENT_JOINED,
            key: c_string(endpoint.as_bytes()),
            value: Value::Text(CString::default()),
        },
    };
    Box::into_raw(Box::new(event))
}

/// # Safety
/// NULL, or an event of zgossip_node_recv that is alive as long as the returned value.
unsafe fn event<'a>(this: *const zgossip_event_t) -> Result<&'a zgossip_event_t, Error> {
    // SAFETY: by the caller.
    unsafe { this.as_ref() }.ok_or_else(|| bad_argument("event", "is NULL"))
}

/// What kind of event this is: ZGOSSIP_EVENT_TUPLE, _LOG, _JOINED, or one that a later release
/// defines, to be ignored by those who do not know it.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or an event of zgossip_node_recv.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_event_type(self_: *const zgossip_event_t) -> c_int {
    // SAFETY: by the caller.
    code(&mut || unsafe { event(self_) }.map(|event| i64::from(event.kind)))
}

/// The key: bytes with a NUL behind them, valid until the event is destroyed. NULL for a NULL.
///
/// size: set to the number of bytes, without the NUL, or NULL.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or an event of zgossip_node_recv, `size` NULL or the address of a size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_event_key(
    self_: *const zgossip_event_t,
    size: *mut usize,
) -> *const c_char {
    let mut key = std::ptr::null();
    answer(&mut || {
        // SAFETY: by the caller.
        key = unsafe { tell(event(self_)?.key.as_bytes_with_nul(), size) };
        Ok(0)
    });
    key
}

/// The value: bytes with a NUL behind them, valid until the event is destroyed. NULL for a NULL.
///
/// size: set to the number of bytes, without the NUL, or NULL.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or an event of zgossip_node_recv, `size` NULL or the address of a size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_event_value(
    self_: *const zgossip_event_t,
    size: *mut usize,
) -> *const c_char {
    let mut value = std::ptr::null();
    answer(&mut || {
        // SAFETY: by the caller.
        let text = match &unsafe { event(self_) }?.value {
            Value::Tuple(tuple) => tuple.value_and_nul(),
            Value::Text(text) => text.as_bytes_with_nul(),
        };
        // SAFETY: by the caller.
        value = unsafe { tell(text, size) };
        Ok(0)
    });
    value
}

/// Destroy an event and set the caller's pointer to NULL. The address of a NULL is fine.
///
/// Returns 0, or ZGOSSIP_BAD_ARGUMENT for a NULL.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_p` is NULL or points to NULL or to an event of zgossip_node_recv.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_event_destroy(self_p: *mut *mut zgossip_event_t) -> c_int {
    // SAFETY: by the caller.
    code(&mut || unsafe { destroy(self_p) })
}
