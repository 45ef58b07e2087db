//! Malformed messages of a peer: the lines about them, and when it is not listened to any more.

use crate::core::input::Millis;
use crate::core::log::Throttle;

/// At most one line about malformed messages of a peer in so many milliseconds.
const LINES: Millis = 10_000;
/// The limit counts those of so many milliseconds.
const MINUTE: Millis = 60_000;
/// For so long it is shut out, twice as long each time; after an hour without that it begins anew.
const FIRST_PAUSE: Millis = 1000;
const LONGEST_PAUSE: Millis = 600_000;
const FORGIVEN: Millis = 3_600_000;

#[derive(Debug, Default)]
pub(in crate::core) struct Conduct {
    lines: Throttle,
    /// How many malformed messages came since then.
    count: usize,
    since: Millis,
    /// It is not listened to until then.
    shut_until: Option<Millis>,
    pause: Millis,
    last_until: Millis,
}

impl Conduct {
    /// One more. None where there may be no line about it; else how many there were without a line since the last
    /// one.
    pub(in crate::core) fn sent_malformed(&mut self, now: Millis) -> Option<u64> {
        if now >= self.since.saturating_add(MINUTE) {
            (self.count, self.since) = (0, now);
        }
        self.count += 1;
        self.lines.pass(now, LINES)
    }

    /// Whether it has sent more of them than `most` in a minute: then, until when it is not listened to.
    pub(in crate::core) fn is_shut_out(&mut self, most: usize, now: Millis) -> Option<Millis> {
        if self.count <= most {
            return None;
        }
        if now >= self.last_until.saturating_add(FORGIVEN) {
            self.pause = 0;
        }
        self.pause = (2 * self.pause).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        self.count = 0;
        self.last_until = now.saturating_add(self.pause);
        self.shut_until = Some(self.last_until);
        self.shut_until
    }

    /// Whether it was ever shut out.
    pub(in crate::core) fn was_shut_out(&self) -> bool {
        self.last_until > 0
    }

    /// Until when it is shut out, where it is.
    pub(in crate::core) fn is_shut_until(&self, now: Millis) -> Option<Millis> {
        self.shut_until.filter(|until| now < *until)
    }

    /// Whether it was shut out, and is to be listened to again from now on.
    pub(in crate::core) fn returns(&mut self, now: Millis) -> bool {
        self.shut_until.take_if(|until| now >= *until).is_some()
    }

    /// It could not be let in again: later, then.
    pub(in crate::core) fn stays_shut(&mut self, until: Millis) {
        self.shut_until = Some(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shut_out_for_longer_each_time() {
        let mut conduct = Conduct::default();
        let mut now = 0;
        for pause in [1000, 2000, 4000] {
            for _ in 0..100 {
                conduct.sent_malformed(now);
                assert_eq!(conduct.is_shut_out(100, now), None);
            }
            conduct.sent_malformed(now);
            assert_eq!(conduct.is_shut_out(100, now), Some(now + pause));
            assert!(conduct.is_shut_until(now + pause - 1).is_some());
            assert!(!conduct.returns(now + pause - 1));
            now += pause;
            assert_eq!(conduct.is_shut_until(now), None);
            assert!(conduct.returns(now) && !conduct.returns(now));
        }
        now += FORGIVEN;
        for _ in 0..101 {
            conduct.sent_malformed(now);
        }
        assert_eq!(conduct.is_shut_out(100, now), Some(now + 1000));
    }

    #[test]
    fn those_of_another_minute_do_not_count() {
        let mut conduct = Conduct::default();
        for now in (0..1000).map(|step| step * 700) {
            conduct.sent_malformed(now);
            assert_eq!(conduct.is_shut_out(100, now), None);
        }
    }
}
