//! The fields of a message: printed, read and set.

use super::super::types::zframe_t;
use super::message::{message, zgossip_msg_t};
use crate::core::Level;
use crate::driver::{contain, czmq, log_line};
use crate::wire::{MAX_KEY, MessageType, until_nul};
use std::ffi::{CStr, CString, c_char, c_int};

pub(super) fn c_string(text: &[u8]) -> CString {
    CString::new(until_nul(text)).unwrap_or_default()
}

/// # Safety
/// NULL or a C string that outlives the use of the bytes.
unsafe fn text<'a>(text: *const c_char, function: &str) -> Option<&'a [u8]> {
    if text.is_null() {
        let line = format!("{function}: the text is NULL");
        log_line(Level::Error, line.as_bytes());
        return None;
    }
    // SAFETY: by the caller.
    Some(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// Print the message's fields to the log, as debug lines.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_print(self_: *mut zgossip_msg_t) {
    contain(|| {
        // SAFETY: by the caller.
        let message = unsafe { message(self_, "zgossip_msg_print") }?;
        let id = MessageType::from_number(message.id)?;
        let line = |parts: &[&[u8]]| log_line(Level::Debug, &parts.concat());
        line(&[b"ZGOSSIP_MSG_", id.name().as_bytes(), b":"]);
        line(&[b"    version=1"]);
        if id == MessageType::Publish {
            line(&[b"    key='", message.key.as_bytes(), b"'"]);
            match &message.value {
                Some(value) => line(&[b"    value='", value.as_bytes(), b"'"]),
                None => line(&[b"    value="]),
            }
            line(&[b"    ttl=", message.ttl.to_string().as_bytes()]);
        }
        Some(())
    });
}

/// The routing id that came with the message from a ROUTER, or NULL. It stays the message's.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_routing_id(self_: *mut zgossip_msg_t) -> *mut zframe_t {
    // SAFETY: by the caller.
    let message = unsafe { message(self_, "zgossip_msg_routing_id") };
    message.map_or(std::ptr::null_mut(), |message| message.routing_id)
}

/// Set the routing id for a ROUTER, from a copy of this frame. NULL takes it away.
///
/// # Safety
/// `self_` is a live message, `routing_id` NULL or a live frame.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_set_routing_id(
    self_: *mut zgossip_msg_t,
    routing_id: *mut zframe_t,
) {
    contain(|| {
        // SAFETY: by the caller.
        let message = unsafe { message(self_, "zgossip_msg_set_routing_id") }?;
        let frames = czmq().and_then(|czmq| czmq.frames())?;
        let copy = if routing_id.is_null() {
            std::ptr::null_mut()
        } else {
            // SAFETY: by the caller.
            unsafe { (frames.dup)(routing_id.cast()) }
        };
        message.drop_routing_id();
        message.routing_id = copy.cast();
        Some(())
    });
}

/// The message's number: one of ZGOSSIP_MSG_..., 0 for a new message.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_id(self_: *mut zgossip_msg_t) -> c_int {
    // SAFETY: by the caller.
    unsafe { message(self_, "zgossip_msg_id") }.map_or(0, |message| message.id)
}

/// Set the message's number.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_set_id(self_: *mut zgossip_msg_t, id: c_int) {
    // SAFETY: by the caller.
    if let Some(message) = unsafe { message(self_, "zgossip_msg_set_id") } {
        message.id = id;
    }
}

/// The message's name, "?" where its number is not the protocol's. The string is static.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_command(self_: *mut zgossip_msg_t) -> *const c_char {
    // SAFETY: by the caller.
    let message = unsafe { message(self_, "zgossip_msg_command") };
    let name = match message.and_then(|message| MessageType::from_number(message.id)) {
        Some(MessageType::Hello) => c"HELLO",
        Some(MessageType::Publish) => c"PUBLISH",
        Some(MessageType::Ping) => c"PING",
        Some(MessageType::Pong) => c"PONG",
        Some(MessageType::Invalid) => c"INVALID",
        None => c"?",
    };
    name.as_ptr()
}

/// The tuple's key, "" if none was set. It stays the message's, until the key is set again.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_key(self_: *mut zgossip_msg_t) -> *const c_char {
    // SAFETY: by the caller.
    unsafe { message(self_, "zgossip_msg_key") }
        .map_or(std::ptr::null(), |message| message.key.as_ptr())
}

/// Set the tuple's key, from a copy of at most 255 bytes of this string.
///
/// # Safety
/// `self_` is a live message, `key` a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_set_key(self_: *mut zgossip_msg_t, key: *const c_char) {
    contain(|| {
        // SAFETY: by the caller.
        let message = unsafe { message(self_, "zgossip_msg_set_key") }?;
        // SAFETY: by the caller.
        let key = unsafe { text(key, "zgossip_msg_set_key") }?;
        message.key = c_string(key.get(..MAX_KEY).unwrap_or(key));
        Some(())
    });
}

/// The tuple's value, NULL if none was set. It stays the message's, until the value is set again.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_value(self_: *mut zgossip_msg_t) -> *const c_char {
    // SAFETY: by the caller.
    let message = unsafe { message(self_, "zgossip_msg_value") };
    let value = message.and_then(|message| message.value.as_ref());
    value.map_or(std::ptr::null(), |value| value.as_ptr())
}

/// Set the tuple's value, from a copy of this string.
///
/// # Safety
/// `self_` is a live message, `value` a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_set_value(self_: *mut zgossip_msg_t, value: *const c_char) {
    contain(|| {
        // SAFETY: by the caller.
        let message = unsafe { message(self_, "zgossip_msg_set_value") }?;
        // SAFETY: by the caller.
        let value = unsafe { text(value, "zgossip_msg_set_value") }?;
        message.value = Some(c_string(value));
        Some(())
    });
}

/// The tuple's time to live, in milliseconds by definition. No known node acts on it.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_ttl(self_: *mut zgossip_msg_t) -> u32 {
    // SAFETY: by the caller.
    unsafe { message(self_, "zgossip_msg_ttl") }.map_or(0, |message| message.ttl)
}

/// Set the tuple's time to live.
///
/// # Safety
/// `self_` is a live message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_set_ttl(self_: *mut zgossip_msg_t, ttl: u32) {
    // SAFETY: by the caller.
    if let Some(message) = unsafe { message(self_, "zgossip_msg_set_ttl") } {
        message.ttl = ttl;
    }
}
