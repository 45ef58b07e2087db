//! Alarms for single keys on single links.

use super::input::Millis;
use super::link::{LinkId, Source};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A client has had the time to push what it has.
    Collected,
    /// Send a value that was held back.
    Paced,
    /// Believe a value that still stands.
    HoldDown,
}

/// One alarm. It is not taken back: whoever hears it looks whether it still matters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alarm {
    pub(super) at: Millis,
    /// Of two that are due at one time, the one that was set first comes first.
    pub(super) number: u64,
    pub(super) link: LinkId,
    /// The life of the link that it was set for.
    pub(super) source: Source,
    pub(super) key: Arc<[u8]>,
    pub(super) what: What,
}

/// All alarms, the next first.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    heap: BinaryHeap<Reverse<Alarm>>,
    set: u64,
}

impl Alarms {
    /// Its number: alarms of one time ring in the order in which they were set.
    pub(super) fn set(&mut self, alarm: Alarm) -> u64 {
        self.set += 1;
        self.heap.push(Reverse(Alarm { number: self.set, ..alarm }));
        self.set
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    pub(super) fn next(&self) -> Option<Millis> {
        self.heap.peek().map(|Reverse(alarm)| alarm.at)
    }

    /// An alarm whose time has come.
    pub(super) fn due(&mut self, now: Millis) -> Option<Alarm> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(alarm)| alarm)
    }
}
