//! What a node takes from others at most: the section `zgossip/limits` of the configuration.

use super::input::Millis;
use super::log::Throttle;
use super::memory;

/// At most one line about each limit in so many milliseconds.
const INTERVAL: Millis = 60_000;

/// One of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// How many bytes a value has.
    Value,
    /// How many tuples are held, the hidden ones included.
    Tuples,
    /// How many bytes all keys and values have.
    Bytes,
    /// How many clients there are.
    Peers,
    /// How many messages of a peer are read in a second, while it tells no set.
    Rate,
    /// How many malformed messages a peer may send in a minute.
    Malformed,
    /// How many bytes may wait for a peer.
    Waiting,
}

/// Each limit's name in the section, and how high it is where nobody says otherwise.
const TABLE: [(Limit, &[u8], usize); 7] = [
    (Limit::Value, b"value", 16 << 20),
    (Limit::Tuples, b"tuples", 1_000_000),
    (Limit::Bytes, b"bytes", 1 << 30),
    (Limit::Peers, b"peers", 4096),
    (Limit::Rate, b"rate", usize::MAX),
    (Limit::Malformed, b"malformed", 100),
    (Limit::Waiting, b"waiting", 4 << 20),
];

/// All limits, and the lines about those that were reached.
#[derive(Debug)]
pub(crate) struct Limits {
    most: [usize; TABLE.len()],
    /// Values up to this size need no closer look.
    small: usize,
    lines: [Throttle; TABLE.len()],
    changes: u64,
    /// Something was refused for want of memory. It is told again when this time has come.
    short_until: Option<Millis>,
    memory_lines: Throttle,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            most: TABLE.map(|(.., most)| most),
            small: memory::LARGE,
            lines: Default::default(),
            changes: 0,
            short_until: None,
            memory_lines: Throttle::default(),
        }
    }
}

impl Limits {
    /// `usize::MAX` where there is no limit.
    pub(crate) fn most(&self, limit: Limit) -> usize {
        self.most[limit as usize]
    }

    /// Whether a value of so many bytes lies within the limit, and there is memory for it, without a closer look.
    pub(super) fn is_small(&self, size: usize) -> bool {
        size <= self.small
    }

    /// Take all limits from the configuration, given the number at each name of the section: 0 is no limit, and what
    /// is no number of bytes or tuples counts as not said.
    pub(super) fn configure(&mut self, number: impl Fn(&[u8]) -> Option<i64>) {
        let most = TABLE.map(|(_, name, most)| match number(name).map(usize::try_from) {
            Some(Ok(0)) => usize::MAX,
            Some(Ok(number)) => number,
            Some(Err(_)) | None => most,
        });
        self.changes += u64::from(most != self.most);
        self.most = most;
        self.small = self.most(Limit::Value).min(memory::LARGE);
    }

    /// How often they have changed. What was refused before may not be refused now.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// There was no memory for a value. None where no line may say so now; else how many lines were left out
    /// before this one.
    pub(super) fn is_short_of_memory(&mut self, now: Millis) -> Option<u64> {
        self.short_until.get_or_insert(now.saturating_add(INTERVAL));
        self.memory_lines.pass(now, INTERVAL)
    }

    /// There may be memory again: what was refused does not count as known any longer, so that it comes again.
    pub(super) fn look(&mut self, now: Millis) {
        if self.short_until.take_if(|until| *until <= now).is_some() {
            self.changes += 1;
        }
    }

    /// A limit was reached. None where no line may say so now; else how many lines were left out before this one.
    pub(super) fn reaches(&mut self, limit: Limit, now: Millis) -> Option<u64> {
        self.lines[limit as usize].pass(now, INTERVAL)
    }
}

impl Limit {
    pub(super) fn name(self) -> &'static [u8] {
        TABLE[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_at_its_place_in_the_table() {
        for (place, (limit, ..)) in TABLE.into_iter().enumerate() {
            assert_eq!(limit as usize, place);
        }
    }

    #[test]
    fn zero_is_no_limit_and_what_is_not_said_is_the_default() {
        let mut limits = Limits::default();
        assert_eq!(limits.most(Limit::Peers), 4096);
        limits.configure(|name| match name {
            b"peers" => Some(0),
            b"value" => Some(7),
            b"bytes" => Some(-1),
            _ => None,
        });
        assert_eq!(limits.most(Limit::Peers), usize::MAX);
        assert_eq!(limits.most(Limit::Value), 7);
        assert_eq!(limits.most(Limit::Bytes), 1 << 30);
        assert_eq!(limits.changes(), 1);
        limits.configure(|name| (name == b"value").then_some(16 << 20));
        assert_eq!(limits.most(Limit::Peers), 4096);
        assert_eq!(limits.changes(), 2);
        limits.configure(|_| None);
        assert_eq!(limits.changes(), 2);
    }
}
