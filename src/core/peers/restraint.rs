//! What costs us much and a peer little: a few times at once, then ever more slowly.

use crate::core::input::Millis;
use crate::core::rules::{Rule, keeps};

/// How often a peer may make us do something.
#[derive(Debug)]
pub(super) struct Limits {
    /// The rule that this keeps.
    pub(super) rule: Rule,
    /// So many times without a pause.
    pub(super) at_once: u32,
    /// The pause after that, which doubles each time.
    pub(super) first: Millis,
    pub(super) longest: Millis,
    /// All is forgotten after so long, or after twice the pause where that is longer.
    pub(super) forgiven: Millis,
}

/// How often it has done so lately, and when it may again.
#[derive(Debug)]
pub(super) struct Restraint {
    limits: &'static Limits,
    left: u32,
    pause: Millis,
    /// When it was done last, or is going to be.
    last: Option<Millis>,
}

impl Restraint {
    pub(super) fn new(limits: &'static Limits) -> Restraint {
        Restraint { limits, left: limits.at_once, pause: 0, last: None }
    }

    /// When it may be done: now, or later. What is going to be done later will do for this as well.
    pub(super) fn next(&self, now: Millis) -> Millis {
        match self.last {
            _ if !keeps(self.limits.rule) => now,
            None => now,
            Some(last) if last > now => last,
            Some(last) => now.max(last.saturating_add(self.pause)),
        }
    }

    /// It is done, now or as soon as it may be: when.
    pub(super) fn counts(&mut self, now: Millis) -> Millis {
        let at = self.next(now);
        let since = self.last.map_or(Millis::MAX, |last| at.saturating_sub(last));
        if since == 0 && at > now {
            return at;
        }
        if since >= self.limits.forgiven.max(2 * self.pause) {
            (self.left, self.pause) = (self.limits.at_once, 0);
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            self.pause = (2 * self.pause).clamp(self.limits.first, self.limits.longest);
        }
        self.last = Some(at);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { rule: Rule::FewAnswers, at_once: 2, first: 100, longest: 1000, forgiven: 5000 };

    #[test]
    fn the_pauses_double_from_the_time_on_that_it_was_done_too_often() {
        let (mut restraint, mut now, mut times) = (Restraint::new(&LIMITS), 0, Vec::new());
        for _ in 0..8 {
            now = restraint.counts(now);
            times.push(now);
        }
        assert_eq!(times, [0, 0, 100, 300, 700, 1500, 2500, 3500]);
    }

    #[test]
    fn what_is_to_come_is_not_put_off_by_asking_for_it_again() {
        let mut restraint = Restraint::new(&LIMITS);
        let times: Vec<_> = (0..100).map(|_| restraint.counts(0)).collect();
        assert_eq!(times.iter().max(), Some(&100));
        assert_eq!(restraint.counts(100), 300);
    }

    #[test]
    fn who_has_been_quiet_begins_anew() {
        let mut restraint = Restraint::new(&LIMITS);
        for _ in 0..6 {
            restraint.counts(10_000);
        }
        assert_eq!((0..2).map(|_| restraint.counts(20_000)).max(), Some(20_000));
    }
}
