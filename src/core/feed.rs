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

    /// The tuple at this position did not go out: pause, longer each time without progress. Those
    /// behind it in the same chunk do not go out either, and say nothing new.
    pub(crate) fn pause_at(&mut self, cursor: usize, now: Millis) {
        self.cursor = self.cursor.min(cursor);
        if now < self.retry_at {
            return;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_chunk_that_does_not_go_out_is_one_pause() {
        let mut feed = Feed::from(0);
        feed.moved_to(700);
        (200..700).for_each(|position| feed.pause_at(position, 1000));
        assert_eq!((feed.cursor, feed.retry_at), (200, 1002));
    }

    #[test]
    fn pauses_grow_while_nothing_goes_out() {
        let (mut feed, mut now, mut pauses) = (Feed::from(0), 1000, Vec::new());
        for position in [5, 5, 5, 5, 5, 5, 5, 5, 9] {
            feed.moved_to(position + 1);
            feed.pause_at(position, now);
            pauses.push(feed.retry_at - now);
            now = feed.retry_at;
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 100, 100, 2]);
    }
}
