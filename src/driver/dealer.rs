//! A DEALER: one socket for each server.
//!
//! With ZMQ_IMMEDIATE a DEALER has a pipe exactly while its connection stands, so POLLOUT tells
//! whether the server is up. That spares a monitor, which would cost two more sockets for each
//! server out of the 1,024 that CZMQ's context has, and it works for inproc, where there are no
//! monitor events.

use super::ffi::{Message, Owned, Sockets, ZmqError};
use crate::core::{CurveClient, is_inproc};

/// How often the transport itself asks an idle peer for a sign of life, and how long it waits for
/// one: finds connections of which only our end is left (ZMTP 3.1, libzmq 4.2). Milliseconds.
const HEARTBEAT: i32 = 5_000;
const HEARTBEAT_TIMEOUT: i32 = 15_000;

/// Have libzmq end connections whose peer has vanished without a word.
fn watch_connection(socket: &Owned) -> Result<(), ZmqError> {
    socket.set_number(zmq_sys::ZMQ_HEARTBEAT_IVL, HEARTBEAT)?;
    socket.set_number(zmq_sys::ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT)
}

/// The socket of one server.
pub(crate) struct Dealer {
    socket: Owned,
    endpoint: Vec<u8>,
    curve: Option<Box<CurveClient>>,
    /// Whether the node has been told that the server is up.
    pub(crate) up: bool,
    /// It could not take more, so POLLOUT says nothing about the connection until it can.
    pub(crate) full: bool,
    /// A message was given up before its end. The socket must not be received from any more.
    pub(crate) torn: bool,
    /// Frames received since there was nothing to receive.
    received: u32,
}

/// libzmq carries out what its own threads have asked of a socket whenever there is nothing to
/// receive, and before the frame of that number behind (`inbound_poll_rate`, the same since 2.0).
/// If that is the end of a connection which ZMQ_IMMEDIATE waits for, what has not been read is gone,
/// and in the middle of a message that is an assertion of libzmq's: the end of the process.
const COMMANDS_EVERY: u32 = 100;

/// Messages queued for one server before it counts as not reading. A server that answers PING never
/// has more than half of it; this is for those that do not.
const SERVER_QUEUE: i32 = 40_000;

/// Largest message that is accepted, in bytes. libzmq takes memory for as much as a peer announces,
/// so without a limit one frame's header can end the process.
const LARGEST_MESSAGE: i64 = 1 << 30;

/// Limits that every socket towards peers has.
pub(crate) fn limit(socket: &Owned) -> Result<(), ZmqError> {
    socket.set_bytes(zmq_sys::ZMQ_MAXMSGSIZE, &LARGEST_MESSAGE.to_ne_bytes())?;
    watch_connection(socket)
}

impl Dealer {
    pub(crate) fn connect(
        sockets: &Sockets,
        endpoint: &[u8],
        curve: Option<Box<CurveClient>>,
    ) -> Result<Dealer, String> {
        if curve.is_some() && !zmq::has("curve").unwrap_or(false) {
            return Err("this libzmq has no CURVE".to_string());
        }
        let socket = connected(sockets, endpoint, curve.as_deref());
        Ok(Dealer {
            socket: socket.map_err(|error| error.to_string())?,
            endpoint: endpoint.to_vec(),
            curve,
            up: false,
            full: false,
            torn: false,
            received: 0,
        })
    }

    /// A new socket in the place of this one.
    pub(crate) fn renewed(&self, sockets: &Sockets) -> Result<Dealer, String> {
        Dealer::connect(sockets, &self.endpoint, self.curve.clone())
    }

    pub(crate) fn socket(&self) -> &Owned {
        &self.socket
    }

    /// The next message's first frame, received into `frame`, and how many frames it has; None when
    /// there is none. The other frames are dropped. If reading them to the end is not safe, the
    /// connection is given up: then it has at least so many, and the DEALER is torn.
    pub(crate) fn receive(&mut self, frame: &mut Message) -> Result<Option<usize>, ZmqError> {
        if !self.receive_frame(frame)? {
            return Ok(None);
        }
        let (mut frames, mut more) = (1, frame.more());
        while more {
            frames += 1;
            if self.received + 1 >= COMMANDS_EVERY {
                self.torn = true;
                // The server need not send more of what nobody reads.
                let _ = self.socket.disconnect(&self.endpoint);
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
        is_inproc(&self.endpoint)
    }

    /// The connection is down. libzmq makes a new one by itself, except within the process.
    pub(crate) fn reconnect(&self) -> Result<(), ZmqError> {
        if self.is_inproc() { self.connect_again() } else { Ok(()) }
    }

    /// Give up the connection, if there is any, and make another.
    pub(crate) fn connect_again(&self) -> Result<(), ZmqError> {
        // Fails where libzmq has forgotten the endpoint along with its connection.
        let _ = self.socket.disconnect(&self.endpoint);
        self.socket.connect(&self.endpoint)
    }
}

fn connected(
    sockets: &Sockets,
    endpoint: &[u8],
    curve: Option<&CurveClient>,
) -> Result<Owned, ZmqError> {
    let socket = sockets.new_socket(zmq::DEALER)?;
    socket.set_number(zmq_sys::ZMQ_SNDHWM, SERVER_QUEUE)?;
    socket.set_number(zmq_sys::ZMQ_RCVHWM, 0)?;
    socket.set_number(zmq_sys::ZMQ_IMMEDIATE, 1)?;
    limit(&socket)?;
    if let Some(curve) = curve {
        socket.set_bytes(zmq_sys::ZMQ_CURVE_SERVERKEY, &curve.server.0)?;
        socket.set_bytes(zmq_sys::ZMQ_CURVE_PUBLICKEY, &curve.public.0)?;
        socket.set_bytes(zmq_sys::ZMQ_CURVE_SECRETKEY, &curve.secret.0)?;
    }
    socket.connect(endpoint)?;
    Ok(socket)
}
