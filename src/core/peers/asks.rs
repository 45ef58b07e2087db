//! Sketches that were asked for: each costs a look at the whole set, so all of them together get a share of the
//! node's time, and who asks waits for its turn.

use crate::core::input::Millis;
use crate::core::link::ClientId;
use std::collections::VecDeque;

/// Looks at tuples that are affordable in a millisecond: a quarter of what one core does.
const SHARE: i64 = 2000;
/// And at once, after a pause. A look at a larger set is paid for later.
const MOST_SAVED: i64 = 200_000;
/// Who would wait for longer had better be told the whole set.
const LONGEST_WAIT: i64 = 2000;

/// Who waits for a sketch, and whether one can be afforded.
#[derive(Debug)]
pub(in crate::core) struct Asks {
    waiting: VecDeque<(ClientId, usize)>,
    saved: i64,
    since: Millis,
    /// What the last look cost.
    last: i64,
}

impl Default for Asks {
    fn default() -> Asks {
        Asks { waiting: VecDeque::new(), saved: MOST_SAVED, since: 0, last: 0 }
    }
}

impl Asks {
    /// Whether one more can wait for its turn.
    pub(in crate::core) fn has_room(&self) -> bool {
        let ahead = self.waiting.len() as i64;
        ahead.saturating_mul(self.last.max(SHARE)) - self.saved <= SHARE * LONGEST_WAIT
    }

    pub(in crate::core) fn add(&mut self, id: ClientId, cells: usize) {
        self.waiting.push_back((id, cells));
    }

    /// The next one, where a sketch can be afforded.
    pub(in crate::core) fn next(&mut self, now: Millis) -> Option<(ClientId, usize)> {
        self.saves(now);
        if self.saved > 0 { self.waiting.pop_front() } else { None }
    }

    /// When the next sketch can be afforded, if anybody waits for one.
    pub(in crate::core) fn next_at(&self) -> Option<Millis> {
        let missing = u64::try_from(1 - self.saved).unwrap_or(0).div_ceil(SHARE as u64);
        (!self.waiting.is_empty()).then(|| self.since.saturating_add(missing))
    }

    /// So many tuples were looked at.
    pub(in crate::core) fn pays(&mut self, looks: usize, now: Millis) {
        self.saves(now);
        self.last = i64::try_from(looks).unwrap_or(i64::MAX);
        self.saved = self.saved.saturating_sub(self.last);
    }

    fn saves(&mut self, now: Millis) {
        let since = i64::try_from(now.saturating_sub(self.since)).unwrap_or(i64::MAX);
        self.saved = self.saved.saturating_add(since.saturating_mul(SHARE)).min(MOST_SAVED);
        self.since = self.since.max(now);
    }
}
