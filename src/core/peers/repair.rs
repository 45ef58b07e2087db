//! When two sets that stay different are repaired, by a new HELLO.

use crate::core::input::Millis;
use crate::wire::Summary;

/// Sets that stay different after a repair are repaired again, after a gap that doubles each time.
const FIRST_GAP: Millis = 1000;
const LONGEST_GAP: Millis = 60_000;

/// What the heartbeats with a server have shown of its set and our set.
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// The summaries of our set and its set at the last heartbeat, where they differed.
    differed: Option<(Summary, Summary)>,
    /// There is no repair before this time, and so long after the last one that is.
    not_before: Millis,
    gap: Millis,
}

impl Repair {
    /// A heartbeat brought the summary of the server's set. Whether the sets have to be repaired now: where
    /// they differ from one heartbeat to the next although neither changes, something was lost on the way,
    /// whatever the cause. They are not `comparable` while the session begins, or while something is under
    /// way to the server.
    pub(super) fn is_due(
        &mut self,
        ours: Summary,
        theirs: Option<Summary>,
        comparable: bool,
        now: Millis,
    ) -> bool {
        let differ = theirs.filter(|theirs| *theirs != ours).map(|theirs| (ours, theirs));
        let before = std::mem::replace(&mut self.differed, differ);
        if theirs == Some(ours) {
            self.gap = 0;
            return false;
        }
        if !comparable || differ.is_none() || before != differ || now < self.not_before {
            return false;
        }
        self.differed = None;
        self.gap = (2 * self.gap).clamp(FIRST_GAP, LONGEST_GAP);
        self.not_before = now.saturating_add(self.gap);
        true
    }
}
