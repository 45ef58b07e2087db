//! `zgossip_msg.h`: the codec of the gossip protocol, as CZMQ builds it with draft APIs.

use super::selftest;
use super::types::{resolve, zframe_t, zsock_t};
use crate::core::Level;
use crate::driver::{Borrowed, Message, ZmqError, contain, czmq, log_line};
use crate::wire::{self, MAX_KEY, MessageType, encode_publish, encode_signal, until_nul};
use std::ffi::{CStr, CString, c_char, c_int, c_void};

mod selftest_msg;

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
    routing_id: *mut zframe_t,
    id: c_int,
    key: CString,
    value: Option<CString>,
    ttl: u32,
}

/// The fields behind a pointer; a NULL is logged, and None.
///
/// # Safety
/// NULL, or a message of zgossip_msg_new that is alive and not in use by anybody else.
unsafe fn message<'a>(this: *mut zgossip_msg_t, function: &str) -> Option<&'a mut zgossip_msg_t> {
    if this.is_null() {
        let line = format!("{function}: the message is NULL");
        log_line(Level::Error, line.as_bytes());
    }
    // SAFETY: by the caller.
    unsafe { this.as_mut() }
}

fn c_string(text: &[u8]) -> CString {
    CString::new(until_nul(text)).unwrap_or_default()
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
    fn drop_routing_id(&mut self) {
        if let Some(frames) = czmq().and_then(|czmq| czmq.frames()) {
            // SAFETY: NULL or a frame that we own; zframe_destroy sets the pointer to NULL.
            unsafe { (frames.destroy)((&raw mut self.routing_id).cast()) };
        }
    }

    fn set_routing_bytes(&mut self, bytes: &[u8]) {
        self.drop_routing_id();
        if let Some(frames) = czmq().and_then(|czmq| czmq.frames()) {
            // SAFETY: zframe_new copies so many bytes.
            self.routing_id = unsafe { (frames.new)(bytes.as_ptr().cast(), bytes.len()) }.cast();
        }
    }

    fn routing_bytes(&self) -> &[u8] {
        let Some(frames) = czmq().and_then(|czmq| czmq.frames()) else { return &[] };
        if self.routing_id.is_null() {
            return &[];
        }
        let frame: *mut c_void = self.routing_id.cast();
        // SAFETY: a live frame of ours; data and size belong together.
        unsafe { std::slice::from_raw_parts((frames.data)(frame), (frames.size)(frame)) }
    }

    /// The message's frame; None for a number that the protocol does not have.
    fn encode(&self) -> Option<Vec<u8>> {
        let id = MessageType::from_number(self.id)?;
        if id != MessageType::Publish {
            return Some(encode_signal(id).to_vec());
        }
        let mut frame = Vec::new();
        let value = self.value.as_deref().unwrap_or_default();
        encode_publish(&mut frame, self.key.as_bytes(), value.to_bytes(), self.ttl).then_some(frame)
    }

    fn decode(&mut self, frame: &[u8]) -> Result<(), wire::Malformed> {
        let parsed = wire::decode(frame)?;
        self.id = parsed.id() as c_int;
        if let wire::Message::Publish { key, value, ttl } = parsed {
            self.key = c_string(key);
            self.value = Some(c_string(value));
            self.ttl = ttl;
        }
        Ok(())
    }
}

/// Receive a message from a socket; waits until there is one. From a ROUTER, the routing id is
/// kept as well.
///
/// Returns 0, or -1 when the wait was interrupted or the message is malformed. A malformed
/// message is taken off the socket whole and leaves this one as it was.
///
/// # Safety
/// `self_` is a live message, `input` a live socket of this thread's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_recv(self_: *mut zgossip_msg_t, input: *mut zsock_t) -> c_int {
    let receive = || {
        // SAFETY: by the caller.
        let message = unsafe { message(self_, "zgossip_msg_recv") }?;
        // SAFETY: by the caller.
        let outcome = unsafe { resolve(input.cast()) }
            .map_err(|error| error.to_string())
            .and_then(|socket| receive(message, &socket));
        outcome
            .map_err(|reason| {
                let line = format!("zgossip_msg: {reason}");
                log_line(Level::Warning, line.as_bytes());
            })
            .ok()
    };
    contain(receive).flatten().map_or(-1, |()| 0)
}

fn receive(message: &mut zgossip_msg_t, socket: &Borrowed) -> Result<(), String> {
    let text = |error: ZmqError| error.to_string();
    let is_router = socket.kind().map_err(text)? == zmq::ROUTER as c_int;
    let mut frame = Message::new();
    socket.wait_for(&mut frame).map_err(text)?;
    let mut routing_id = None;
    if is_router {
        if !frame.more() {
            return Err("no routing ID".to_string());
        }
        routing_id = Some(std::mem::replace(&mut frame, Message::new()));
        socket.wait_for(&mut frame).map_err(text)?;
    }
    let mut frames = 1;
    let mut more = frame.more();
    while more {
        let mut surplus = Message::new();
        socket.wait_for(&mut surplus).map_err(text)?;
        more = surplus.more();
        frames += 1;
    }
    if frames > 1 {
        return Err(wire::Malformed::Frames(frames).to_string());
    }
    message.decode(frame.bytes()).map_err(|fault| fault.to_string())?;
    if let Some(routing_id) = routing_id {
        message.set_routing_bytes(routing_id.bytes());
    }
    Ok(())
}

/// Send a message to a socket, as one frame, behind the routing id if the socket is a ROUTER. The
/// message stays the caller's and can be sent again.
///
/// Returns 0, or -1 when the socket did not take it or the message has no number yet.
///
/// # Safety
/// `self_` is a live message, `output` a live socket of this thread's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_msg_send(
    self_: *mut zgossip_msg_t,
    output: *mut zsock_t,
) -> c_int {
    let send = || {
        // SAFETY: by the caller.
        let message = unsafe { message(self_, "zgossip_msg_send") }?;
        // SAFETY: by the caller.
        let socket = unsafe { resolve(output.cast()) }.ok()?;
        let frame = message.encode()?;
        if socket.kind().ok()? == zmq::ROUTER as c_int {
            socket.send_waiting(message.routing_bytes(), true).ok()?;
        }
        socket.send_waiting(&frame, false).ok()
    };
    contain(send).flatten().map_or(-1, |()| 0)
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

/// Self test of this class. Prints one line, or aborts with the failed check.
///
/// verbose: print each message as well.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_msg_test(verbose: bool) {
    selftest::run("zgossip_msg", || selftest_msg::every_message(verbose));
}
