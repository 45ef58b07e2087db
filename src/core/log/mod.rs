//! What a node says about itself: how often a peer can make it say something, and the traces of VERBOSE.

mod malformed;
mod throttle;
mod trace;

pub(super) use malformed::MalformedLines;
pub(super) use throttle::Throttle;
pub(super) use trace::{CAUGHT_UP, REPLICATED, TOLD, Trace};
