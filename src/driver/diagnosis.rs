//! Why a server does not come up.
//!
//! libzmq retries a refused handshake for ever without a word. A socket monitor would tell, but
//! costs two sockets out of CZMQ's 1,024, so there is one only while a server is down, and it is
//! looked at once a second.

use super::ffi::{Message, Owned, Sockets};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Listens for refused handshakes of one DEALER.
pub(crate) struct Diagnosis {
    monitor: Owned,
}

impl Diagnosis {
    /// None where no socket is left for it: then the server stays down without a reason.
    pub(crate) fn start(sockets: &Sockets, dealer: &Owned) -> Option<Diagnosis> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // The address of the counter keeps two copies of this library apart.
        let endpoint = format!("inproc://zgossip-diagnosis-{:p}-{number}", &raw const NUMBER);
        let failures = zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
            | zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | zmq_sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
        let monitor = sockets.new_socket(zmq::PAIR).ok()?;
        dealer.monitor(Some(endpoint.as_bytes()), failures).ok()?;
        if monitor.connect(endpoint.as_bytes()).is_err() {
            let _ = dealer.monitor(None, 0);
            return None;
        }
        Some(Diagnosis { monitor })
    }

    /// What has been heard since the last time.
    pub(crate) fn reason(&self) -> Option<String> {
        let mut reason = None;
        let mut frame = Message::new();
        while self.monitor.receive(&mut frame).unwrap_or(false) {
            // Two frames: event number and value, then the endpoint.
            if let (true, [low, high, value @ ..]) = (frame.more(), frame.bytes()) {
                let value = value.first_chunk::<4>().map_or(0, |bytes| u32::from_ne_bytes(*bytes));
                reason = describe(u32::from(u16::from_ne_bytes([*low, *high])), value);
            }
        }
        reason
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
