//! The ROUTER: one socket for all binds and all clients.

use super::{HalfOpen, limit, ports};
use crate::core::{Millis, PortChoice, Security, Zap};
use crate::driver::ffi::{Message, Owned, SocketFactory, ZmqError};
use crate::driver::reason::Reason;

/// Messages that may be queued for one client before it counts as too far behind. What it lacks from
/// then on is found again in the tuple set, so this bounds memory, not what the client gets.
const CLIENT_QUEUE: i32 = 10_000;

/// Connections that may wait to be accepted. With libzmq's 100, thousands of nodes that come back at
/// the same moment would wait minutes for TCP to try again.
const BACKLOG: i32 = 4096;

/// zmq.h; the crate leaves it out.
const ZMQ_ZAP_ENFORCE_DOMAIN: u32 = 93;

/// A message from a client: its first frame behind the routing id, and how many frames there were. One
/// of these is received into again and again.
pub(crate) struct FromClient {
    pub(crate) routing_id: Message,
    pub(crate) frame: Message,
    pub(crate) frames: usize,
}

impl FromClient {
    pub(crate) fn new() -> FromClient {
        FromClient { routing_id: Message::new(), frame: Message::new(), frames: 0 }
    }
}

/// The server side of a node.
pub(crate) struct Router {
    socket: Owned,
    /// Why nothing may be bound: the security asked for could not be had.
    unsafe_because: Option<Reason>,
    /// A frame that could not be sent although the routing id before it was: it comes first.
    unfinished: Option<Message>,
    /// A message could not be read to its end: what is left of it comes first.
    is_torn: bool,
    /// The connections by which clients said HELLO, in order.
    connections: Vec<HalfOpen>,
}

impl Router {
    pub(crate) fn new(factory: &SocketFactory) -> Result<Router, ZmqError> {
        let socket = factory.new_socket(zmq::ROUTER)?;
        socket.set_number(zmq_sys::ZMQ_RCVHWM, 0)?;
        socket.set_number(zmq_sys::ZMQ_SNDHWM, CLIENT_QUEUE)?;
        // Tells a client that is full (EAGAIN) or gone (EHOSTUNREACH) from one that was served;
        // the default drops messages in silence.
        socket.set_number(zmq_sys::ZMQ_ROUTER_MANDATORY, 1)?;
        socket.set_number(zmq_sys::ZMQ_BACKLOG, BACKLOG)?;
        limit(&socket)?;
        Ok(Router {
            socket,
            unsafe_because: None,
            unfinished: None,
            is_torn: false,
            connections: Vec::new(),
        })
    }

    pub(crate) fn socket(&self) -> &Owned {
        &self.socket
    }

    /// The next message; false when there is none. A message of more frames, or of fewer, than a routing
    /// id and one frame is read to its end all the same, so that the next one begins where it should.
    pub(crate) fn receive(&mut self, message: &mut FromClient) -> Result<bool, ZmqError> {
        if self.is_torn {
            rest_of_message(&self.socket, true)?;
            self.is_torn = false;
        }
        if !self.socket.receive(&mut message.routing_id)? {
            return Ok(false);
        }
        message.frames = 0;
        self.is_torn = message.routing_id.more();
        if message.routing_id.more() && self.socket.receive(&mut message.frame)? {
            message.frames = 1 + rest_of_message(&self.socket, message.frame.more())?;
        }
        self.is_torn = false;
        Ok(true)
    }

    /// Remember the connection of a client that says HELLO, if it can be half-open.
    pub(crate) fn remember_connection(&mut self, message: &FromClient, now: Millis) {
        let Some(half_open) = HalfOpen::of(&message.frame, now) else { return };
        let connection = half_open.connection();
        match self.connections.binary_search_by_key(&connection, HalfOpen::connection) {
            // It has said HELLO before.
            Ok(_) => {}
            Err(place) => self.connections.insert(place, half_open),
        }
    }

    /// How many bytes the kernels of all clients that were remembered have acknowledged.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.connections.iter().map(HalfOpen::acknowledged).fold(0, u64::wrapping_add)
    }

    /// End the connections of clients that have vanished.
    pub(crate) fn end_half_open_connections(&mut self, now: Millis) {
        self.connections.retain_mut(|connection| connection.look(now));
    }

    /// Queue a frame for a client.
    pub(crate) fn send(&mut self, routing_id: &[u8], mut frame: Message) -> Result<(), ZmqError> {
        if let Some(frame) = &mut self.unfinished {
            self.socket.send(frame, false)?;
            self.unfinished = None;
        }
        self.socket.send_bytes(routing_id, true)?;
        let sent = self.socket.send(&mut frame, false);
        if sent.is_err() {
            self.unfinished = Some(frame);
        }
        sent
    }

    /// The security of the binds that follow.
    pub(crate) fn secure(&mut self, security: &Security) -> Result<(), Reason> {
        let outcome = match security {
            Security::Unavailable => Err("the security that was asked for is not available".into()),
            Security::Curve { .. } if !zmq::has("curve").unwrap_or(false) => {
                Err("this libzmq has no CURVE".into())
            }
            _ => self.apply(security).map_err(Reason::from),
        };
        self.unsafe_because = outcome.clone().err();
        match security {
            // Whoever asked has been told already.
            Security::Unavailable => Ok(()),
            _ => outcome,
        }
    }

    fn apply(&self, security: &Security) -> Result<(), ZmqError> {
        let socket = &self.socket;
        match security {
            Security::Null { zap } => {
                // Setting either server option to 0 brings back the NULL mechanism.
                socket.set_number(zmq_sys::ZMQ_CURVE_SERVER, 0)?;
                self.zap(zap)
            }
            Security::Plain { zap } => {
                self.zap(zap)?;
                socket.set_number(zmq_sys::ZMQ_PLAIN_SERVER, 1)
            }
            Security::Curve { public, secret, zap } => {
                self.zap(zap)?;
                socket.set_bytes(zmq_sys::ZMQ_CURVE_PUBLICKEY, &public.0)?;
                socket.set_bytes(zmq_sys::ZMQ_CURVE_SECRETKEY, &secret.0)?;
                // Last, because the two keys would make it a client's socket again.
                socket.set_number(zmq_sys::ZMQ_CURVE_SERVER, 1)
            }
            Security::Unavailable => Ok(()),
        }
    }

    /// With a domain that is required libzmq lets nobody in where no handler answers. Otherwise it lets in
    /// everybody then, unless by PLAIN, where it ends the process if an empty domain is required.
    fn zap(&self, zap: &Zap) -> Result<(), ZmqError> {
        match self.socket.set_number(ZMQ_ZAP_ENFORCE_DOMAIN, i32::from(zap.required)) {
            Err(error) if zap.required => return Err(error),
            _ => {}
        }
        match self.socket.set_bytes(zmq_sys::ZMQ_ZAP_DOMAIN, &zap.domain) {
            // Builds of libzmq differ in whether the empty domain, which is the default, may be set.
            Err(error) if !zap.domain.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    /// Bind as zsock does; the port of a TCP endpoint.
    pub(crate) fn bind(&self, endpoint: &[u8]) -> Result<Option<u16>, Reason> {
        if let Some(reason) = &self.unsafe_because {
            return Err(reason.clone());
        }
        match PortChoice::parse(endpoint) {
            Some(choice) => ports::bind_any(&self.socket, &choice)?,
            None => self.socket.bind(endpoint)?,
        }
        Ok(ports::bound_port(&self.socket, endpoint))
    }
}

/// How many frames are left of a message; they are dropped.
fn rest_of_message(socket: &Owned, mut more: bool) -> Result<usize, ZmqError> {
    let mut frames = 0;
    while more {
        let mut frame = Message::new();
        if !socket.receive(&mut frame)? {
            break;
        }
        more = frame.more();
        frames += 1;
    }
    Ok(frames)
}
