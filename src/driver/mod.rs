//! The driver: what connects the state machine to sockets, files, the log and the clock.
//!
//! * `actor`: the event loop of one node;
//! * `owner`: the two kinds of owners that a node can have, and what starts a node for each;
//! * `sockets`: the ROUTER towards clients, the DEALERs towards servers;
//! * `files`, `log`, `panics`, `random`, `reason`: what their names say;
//! * `ffi`: everything foreign, wrapped.

mod actor;
mod ffi;
mod files;
mod log;
mod owner;
mod panics;
mod random;
mod reason;
mod sockets;

pub(crate) use ffi::czmq::{ActorFunction, Czmq, czmq, print};
pub(crate) use ffi::fork::undivided;
pub(crate) use ffi::os::new_keys;
pub(crate) use ffi::{Borrowed, Message, Owned, SocketFactory, ZmqError, loaded};
pub(crate) use log::log_line;
pub(crate) use owner::{Answer, Event, Failure, Handle, LogTo, Order, run};
pub(crate) use panics::contain;
