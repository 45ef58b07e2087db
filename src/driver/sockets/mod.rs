//! The sockets towards other nodes: one ROUTER for all clients, one DEALER for each server; the names of
//! servers; and the handler that says who may come in.

mod dealer;
mod half_open;
mod handshake_monitor;
mod ports;
mod resolver;
mod router;
mod zap_handler;

pub(crate) use dealer::Dealer;
pub(crate) use half_open::HalfOpen;
pub(crate) use handshake_monitor::HandshakeMonitor;
pub(crate) use resolver::{Name, Resolver, next_address};
pub(crate) use router::{FromClient, Router};
pub(crate) use zap_handler::{Answerer, Listed, ZapHandler};

use super::ffi::{Owned, ZmqError};

/// Largest message that is accepted, in bytes. libzmq takes memory for as much as a peer announces,
/// so without a limit the header of one frame could end the process.
const LARGEST_MESSAGE: i64 = 1 << 30;

/// How the kernel finds a connection on which nothing is under way and whose peer has vanished without a word:
/// it asks the peer's kernel, first after so many seconds of silence, then in these intervals, so many times.
/// [`HalfOpen`] finds those on which something is.
///
/// ZMTP's own heartbeats are of no use: they count whole messages only, and so end a connection on which a
/// large one is still arriving; and libzmq looks for their timers one by one, so that some thousand quiet
/// connections take a core.
const KEEPALIVE_IDLE: i32 = 10;
const KEEPALIVE_INTERVAL: i32 = 3;
const KEEPALIVE_COUNT: i32 = 5;

/// Give a socket what every socket towards other nodes has.
fn limit(socket: &Owned) -> Result<(), ZmqError> {
    socket.set_bytes(zmq_sys::ZMQ_MAXMSGSIZE, &LARGEST_MESSAGE.to_ne_bytes())?;
    socket.set_number(zmq_sys::ZMQ_TCP_KEEPALIVE, 1)?;
    socket.set_number(zmq_sys::ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE)?;
    socket.set_number(zmq_sys::ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL)?;
    socket.set_number(zmq_sys::ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT)
}
