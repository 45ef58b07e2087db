//! Everything foreign that the driver calls, wrapped so that the rest of it needs no unsafe code.
#![allow(unsafe_code)]

mod connection;
mod context;
pub(crate) mod czmq;
mod factory;
pub(crate) mod fork;
mod interrupts;
pub(crate) mod loaded;
mod message;
pub(crate) mod os;
mod poller;
mod signal;
mod socket;

pub(crate) use connection::Connection;
pub(crate) use factory::SocketFactory;
pub(crate) use message::{Held, Message};
pub(crate) use poller::Poller;
pub(crate) use signal::Signal;
pub(crate) use socket::{Borrowed, Families, Owned, ZmqError};
