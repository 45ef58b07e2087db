//! CZMQ's types, as far as they cross the boundary: addresses of things that only CZMQ knows.

use crate::driver::{Borrowed, ZmqError, czmq};
use std::ffi::c_void;

/// CZMQ's `zsock_t`.
#[repr(C)]
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zsock_t {
    _private: [u8; 0],
}

/// CZMQ's `zframe_t`.
#[repr(C)]
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zframe_t {
    _private: [u8; 0],
}

/// The libzmq socket behind a `zsock_t`, or behind itself where the process has no CZMQ.
///
/// # Safety
/// `socket` is NULL, or a live `zsock_t`, `zactor_t` or libzmq socket that no other thread uses as
/// long as the returned value exists.
pub(super) unsafe fn resolve(socket: *mut c_void) -> Result<Borrowed, ZmqError> {
    if socket.is_null() {
        return Err(ZmqError(libc::ENOTSOCK));
    }
    let raw = match czmq() {
        // SAFETY: alive and not NULL.
        Some(czmq) => unsafe { czmq.resolve(socket) },
        None => socket,
    };
    if raw.is_null() {
        return Err(ZmqError(libc::ENOTSOCK));
    }
    // SAFETY: by the caller; libzmq itself answers ENOTSOCK to what is none.
    let borrowed = unsafe { Borrowed::from_raw(raw) };
    borrowed.kind().map(|_| borrowed)
}
