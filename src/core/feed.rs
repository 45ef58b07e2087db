//! A peer that is being told what it lacks.

use super::input::Millis;

/// Most tuples that one link is sent in one go, so that the owner and the other peers get their
/// turn in between.
pub(super) const CHUNK: usize = 500;
/// First and longest pause before a peer that could not take more is tried again.
const FIRST_RETRY: Millis = 2;
const LONGEST_RETRY: Millis = 100;

/// A position in the log of tuples: what follows it has not been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Feed {
    pub(crate) cursor: usize,
    /// Not before this time: the peer was full.
    pub(crate) retry_at: Millis,
    pause: Millis,
    /// Where it was full the last time.
    paused_at: usize,
}

impl Feed {
    /// Everything from this position on.
    pub(crate) fn from(cursor: usize) -> Feed {
        Feed { cursor, retry_at: 0, pause: 0, paused_at: 0 }
    }

    /// The tuple at this position did not go out: pause, longer each time without progress.
    pub(crate) fn pause_at(&mut self, cursor: usize, now: Millis) {
        self.cursor = self.cursor.min(cursor);
        let progress = self.cursor > self.paused_at;
        self.pause = if progress { 0 } else { self.pause * 2 }.clamp(FIRST_RETRY, LONGEST_RETRY);
        self.paused_at = self.cursor;
        self.retry_at = now.saturating_add(self.pause);
    }

    /// Something went out.
    pub(crate) fn moved_to(&mut self, cursor: usize) {
        self.cursor = cursor;
    }
}
