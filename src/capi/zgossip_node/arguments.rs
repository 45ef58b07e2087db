//! What C hands in, turned into safe values.

use super::errors::{bad_argument, code};
use super::handles::{node, zgossip_node_t};
use crate::node::{Error, Node};
use std::ffi::{CStr, c_char, c_int, c_void};

/// The bytes of an argument that is needed.
///
/// # Safety
/// `text` is NULL or a C string that outlives the returned value.
pub(super) unsafe fn needed<'a>(text: *const c_char, name: &str) -> Result<&'a [u8], Error> {
    // SAFETY: by the caller.
    unsafe { optional(text) }.ok_or_else(|| bad_argument(name, "is NULL"))
}

/// # Safety
/// `text` is NULL or a C string that outlives the returned value.
pub(super) unsafe fn optional<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: by the caller.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// The bytes of a key or a value.
///
/// # Safety
/// `bytes` is NULL, or has `size` bytes, or is a C string if that is ZGOSSIP_STRING; it outlives the
/// returned value.
pub(super) unsafe fn sized<'a>(
    bytes: *const c_void,
    size: usize,
    name: &str,
) -> Result<&'a [u8], Error> {
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
pub(super) unsafe fn with_text(
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
