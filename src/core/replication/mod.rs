//! How a tuple reaches everybody who lacks it.
//!
//! From the bottom up: a peer catches up ([`catch_up`]), a CZMQ peer is told a value by its rules ([`tell`]), a
//! tuple is accepted and replicated ([`replicate`]), and what CZMQ peers say is believed or not ([`believe`]).
//! Those that are behind get their turns in [`turns`], heartbeats are in [`heartbeat`].

pub(super) mod believe;
pub(super) mod catch_up;
pub(super) mod heartbeat;
pub(super) mod newborn;
pub(super) mod replicate;
pub(super) mod tell;
pub(super) mod turns;
