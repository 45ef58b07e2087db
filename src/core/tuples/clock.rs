//! The node's hybrid logical clock, and which stamps of others it takes.

use super::super::input::Millis;
use super::super::rules::{Rule, keeps};
use crate::wire::Stamp;

/// A stamp from elsewhere moves our clock at most so far ahead of our own time. The stamp of a wild clock
/// wins for the key that it was written for, but other keys are not affected.
pub(in crate::core) const LARGEST_LEAD: Millis = 500;

/// A stamp that is further ahead of our own time is not taken. Clocks that are wrong by hours, such as one
/// that takes local time for UTC, work; and as the bound moves with the time, no stamp that is taken can keep
/// an owner from writing the key: a moment later, the next larger stamp is taken, too.
const FURTHEST: Millis = 24 * 3_600_000;
/// Before this time, the first day of 2024, a clock has not been set: it began in 1970 when the machine was
/// switched on. Such a node cannot tell what the future is, and takes what is a century ahead.
const SET: Millis = 1_704_067_200_000;
const CENTURY: Millis = 36_525 * 24 * 3_600_000;

/// How many milliseconds one is ahead of the other, where that is so much that a node takes nothing of it.
pub(in crate::core) fn too_far(ahead: Millis, behind: Millis) -> Option<Millis> {
    let bound = if behind < SET { CENTURY } else { FURTHEST };
    ahead.checked_sub(behind).filter(|lead| *lead > bound)
}

/// A hybrid logical clock. No reading comes twice, and none is smaller than the one before, unless the clock
/// of the machine is set back.
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

    /// The time of day, by the clock of the machine: it has been set, where that is not what had passed since
    /// it was told last. Whether it was set by so much that stamps have to be looked at again.
    pub(in crate::core) fn is_set(&mut self, now: Millis, time: Millis) -> bool {
        let before = self.time(now);
        self.epoch = time.saturating_sub(now);
        // A clock that was ahead must not keep its lead: whoever writes later by right clocks wins.
        self.last = self.last.min(self.wall(now.saturating_add(LARGEST_LEAD)));
        time.abs_diff(before) > FURTHEST
    }

    /// Milliseconds since 1970.
    pub(in crate::core) fn time(&self, now: Millis) -> Millis {
        self.epoch.saturating_add(now)
    }

    /// The time of day as a reading.
    pub(in crate::core) fn wall(&self, now: Millis) -> u64 {
        self.time(now).min(u64::MAX >> 16) << 16
    }

    /// How many days this stamp is ahead, where that is too far to take it.
    pub(in crate::core) fn is_too_far(&self, now: Millis, stamp: Stamp) -> Option<u64> {
        if !keeps(Rule::NoFuture) {
            return None;
        }
        too_far(stamp.clock >> 16, self.time(now)).map(|lead| lead / (24 * 3_600_000))
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
