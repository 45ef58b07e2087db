//! Keys, and who asks a ZAP handler.

use super::arguments::{needed, with_text};
use super::errors::{bad_argument, code};
use super::handles::{node, zgossip_node_t};
use crate::node::{Node, new_keys};
use std::ffi::{c_char, c_int};

/// Give the node its own CURVE keys, 40 characters of Z85 each: see zgossip_new_keys. To be called
/// before bind and connect, which from then on are encrypted or refused.
///
/// Returns 0, or an error, which changes nothing: ZGOSSIP_BAD_ARGUMENT where one is not a key,
/// ZGOSSIP_REFUSED where the node is bound to tcp or ipc already.
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

/// Let in the client with this public key, 40 characters of Z85, and from now on nobody who is not
/// allowed. To be called once or more before bind, and later at any time. Needs keys of the node's
/// own. The setting zgossip/security/certificates (zgossip_node_set) lets in those whose
/// certificates are in a directory, which is read again when it changes. Nobody is asked for a key
/// who comes by inproc. Who is connected already stays so.
///
/// Returns 0, or an error: ZGOSSIP_BAD_ARGUMENT where it is no key; ZGOSSIP_REFUSED where the node
/// is bound to tcp or ipc already and lets in everybody, or where another ZAP handler of the process,
/// such as CZMQ's zauth, says who may come in. Then nothing can be bound any more. The other way round,
/// zauth must not be started behind this call: it ends the process where it is not the only handler.
///
/// Threads: any.
///
/// # Safety
/// `public_key` is NULL or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_allow(
    self_: *mut zgossip_node_t,
    public_key: *const c_char,
) -> c_int {
    let call = |node: &Node, key: &[u8]| node.allow(key).map(|()| 0);
    // SAFETY: by the caller.
    unsafe { with_text(self_, public_key, "public_key", call) }
}

/// The domain under which a ZAP handler is asked about clients. To be called before bind. The handler
/// is one in the context of the sockets, such as CZMQ's zauth. Without one nobody is let in. Where no
/// domain was set, a handler is asked about "global" if the node has keys, and without a handler all
/// clients that know the node's public key are let in. After zgossip_node_allow the domain has no
/// meaning.
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
