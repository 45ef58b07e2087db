//! libzgossip: a gossip node over ZeroMQ that stands in for CZMQ's `zgossip` actor.
//!
//! C programs use it by `zgossip.h`, other languages by `zgossip_node.h`, and Rust programs by [`Node`].
//!
//! The crate has five layers, each of which knows only the ones below it:
//!
//! * `capi`: the exported C functions, which check pointers and stop panics;
//! * `node`: the API for Rust, on which the C functions of `zgossip_node.h` stand;
//! * `driver`: the actor: event loop, sockets, the owner, files, the log, the time;
//! * `core`: the node as a pure state machine, without sockets, clocks, threads or unsafe code;
//! * `wire`: frames to messages and back, without I/O.
//!
//! `ARCHITECTURE.md` in the repository tells why, and where to find what.

mod capi;
mod core;
mod driver;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod node;
mod wire;

pub use capi::*;
pub use node::{Error, ErrorKind, Event, Level, Log, Node, Options, Tuple, new_keys};
