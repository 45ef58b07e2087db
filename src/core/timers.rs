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
    Hold,
}

/// One alarm. It is not taken back: whoever hears it looks whether it still matters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alarm {
    pub(super) at: Millis,
    pub(super) link: LinkId,
    /// The life of the link that it was set for.
    pub(super) source: Source,
    pub(super) key: Arc<[u8]>,
    pub(super) what: What,
}

/// All alarms, the next first.
#[derive(Debug, Default)]
pub(super) struct Alarms(BinaryHeap<Reverse<Alarm>>);

impl Alarms {
    pub(super) fn set(&mut self, alarm: Alarm) {
        self.0.push(Reverse(alarm));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn next(&self) -> Option<Millis> {
        self.0.peek().map(|Reverse(alarm)| alarm.at)
    }

    /// An alarm whose time has come.
    pub(super) fn due(&mut self, now: Millis) -> Option<Alarm> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse(alarm)| alarm)
    }
}
