//! What a peer holds and this node refused, because it lies beyond a limit.
//!
//! The sets of the two stay different for that reason. So towards this peer the summary counts what was refused as
//! held, or heartbeats would find a difference for ever, and each repair would send it all again.

use crate::core::tuples::TupleSet;
use crate::wire::{Stamp, Summary};
use std::collections::BTreeMap;

/// So many are remembered. A peer that holds more cannot be compared with.
const MOST: usize = 1024;

/// The tuples of one peer that were refused: by key, the stamp and the digest.
#[derive(Debug, Default)]
pub(in crate::core) struct Refused {
    tuples: BTreeMap<Box<[u8]>, (Stamp, u64)>,
    more: bool,
    /// The limits were these: see `Limits::changes`.
    limits: u64,
}

impl Refused {
    /// A tuple of the peer, with this digest, was refused.
    pub(in crate::core) fn add(&mut self, key: &[u8], stamp: Stamp, digest: u64, limits: u64) {
        if self.limits != limits {
            *self = Refused { limits, ..Refused::default() };
        }
        let known = self.tuples.len();
        match self.tuples.get_mut(key) {
            Some(held) if held.0 < stamp => *held = (stamp, digest),
            Some(_) => {}
            None if known >= MOST => self.more = true,
            None => drop(self.tuples.insert(key.into(), (stamp, digest))),
        }
    }

    /// The stamp of a key that was refused.
    pub(in crate::core) fn stamp(&self, key: &[u8]) -> Option<Stamp> {
        self.tuples.get(key).map(|(stamp, _)| *stamp)
    }

    /// The peer is about to tell everything that it holds, once more.
    pub(in crate::core) fn forget(&mut self) {
        *self = Refused { limits: self.limits, ..Refused::default() };
    }

    /// The summary of the set as the peer should see it; None where that cannot be said.
    pub(in crate::core) fn summary(&self, tuples: &TupleSet, limits: u64) -> Option<Summary> {
        let mut summary = tuples.summary();
        if self.limits != limits {
            return Some(summary);
        }
        for (key, (stamp, digest)) in &self.tuples {
            match tuples.digest(key) {
                // Something newer is held by now, and the peer will have it too.
                Some((held, _)) if held >= *stamp => continue,
                Some((_, held)) => summary.digest = summary.digest.wrapping_sub(held),
                None => summary.count += 1,
            }
            summary.digest = summary.digest.wrapping_add(*digest);
        }
        (!self.more).then_some(summary)
    }
}
