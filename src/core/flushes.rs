//! What waits until the neighbours have taken what was published before: FLUSH, and the end of the node.

use super::input::Millis;
use std::collections::VecDeque;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// A FLUSH of the owner's, which is answered.
    Flush,
    /// The end of the node.
    End,
}

/// One that waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flush {
    pub(super) number: u64,
    pub(super) what: Waits,
    /// It ends after so long without progress, and at this time anyhow.
    pub(super) patience: Millis,
    pub(super) end: Millis,
    /// The sign of progress when it was last seen, and when the patience ends since then.
    moved: u64,
    until: Millis,
}

/// All that wait, in the order of the owner's commands.
#[derive(Debug, Default)]
pub(super) struct Flushes {
    last: u64,
    waiting: VecDeque<Flush>,
    /// How often progress was seen from outside.
    outside: u64,
}

impl Flushes {
    /// One more waits from now on. `moved`: a number that is another one after any progress.
    pub(super) fn add(
        &mut self,
        what: Waits,
        patience: Millis,
        end: Millis,
        moved: u64,
        now: Millis,
    ) {
        self.last += 1;
        if what == Waits::End {
            // Nobody keeps a node from ending.
            self.waiting.iter_mut().for_each(|flush| flush.end = now);
        }
        let until = now.saturating_add(patience);
        let moved = moved.wrapping_add(self.outside);
        self.waiting.push_back(Flush { number: self.last, what, patience, end, moved, until });
    }

    /// The driver has seen that some neighbour takes something.
    pub(super) fn moves(&mut self) {
        self.outside = self.outside.wrapping_add(1);
    }

    pub(super) fn first(&self) -> Option<Flush> {
        self.waiting.front().copied()
    }

    /// The number of the last one. Who has taken what was published before that has taken what was before the others.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Until when the first may wait, this being the sign of progress now.
    pub(super) fn until(&mut self, moved: u64, now: Millis) -> Millis {
        let moved = moved.wrapping_add(self.outside);
        let Some(first) = self.waiting.front_mut() else { return now };
        if moved != first.moved {
            (first.moved, first.until) = (moved, now.saturating_add(first.patience));
        }
        first.until.min(first.end)
    }

    /// The first has waited long enough.
    pub(super) fn remove_first(&mut self) {
        self.waiting.pop_front();
    }

    /// Whether the node ends.
    pub(super) fn is_ending(&self) -> bool {
        self.waiting.back().is_some_and(|flush| flush.what == Waits::End)
    }
}
