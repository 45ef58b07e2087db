//! The rules for CZMQ peers, as decisions: what they say, what they are told, and when.
//!
//! A CZMQ peer takes any value that differs from the one it holds, and tells it to everybody, the sender
//! included. It knows no order of values, so two values of a key that cross on a link would chase each other
//! for ever. Seen from a neighbour, it is a register for each key: it says each change of its content, in
//! order. The rules here bring such registers to rest. Their numbers are those of `docs/convergence.md`,
//! which also tells why that ends.
//!
//! Nothing is sent and no tuple is stored here: `replication` asks what is to be done, and does it.

mod acknowledgement;
mod hold_down;
mod inbound;
mod outbound;
mod pace;
mod peer;
mod register;

pub(super) use acknowledgement::Taken;
pub(super) use hold_down::{HoldDownAlarm, hold_down};
pub(super) use inbound::{COLLECT, Collected, Heard, Said, judge};
pub(super) use outbound::Tell;
pub(super) use pace::Pace;
#[cfg(test)]
pub(super) use pace::SHORTEST_PAUSE;
pub(super) use peer::{CzmqPeer, value_digest};
pub(super) use register::Pending;
