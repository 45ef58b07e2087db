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
mod register;

pub(super) use acknowledgement::{Pending, Taken};
pub(super) use hold_down::{HoldDownAlarm, hold_down};
pub(super) use inbound::{COLLECT, Collected, Heard, Said, judge};
pub(super) use outbound::Tell;
pub(super) use pace::Pace;
#[cfg(test)]
pub(super) use pace::SHORTEST_PAUSE;

use super::input::Millis;
use crate::wire::digest;
use register::Register;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// A tuple as it was said.
pub(super) type KeyAndValue = (Arc<[u8]>, Arc<[u8]>);

/// The digest of a value by which the value history knows it.
pub(super) fn value_digest(value: &[u8]) -> u64 {
    digest(&[value])
}

/// What is known of one CZMQ peer.
#[derive(Debug, Default)]
pub(super) struct CzmqPeer {
    /// What it said before its whole set was known; None once that is known.
    collected: Option<Vec<KeyAndValue>>,
    registers: HashMap<Arc<[u8]>, Register>,
    /// The last value of another CZMQ peer that waits is due then.
    replicated_until: Millis,
    /// What was sent and may not be taken yet, in its order.
    waiting: VecDeque<acknowledgement::Waiting>,
}

impl CzmqPeer {
    /// One whose set is not known yet: what it says is only collected.
    pub(super) fn collecting() -> CzmqPeer {
        CzmqPeer { collected: Some(Vec::new()), ..CzmqPeer::default() }
    }

    fn register(&mut self, key: &[u8]) -> &mut Register {
        if !self.registers.contains_key(key) {
            self.registers.insert(key.into(), Register::default());
        }
        self.registers.entry(key.into()).or_default()
    }

    /// Drop the registers that are at rest.
    pub(super) fn sweep(&mut self, now: Millis) {
        self.registers.retain(|_, register| !register.is_settled(now));
        if self.registers.capacity() > 4 * self.registers.len() + 64 {
            self.registers.shrink_to_fit();
            self.waiting.shrink_to_fit();
        }
    }

    /// Whether nothing is known or expected of it.
    #[cfg(test)]
    pub(super) fn is_at_rest(&self) -> bool {
        self.collected.is_none() && self.waiting.is_empty() && self.registers.is_empty()
    }

    /// How many registers, and how many sends that wait.
    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        (self.registers.len(), self.waiting.len())
    }
}
