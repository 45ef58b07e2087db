//! When a set that stays different from ours is repaired.

use crate::core::input::Millis;
use crate::wire::Summary;

/// Sets that stay different after a repair are repaired again, twice as long apart each time.
const FIRST_GAP: Millis = 1000;
const LONGEST_GAP: Millis = 60_000;

/// What the heartbeats with a server have shown of its set and ours.
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// Our set and its, in short, when they differed at the last heartbeat.
    differed: Option<(Summary, Summary)>,
    /// The next repair is not before this time, and the gap that this left.
    not_before: Millis,
    gap: Millis,
}

impl Repair {
    /// A heartbeat told the server's set. Whether it has to be repaired now: sets that stay different from one
    /// heartbeat to the next, although neither changes, have lost something on the way, whatever the cause.
    pub(super) fn is_due(
        &mut self,
        ours: Summary,
        theirs: Option<Summary>,
        live: bool,
        now: Millis,
    ) -> bool {
        let differ = theirs.filter(|theirs| *theirs != ours).map(|theirs| (ours, theirs));
        let before = std::mem::replace(&mut self.differed, differ);
        if theirs == Some(ours) {
            self.gap = 0;
            return false;
        }
        if !live || differ.is_none() || before != differ || now < self.not_before {
            return false;
        }
        self.differed = None;
        self.gap = (2 * self.gap).clamp(FIRST_GAP, LONGEST_GAP);
        self.not_before = now.saturating_add(self.gap);
        true
    }
}
