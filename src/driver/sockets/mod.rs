//! The sockets towards other nodes: one ROUTER for all clients, one DEALER for each server; and the
//! names of servers.

mod dealer;
mod handshake_monitor;
mod ports;
mod resolver;
mod router;

pub(crate) use dealer::Dealer;
pub(crate) use handshake_monitor::HandshakeMonitor;
pub(crate) use resolver::{Name, Resolver, next_address};
pub(crate) use router::{FromClient, Router};

use super::ffi::{Owned, ZmqError};

/// Largest message that is accepted, in bytes. libzmq takes memory for as much as a peer announces,
/// so without a limit the header of one frame could end the process.
const LARGEST_MESSAGE: i64 = 1 << 30;

/// How often the transport itself asks an idle peer for a sign of life, and how long it waits for
/// one, in milliseconds (ZMTP 3.1, libzmq 4.2). It finds connections whose peer has vanished without
/// a word.
const HEARTBEAT: i32 = 5_000;
const HEARTBEAT_TIMEOUT: i32 = 15_000;

/// Give a socket the limits that every socket towards other nodes has.
fn limit(socket: &Owned) -> Result<(), ZmqError> {
    socket.set_bytes(zmq_sys::ZMQ_MAXMSGSIZE, &LARGEST_MESSAGE.to_ne_bytes())?;
    socket.set_number(zmq_sys::ZMQ_HEARTBEAT_IVL, HEARTBEAT)?;
    socket.set_number(zmq_sys::ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT)
}
