//! Who is catching up, and how much all of them are sent before everybody else has a turn.

use crate::core::link::LinkId;
use std::collections::VecDeque;

/// So much goes out to all that are catching up together, before the owner and everybody else have a turn: a
/// thousand peers that come at once must not keep them waiting. The last message may go beyond the bytes.
const MESSAGES: usize = 2000;
const BYTES: usize = 1 << 20;

/// Those that are catching up, in the order in which they take turns.
#[derive(Debug, Default)]
pub(in crate::core) struct TurnQueue {
    waiting: VecDeque<LinkId>,
    /// What went out since everybody else had a turn.
    messages: usize,
    bytes: usize,
}

impl TurnQueue {
    pub(super) fn add(&mut self, link: LinkId) {
        self.waiting.push_back(link);
    }

    pub(super) fn next(&mut self) -> Option<LinkId> {
        self.waiting.pop_front()
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> Vec<LinkId> {
        self.waiting.iter().copied().collect()
    }

    pub(in crate::core) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Everybody else has had a turn.
    pub(in crate::core) fn begins_round(&mut self) {
        (self.messages, self.bytes) = (0, 0);
    }

    /// How many more messages may go out in this round.
    pub(in crate::core) fn left(&self) -> usize {
        if self.bytes >= BYTES { 0 } else { MESSAGES.saturating_sub(self.messages) }
    }

    /// A message goes out, or a tuple was looked at that need not.
    pub(in crate::core) fn counts(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}
