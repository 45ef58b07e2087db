//! What is known of one CZMQ peer.

use super::register::{Register, Waiting};
use crate::core::input::Millis;
use crate::wire::digest;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

/// A tuple as the peer said it.
pub(in crate::core) type KeyAndValue = (Arc<[u8]>, Arc<[u8]>);

/// The digest by which the value history knows a value.
pub(in crate::core) fn value_digest(value: &[u8]) -> u64 {
    digest(&[value])
}

/// All that is known of one CZMQ peer.
#[derive(Debug, Default)]
pub(in crate::core) struct CzmqPeer {
    /// What it has said while its whole set is not known; None once it is known.
    pub(super) collected: Option<Vec<KeyAndValue>>,
    pub(super) registers: HashMap<Arc<[u8]>, Register>,
    /// When the last of the values that came from other CZMQ peers, and wait, may be sent.
    pub(super) replicated_until: Millis,
    /// The keys that wait for their time, by their alarms: in the order in which they came.
    pub(super) paced: BTreeMap<u64, Arc<[u8]>>,
    /// What was sent and may not have been taken yet, in the order of sending.
    pub(super) waiting: VecDeque<Waiting>,
}

impl CzmqPeer {
    /// A peer whose set is not known yet: what it says is only collected.
    pub(in crate::core) fn collecting() -> CzmqPeer {
        CzmqPeer { collected: Some(Vec::new()), ..CzmqPeer::default() }
    }

    pub(super) fn register(&mut self, key: &[u8]) -> &mut Register {
        if !self.registers.contains_key(key) {
            self.registers.insert(key.into(), Register::default());
        }
        self.registers.entry(key.into()).or_default()
    }

    /// Drop the registers that are at rest.
    pub(in crate::core) fn sweep(&mut self, now: Millis) {
        self.registers.retain(|_, register| !register.is_settled(now));
        if self.registers.capacity() > 4 * self.registers.len() + 64 {
            self.registers.shrink_to_fit();
            self.waiting.shrink_to_fit();
        }
    }

    /// Whether nothing is remembered and nothing expected of it.
    #[cfg(test)]
    pub(in crate::core) fn is_at_rest(&self) -> bool {
        self.collected.is_none() && self.waiting.is_empty() && self.registers.is_empty()
    }

    /// How many registers there are, and how many sends that may not have been taken.
    #[cfg(test)]
    pub(in crate::core) fn size(&self) -> (usize, usize) {
        (self.registers.len(), self.waiting.len())
    }
}
