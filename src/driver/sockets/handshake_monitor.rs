//! Tells why a server does not come up, or a client is not let in.
//!
//! libzmq retries a refused handshake for ever, without a word. A socket monitor tells of it, but
//! costs two of the 1,024 sockets that CZMQ's context has, so there is one only while a server is down,
//! or where clients need a ZAP handler, and it is read once a second.

use crate::driver::ffi::{Message, Owned, SocketFactory};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Listens for refused handshakes of one socket.
pub(crate) struct HandshakeMonitor {
    monitor: Owned,
}

impl HandshakeMonitor {
    /// None where no socket is left for it: then the server stays down without a reason.
    pub(crate) fn start(factory: &SocketFactory, socket: &Owned) -> Option<HandshakeMonitor> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // The address of the counter keeps two copies of this library apart.
        let endpoint = format!("inproc://zgossip-handshakes-{:p}-{number}", &raw const NUMBER);
        let failures = zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
            | zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
        let monitor = factory.new_socket(zmq::PAIR).ok()?;
        socket.monitor(Some(endpoint.as_bytes()), failures).ok()?;
        if monitor.connect(endpoint.as_bytes()).is_err() {
            let _ = socket.monitor(None, 0);
            return None;
        }
        Some(HandshakeMonitor { monitor })
    }

    /// The last reason for a refusal that has come since the last call.
    pub(crate) fn reason(&self) -> Option<String> {
        let mut reason = None;
        while let Some((event, value)) = self.next() {
            reason = describe(event, value);
        }
        reason
    }

    /// Whether somebody was refused since the last call because no ZAP handler could be asked.
    pub(crate) fn lacks_zap_handler(&self) -> bool {
        let mut lacks = false;
        while let Some((event, value)) = self.next() {
            lacks |= event == zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
                && value == libc::EFAULT as u32;
        }
        lacks
    }

    /// The next event and its value.
    fn next(&self) -> Option<(u32, u32)> {
        let mut frame = Message::new();
        while self.monitor.receive(&mut frame).unwrap_or(false) {
            // Two frames: event number and value, then the endpoint.
            if let (true, [low, high, value @ ..]) = (frame.more(), frame.bytes()) {
                let value = value.first_chunk::<4>().map_or(0, |bytes| u32::from_ne_bytes(*bytes));
                return Some((u32::from(u16::from_ne_bytes([*low, *high])), value));
            }
        }
        None
    }

    /// Stop listening. The DEALER must still be there.
    pub(crate) fn stop(self, dealer: &Owned) {
        let _ = dealer.monitor(None, 0);
        drop(self.monitor);
    }
}

fn describe(event: u32, value: u32) -> Option<String> {
    match event {
        zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH => {
            Some(format!("the server's ZAP handler refuses us (status {value})"))
        }
        zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL => {
            Some("the security handshake fails: mechanisms or keys do not match".to_string())
        }
        zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL => {
            Some("the handshake fails: keys that do not match, or no ZeroMQ server".to_string())
        }
        _ => None,
    }
}
