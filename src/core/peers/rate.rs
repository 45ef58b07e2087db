//! How fast a peer's messages are read, where the owner has set a limit.

use crate::core::input::Millis;

/// So much of what a peer may send it may send in one go.
const BURST: Millis = 100;
/// A set is told without counting once in so long.
const SET: Millis = 60_000;

const NANOS: u64 = 1_000_000;

#[derive(Debug, Default)]
pub(in crate::core) struct Rate {
    /// When what it has sent would have come, had it kept to the limit: in nanoseconds.
    used: u64,
    /// So many more messages are its set, and when it began to tell that.
    set: usize,
    set_at: Option<Millis>,
}

impl Rate {
    /// It begins to tell its set of so many tuples, and perhaps not for the first time.
    pub(in crate::core) fn tells_set(&mut self, tuples: usize, now: Millis) {
        if self.set_at.is_none_or(|at| now >= at.saturating_add(SET)) {
            (self.set, self.set_at) = (tuples, Some(now));
        }
    }

    /// One more message. Until when no more are read, if that is more than `most` in a second.
    pub(in crate::core) fn counts(&mut self, most: usize, now: Millis) -> Option<Millis> {
        if self.set > 0 {
            self.set -= 1;
            return None;
        }
        let each = (1000 * NANOS / most.max(1) as u64).max(1);
        self.used = self.used.max(now.saturating_mul(NANOS)).saturating_add(each);
        let until = (self.used / NANOS).saturating_sub(BURST);
        (until > now).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many messages are read in so many milliseconds of a peer that has always one more.
    fn read(rate: &mut Rate, most: usize, from: Millis, span: Millis) -> usize {
        let (mut now, mut read) = (from, 0);
        while now < from + span {
            read += 1;
            now = rate.counts(most, now).unwrap_or(now);
        }
        read
    }

    #[test]
    fn nobody_is_read_faster_than_the_limit_and_nobody_much_more_slowly() {
        for most in [1, 7, 1000, 50_000] {
            let mut rate = Rate::default();
            let count = read(&mut rate, most, 0, 10_000);
            assert!((10 * most..=11 * most + 2).contains(&count), "{count} with {most}");
        }
    }

    #[test]
    fn who_sends_less_is_never_kept_waiting() {
        let mut rate = Rate::default();
        for now in (0..10_000).step_by(10) {
            assert_eq!(rate.counts(100, now), None);
        }
        // Ten at once, after each pause of a tenth of a second.
        for now in (20_000..30_000).step_by(100) {
            (0..10).for_each(|_| assert_eq!(rate.counts(100, now), None));
        }
    }

    #[test]
    fn a_set_does_not_count_once_in_a_minute() {
        let mut rate = Rate::default();
        rate.tells_set(500, 0);
        (0..500).for_each(|_| assert_eq!(rate.counts(1, 0), None));
        rate.tells_set(500, SET - 1);
        assert!((0..500).any(|_| rate.counts(1, SET - 1).is_some()));
        let later = 1000 * SET;
        rate.tells_set(500, later);
        (0..500).for_each(|_| assert_eq!(rate.counts(1, later), None));
    }
}
