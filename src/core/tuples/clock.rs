//! The node's hybrid logical clock.

use super::super::input::Millis;
use super::super::rules::{Rule, keeps};
use crate::wire::Stamp;

/// A stamp from elsewhere moves our clock at most so far ahead of our own time. The stamp of a wild clock
/// wins for the key that it was written for, but other keys are not affected.
pub(in crate::core) const LARGEST_LEAD: Millis = 500;

/// A hybrid logical clock. No reading comes twice, and none is smaller than the one before.
#[derive(Debug)]
pub(crate) struct Clock {
    node: u64,
    /// Milliseconds since 1970 at the core's time 0.
    epoch: Millis,
    last: u64,
    authored: bool,
}

impl Clock {
    pub(crate) fn new(node: u64, epoch: Millis) -> Clock {
        Clock { node, epoch, last: 0, authored: false }
    }

    /// The time of day as a reading.
    pub(in crate::core) fn wall(&self, now: Millis) -> u64 {
        self.epoch.saturating_add(now) << 16
    }

    /// A stamp for a value that is written now: larger than `over`, the stamp of what it replaces.
    pub(crate) fn author(&mut self, now: Millis, over: Stamp) -> Stamp {
        let reading = self.wall(now).max(self.last + 1);
        self.last = reading;
        self.authored = true;
        // What it replaces may come from a clock that is far ahead: outdo it for this key, and keep our own
        // time for all others.
        let least = if keeps(Rule::AboveReplaced) { over.clock + 1 } else { 0 };
        let stamp = Stamp::authored(reading.max(least), self.node);
        self.witness(now, stamp);
        stamp
    }

    /// Whether a value has been written by this clock.
    pub(crate) fn has_authored(&self) -> bool {
        self.authored
    }

    /// Whether the stamp lies so far in the future that a wrong clock has made it, if our own is right.
    pub(crate) fn is_ahead(&self, now: Millis, stamp: Stamp) -> bool {
        stamp.clock > self.wall(now.saturating_add(LARGEST_LEAD))
    }

    /// A stamp from elsewhere has been seen.
    pub(crate) fn witness(&mut self, now: Millis, stamp: Stamp) {
        if !keeps(Rule::Witness) {
            return;
        }
        let lead = if keeps(Rule::BoundedLead) { LARGEST_LEAD } else { Millis::MAX >> 20 };
        let believed = self.wall(now.saturating_add(lead));
        self.last = self.last.max(stamp.clock.min(believed));
    }
}
