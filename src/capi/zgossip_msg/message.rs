//! A message, and how it is made and destroyed.

use super::super::types::zframe_t;
use crate::core::Level;
use crate::driver::{contain, czmq, log_line};
use std::ffi::{CString, c_int, c_void};

/// Message number: a client's first word.
pub const ZGOSSIP_MSG_HELLO: c_int = 1;
/// Message number: a tuple.
pub const ZGOSSIP_MSG_PUBLISH: c_int = 2;
/// Message number: a client asks for a sign of life.
pub const ZGOSSIP_MSG_PING: c_int = 3;
/// Message number: the answer to PING.
pub const ZGOSSIP_MSG_PONG: c_int = 4;
/// Message number: a server does not know the client.
pub const ZGOSSIP_MSG_INVALID: c_int = 5;

/// One message of the gossip protocol. Not for use by two threads at a time.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zgossip_msg_t {
    pub(super) routing_id: *mut zframe_t,
    pub(super) id: c_int,
    pub(super) key: CString,
    pub(super) value: Option<CString>,
    pub(super) ttl: u32,
}

/// The fields behind a pointer; a NULL is logged, and None.
///
/// # Safety
/// NULL, or a message of zgossip_msg_new that is alive and not in use by anybody else.
pub(super) unsafe fn message<'a>(
    this: *mut zgossip_msg_t,
    function: &str,
) -> Option<&'a mut zgossip_msg_t> {
    if this.is_null() {
        let line = format!("{function}: the message is NULL");
        log_line(Level::Error, line.as_bytes());
    }
    // SAFETY: by the caller.
    unsafe { this.as_mut() }
}

/// Create an empty message. The caller owns it, until zgossip_msg_destroy.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_msg_new() -> *mut zgossip_msg_t {
    let message = || {
        Box::into_raw(Box::new(zgossip_msg_t {
            routing_id: std::ptr::null_mut(),
            id: 0,
            key: CString::default(),
            value: None,
            ttl: 0,
        }))
    };
    contain(message).unwrap_or(std::ptr::null_mut())
}

/// Destroy a message and set the caller's pointer to NULL. A NULL, or the address of one, is fine.
///
/// # Safety
/// `self_p` is NULL or points to NULL or to a message of zgossip_msg_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_destroy(self_p: *mut *mut zgossip_msg_t) {
    contain(|| {
        // SAFETY: by the caller.
        let Some(this) = (unsafe { self_p.as_mut() }) else { return };
        if this.is_null() {
            return;
        }
        // SAFETY: from Box::into_raw in zgossip_msg_new; the pointer is set to NULL below.
        let mut message = unsafe { Box::from_raw(*this) };
        *this = std::ptr::null_mut();
        message.drop_routing_id();
    });
}

impl zgossip_msg_t {
    pub(super) fn drop_routing_id(&mut self) {
        if let Some(frames) = czmq().and_then(|czmq| czmq.frames()) {
            // SAFETY: NULL or a frame that we own; zframe_destroy sets the pointer to NULL.
            unsafe { (frames.destroy)((&raw mut self.routing_id).cast()) };
        }
    }

    pub(super) fn set_routing_bytes(&mut self, bytes: &[u8]) {
        self.drop_routing_id();
        if let Some(frames) = czmq().and_then(|czmq| czmq.frames()) {
            // SAFETY: zframe_new copies so many bytes.
            self.routing_id = unsafe { (frames.new)(bytes.as_ptr().cast(), bytes.len()) }.cast();
        }
    }

    pub(super) fn routing_bytes(&self) -> &[u8] {
        let Some(frames) = czmq().and_then(|czmq| czmq.frames()) else { return &[] };
        if self.routing_id.is_null() {
            return &[];
        }
        let frame: *mut c_void = self.routing_id.cast();
        // SAFETY: a live frame of ours; data and size belong together.
        unsafe { std::slice::from_raw_parts((frames.data)(frame), (frames.size)(frame)) }
    }
}
