//! The rules for CZMQ peers, as decisions: what they say, what they are told, and when.
//!
//! A CZMQ peer takes any value that differs from the one it holds, replicates it to everybody, the
//! sender included, and knows no order: two values of one key that cross on a link chase each other
//! for ever. Seen from a neighbour it is a register for each key that tells every change of its
//! content, in order. The rules here bring such registers to rest; their numbers are those of
//! `docs/convergence.md`, which says why they end. Nothing is sent or stored here: `replication` asks, and does
//! what it is told.

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
