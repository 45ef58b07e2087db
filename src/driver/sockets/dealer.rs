//! A DEALER: one socket for each server.
//!
//! With ZMQ_IMMEDIATE a DEALER has a pipe exactly while its connection stands, so POLLOUT tells
//! whether the server is up. A socket monitor would tell the same, but costs two more sockets for each
//! server out of the 1,024 that CZMQ's context has, and reports nothing for inproc.

use super::limit;
use crate::core::{CurveClient, is_inproc};
use crate::driver::ffi::{Message, Owned, SocketFactory, ZmqError};
use crate::driver::reason::Reason;

/// Messages that may be queued for one server before it counts as not reading. A server that answers
/// PING never has more than half of it; this is for those that do not.
const SERVER_QUEUE: i32 = 40_000;

/// How many frames may be received in a row before libzmq looks for news of its own threads, such as
/// the end of a connection (`inbound_poll_rate`, the same since 2.0); it also does when there is
/// nothing to receive. With ZMQ_IMMEDIATE the end of a connection drops what has not been read from it.
/// If that happens in the middle of a message, an assertion in libzmq fails, which ends the process.
const FRAMES_BEFORE_NEWS: u32 = 100;

/// The socket of one server.
pub(crate) struct Dealer {
    socket: Owned,
    /// What libzmq connects it to; None as long as the server's name has no address.
    endpoint: Option<Vec<u8>>,
    curve: Option<Box<CurveClient>>,
    /// Frames received since there was nothing to receive.
    received: u32,
    torn: bool,
}

impl Dealer {
    /// A socket that is connected to this endpoint, at once or, where there is none yet, later.
    pub(crate) fn connect(
        factory: &SocketFactory,
        endpoint: Option<&[u8]>,
        curve: Option<Box<CurveClient>>,
    ) -> Result<Dealer, Reason> {
        if curve.is_some() && !zmq::has("curve").unwrap_or(false) {
            return Err("this libzmq has no CURVE".into());
        }
        let socket = new_socket(factory, curve.as_deref())?;
        let mut dealer = Dealer { socket, endpoint: None, curve, received: 0, torn: false };
        if let Some(endpoint) = endpoint {
            dealer.connect_to(endpoint)?;
        }
        Ok(dealer)
    }

    /// A new socket in the place of this one.
    pub(crate) fn renewed(&self, factory: &SocketFactory) -> Result<Dealer, Reason> {
        Dealer::connect(factory, self.endpoint.as_deref(), self.curve.clone())
    }

    pub(crate) fn socket(&self) -> &Owned {
        &self.socket
    }

    /// Whether a message was given up before its end: then nothing more may be received from this
    /// socket.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    /// The next message's first frame, received into `frame`, and how many frames the message has; None
    /// when there is none. The other frames are dropped, as the protocol has none. Where reading them
    /// to the end is not safe, the connection is given up instead: then the DEALER is torn, and the
    /// message has at least so many frames.
    pub(crate) fn receive(&mut self, frame: &mut Message) -> Result<Option<usize>, ZmqError> {
        if !self.receive_frame(frame)? {
            return Ok(None);
        }
        let (mut frames, mut more) = (1, frame.more());
        while more {
            frames += 1;
            if self.received + 1 >= FRAMES_BEFORE_NEWS {
                self.torn = true;
                // The server need not send more of what nobody reads.
                self.disconnect();
                break;
            }
            let mut next = Message::new();
            more = self.receive_frame(&mut next)? && next.more();
        }
        Ok(Some(frames))
    }

    fn receive_frame(&mut self, frame: &mut Message) -> Result<bool, ZmqError> {
        let received = self.socket.receive(frame)?;
        self.received = if received { self.received.saturating_add(1) } else { 0 };
        Ok(received)
    }

    /// Whether the server is in this process.
    pub(crate) fn is_inproc(&self) -> bool {
        self.endpoint.as_deref().is_some_and(is_inproc)
    }

    /// The connection is down. libzmq makes a new one by itself, except within the process.
    pub(crate) fn reconnect(&self, factory: &SocketFactory) -> Result<(), ZmqError> {
        if self.is_inproc() { self.connect_again(factory) } else { Ok(()) }
    }

    /// Give up the connection, if there is any, and make another.
    pub(crate) fn connect_again(&self, factory: &SocketFactory) -> Result<(), ZmqError> {
        self.disconnect();
        if self.is_inproc() {
            factory.check_before_inproc()?;
        }
        self.endpoint.as_deref().map_or(Ok(()), |endpoint| self.socket.connect(endpoint))
    }

    /// The same, to this endpoint from now on.
    pub(crate) fn connect_to(&mut self, endpoint: &[u8]) -> Result<(), ZmqError> {
        self.disconnect();
        self.endpoint = None;
        self.socket.connect(endpoint)?;
        self.endpoint = Some(endpoint.to_vec());
        Ok(())
    }

    pub(crate) fn endpoint(&self) -> Option<&[u8]> {
        self.endpoint.as_deref()
    }

    fn disconnect(&self) {
        if let Some(endpoint) = &self.endpoint {
            // Fails where libzmq has forgotten the endpoint along with its connection.
            let _ = self.socket.disconnect(endpoint);
        }
    }
}

fn new_socket(factory: &SocketFactory, curve: Option<&CurveClient>) -> Result<Owned, ZmqError> {
    let socket = factory.new_socket(zmq::DEALER)?;
    socket.set_number(zmq_sys::ZMQ_SNDHWM, SERVER_QUEUE)?;
    socket.set_number(zmq_sys::ZMQ_RCVHWM, 0)?;
    socket.set_number(zmq_sys::ZMQ_IMMEDIATE, 1)?;
    limit(&socket)?;
    if let Some(curve) = curve {
        socket.set_bytes(zmq_sys::ZMQ_CURVE_SERVERKEY, &curve.server.0)?;
        socket.set_bytes(zmq_sys::ZMQ_CURVE_PUBLICKEY, &curve.public.0)?;
        socket.set_bytes(zmq_sys::ZMQ_CURVE_SECRETKEY, &curve.secret.0)?;
    }
    Ok(socket)
}
