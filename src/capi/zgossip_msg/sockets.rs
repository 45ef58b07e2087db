//! Messages that are received from a socket and sent to one.

use super::super::types::{resolve, zsock_t};
use super::fields::c_string;
use super::message::{message, zgossip_msg_t};
use crate::core::Level;
use crate::driver::{Borrowed, Message, ZmqError, contain, log_line};
use crate::wire::{self, MessageType, encode_publish, encode_signal};
use std::ffi::c_int;

impl zgossip_msg_t {
    /// The message's frame; None for a number that the protocol does not have.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
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

pub(super) fn receive(message: &mut zgossip_msg_t, socket: &Borrowed) -> Result<(), String> {
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
