//! `zgossip_msg.h`: the codec of the gossip protocol, as CZMQ builds it with draft APIs.
//!
//! `tests/header.rs` says in which order the files make up the header.

mod fields;
mod message;
mod selftest;
mod sockets;

pub use fields::*;
pub use message::*;
pub use selftest::zgossip_msg_test;
pub use sockets::*;
