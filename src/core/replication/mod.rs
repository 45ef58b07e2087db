//! How a tuple reaches everybody who lacks it.
//!
//! From the bottom up:
//!
//! * [`catch_up`]: a peer that lacks something is made to catch up;
//! * [`tell`]: a value for one CZMQ peer, sent now, later or not at all;
//! * [`replicate`]: a tuple is stored, delivered, and told to everybody but its source;
//! * [`believe`]: what CZMQ peers say, believed or not.
//!
//! Beside them, [`turns`] gives those that catch up their turns, [`heartbeat`] sends PINGs and PONGs, and
//! [`newborn`] keeps what a node has published that starts again, [`limits`] refuses what
//! lies beyond them, and [`flush`] waits until the neighbours have taken what they were told.

pub(super) mod believe;
pub(super) mod catch_up;
pub(super) mod flush;
pub(super) mod heartbeat;
pub(super) mod limits;
pub(super) mod newborn;
pub(super) mod replicate;
pub(super) mod tell;
pub(super) mod turns;
