//! The two kinds of owners: one at the other end of a CZMQ pipe, one that has a handle and calls
//! functions. Each starts its node here; the event loop knows an owner by the trait `Owner` only.

mod after_panic;
mod handle;
mod pipe;

pub(crate) use handle::{Answer, Event, Failure, Handle, LogTo, Order};
pub(crate) use pipe::run;
