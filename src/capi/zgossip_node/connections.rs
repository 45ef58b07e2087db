//! Other nodes: accepted, joined and left.

use super::arguments::{needed, optional, with_text};
use super::errors::code;
use super::handles::{node, zgossip_node_t};
use crate::node::Node;
use std::ffi::{c_char, c_int};

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
