//! The actor's loop: what connects the state machine to sockets, files, the log and the clock.

mod actor;
mod afterlife;
mod binder;
mod dealer;
mod diagnosis;
mod ffi;
mod files;
mod handle;
mod log;
mod owner;
mod panics;
mod router;

pub(crate) use actor::run;
pub(crate) use ffi::czmq::{ActorFunction, Czmq, czmq, print};
pub(crate) use ffi::os::new_keys;
pub(crate) use ffi::{Borrowed, Message, Owned, Sockets, ZmqError, loaded};
pub(crate) use handle::{Answer, Event, Failure, Handle, LogTo, Order};
pub(crate) use log::log_line;
pub(crate) use panics::contain;
