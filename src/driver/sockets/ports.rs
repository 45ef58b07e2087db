//! TCP ports: finding a free one as zsock does, and telling which one it was.

use crate::core::PortChoice;
use crate::driver::ffi::{Borrowed, Owned, ZmqError};
use crate::driver::random::random64;

/// Bind to the first free port of the range, from its beginning or from a random place in it.
pub(super) fn bind_any(socket: &Owned, choice: &PortChoice) -> Result<(), ZmqError> {
    let ports = u32::from(choice.last) + 1;
    let ports = ports.saturating_sub(u32::from(choice.first));
    let start = if choice.random && ports > 0 { random64() as u32 % ports } else { 0 };
    let mut outcome = Err(ZmqError::IN_USE);
    for step in 0..ports {
        let port = u32::from(choice.first) + (start + step) % ports;
        outcome = socket.bind(&choice.with_port(port as u16));
        match outcome {
            // Somebody has this port, or the system keeps it for itself: try the next.
            Err(ZmqError::IN_USE | ZmqError::FORBIDDEN) => {}
            _ => break,
        }
    }
    outcome
}

/// The port that a TCP bind really got; None for other transports.
pub(super) fn bound_port(socket: &Borrowed, endpoint: &[u8]) -> Option<u16> {
    if !endpoint.starts_with(b"tcp://") {
        return None;
    }
    let bound = socket.last_endpoint()?;
    let colon = bound.iter().rposition(|&byte| byte == b':')?;
    std::str::from_utf8(bound.get(colon + 1..)?).ok()?.parse().ok()
}
