//! Lines for the log: how many of them a peer can cause, and the traces of VERBOSE.

mod malformed;
mod plain;
mod throttle;
mod trace;

pub(super) use malformed::MalformedLines;
pub(super) use plain::plain;
pub(super) use throttle::{Throttle, times_before};
pub(super) use trace::{CAUGHT_UP, REPLICATED, TOLD, Trace};
