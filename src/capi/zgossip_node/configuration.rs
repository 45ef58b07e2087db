//! The configuration of a node.

use super::arguments::{needed, with_text};
use super::errors::code;
use super::handles::{node, zgossip_node_t};
use crate::node::Node;
use std::ffi::{c_char, c_int};

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
