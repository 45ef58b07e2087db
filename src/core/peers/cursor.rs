//! A cursor: how far a peer has been told the log of tuples.

use crate::core::input::Millis;

/// Most tuples that a peer is sent in one turn, so that the owner and the other peers get their turns in
/// between.
pub(in crate::core) const CHUNK: usize = 500;
/// The first and the longest pause before a peer whose queue was full is tried again.
const FIRST_RETRY: Millis = 2;
const LONGEST_RETRY: Millis = 100;

/// A peer's position in the log of tuples: what follows has not been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) struct Cursor {
    position: usize,
    /// Nothing is sent before this time: the peer's queue was full.
    retry_at: Millis,
    pause: Millis,
    /// The position at which the queue was full the last time.
    paused_at: usize,
}

impl Cursor {
    /// Everything from this position on has to be told.
    pub(in crate::core) fn from(position: usize) -> Cursor {
        Cursor { position, retry_at: 0, pause: 0, paused_at: 0 }
    }

    pub(in crate::core) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn position_mut(&mut self) -> &mut usize {
        &mut self.position
    }

    /// When the peer may be told more.
    pub(in crate::core) fn retry_at(&self) -> Millis {
        self.retry_at
    }

    /// What stands before this position has been sent.
    pub(in crate::core) fn moves_to(&mut self, position: usize) {
        self.position = position;
    }

    /// The tuple at this position could not be sent: pause, and longer each time that nothing could be sent
    /// since the pause before. The rest of its chunk could not be sent either, and adds nothing to the pause.
    pub(super) fn pauses_at(&mut self, position: usize, now: Millis) {
        self.position = self.position.min(position);
        if now < self.retry_at {
            return;
        }
        let progress = self.position > self.paused_at;
        self.pause = if progress { 0 } else { self.pause * 2 }.clamp(FIRST_RETRY, LONGEST_RETRY);
        self.paused_at = self.position;
        self.retry_at = now.saturating_add(self.pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_chunk_that_does_not_go_out_is_one_pause() {
        let mut cursor = Cursor::from(0);
        cursor.moves_to(700);
        (200..700).for_each(|position| cursor.pauses_at(position, 1000));
        assert_eq!((cursor.position, cursor.retry_at), (200, 1002));
    }

    #[test]
    fn pauses_grow_while_nothing_goes_out() {
        let (mut cursor, mut now, mut pauses) = (Cursor::from(0), 1000, Vec::new());
        for position in [5, 5, 5, 5, 5, 5, 5, 5, 9] {
            cursor.moves_to(position + 1);
            cursor.pauses_at(position, now);
            pauses.push(cursor.retry_at - now);
            now = cursor.retry_at;
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 100, 100, 2]);
    }
}
