//! What a node has to do at a certain time: one kind of alarm for each thing, and one queue for all of them.

use super::input::Millis;
use super::link::{LinkId, ServerId, Source};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

/// What is to be done.
///
/// An alarm that was set is never taken back. When it rings, it is checked whether there still is something
/// to do; where that is not due yet, the alarm is set anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Alarm {
    /// Check the clients, and forget what is at rest.
    Housekeeping,
    /// The machine's clock was set, by more than a day.
    ClockSet,
    /// Check a server: a PING may be due, or the wait for a PONG may be over.
    Server(ServerId),
    /// Look how far those are for whom FLUSH, or the end, waits.
    Flush,
    /// Go on with the peers that are catching up.
    CatchUp,
    /// A sketch that a client waits for can be afforded.
    Sketches,
    /// What a CZMQ peer was sent counts as taken, where neither a PONG nor an echo tells it.
    Acknowledged(LinkId),
    /// A CZMQ client has had the time to tell what it holds.
    Collected(LinkId, Source),
    /// The value of a key has waited long enough: a CZMQ peer may be sent it.
    Paced(LinkId, Source, Arc<[u8]>),
    /// The hold-down of a key's value in a CZMQ peer may be over.
    HoldDown(LinkId, Source, Arc<[u8]>),
}

impl Alarm {
    /// Whether of several times that were set for this alarm only the earliest counts.
    fn is_one(&self) -> bool {
        match self {
            Alarm::Housekeeping
            | Alarm::ClockSet
            | Alarm::Server(_)
            | Alarm::Flush
            | Alarm::CatchUp
            | Alarm::Sketches
            | Alarm::Acknowledged(_) => true,
            Alarm::Collected(..) | Alarm::Paced(..) | Alarm::HoldDown(..) => false,
        }
    }
}

/// Alarms are numbered as they are set. Of two that are due at one time, the one that was set first rings
/// first.
pub(super) type AlarmNumber = u64;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Millis,
    number: AlarmNumber,
    alarm: Alarm,
}

/// All alarms, the next first.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    heap: BinaryHeap<Reverse<Entry>>,
    /// When the alarms ring of which only the earliest time counts. An entry of the heap with another time is
    /// void.
    earliest: HashMap<Alarm, Millis>,
    last: AlarmNumber,
}

impl Alarms {
    /// Have this alarm ring at this time, or sooner where it is set for sooner and only the earliest time
    /// counts.
    pub(super) fn set(&mut self, at: Millis, alarm: Alarm) -> AlarmNumber {
        if alarm.is_one() {
            if self.earliest.get(&alarm).is_some_and(|set| *set <= at) {
                return self.last;
            }
            self.earliest.insert(alarm.clone(), at);
        }
        self.last += 1;
        self.heap.push(Reverse(Entry { at, number: self.last, alarm }));
        self.drop_void();
        self.last
    }

    /// When the next alarm rings.
    pub(super) fn next(&self) -> Option<Millis> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// The number of the alarm that was set last.
    pub(super) fn last(&self) -> AlarmNumber {
        self.last
    }

    /// An alarm whose time has come, if it was set no later than the one of that number.
    pub(super) fn due(&mut self, now: Millis, last: AlarmNumber) -> Option<(AlarmNumber, Alarm)> {
        let Reverse(first) = self.heap.peek()?;
        if first.at > now || first.number > last {
            return None;
        }
        let Reverse(entry) = self.heap.pop()?;
        if entry.alarm.is_one() {
            self.earliest.remove(&entry.alarm);
        }
        self.drop_void();
        Some((entry.number, entry.alarm))
    }

    /// Keep the first entry from being void, so that nobody is woken for nothing.
    fn drop_void(&mut self) {
        while let Some(Reverse(Entry { at, alarm, .. })) = self.heap.peek() {
            if !alarm.is_one() || self.earliest.get(alarm) == Some(at) {
                return;
            }
            self.heap.pop();
        }
    }

    /// How many alarms there are that may cause tuples to be sent.
    #[cfg(test)]
    pub(super) fn of_keys(&self) -> usize {
        self.heap.iter().filter(|Reverse(entry)| !entry.alarm.is_one()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(alarms: &mut Alarms, now: Millis) -> Vec<Alarm> {
        let last = alarms.last();
        std::iter::from_fn(|| alarms.due(now, last).map(|(_, alarm)| alarm)).collect()
    }

    #[test]
    fn alarms_ring_in_the_order_of_their_times_and_then_as_they_were_set() {
        let mut alarms = Alarms::default();
        let server = |id| Alarm::Server(ServerId(id));
        alarms.set(20, server(1));
        alarms.set(10, server(3));
        alarms.set(10, server(2));
        assert_eq!(alarms.next(), Some(10));
        assert_eq!(rung(&mut alarms, 15), [server(3), server(2)]);
        assert_eq!(rung(&mut alarms, 19), []);
        assert_eq!(rung(&mut alarms, 20), [server(1)]);
        assert_eq!(alarms.next(), None);
    }

    #[test]
    fn of_one_alarm_that_is_set_twice_only_the_earliest_time_counts() {
        let mut alarms = Alarms::default();
        for at in [20, 30, 10, 25] {
            alarms.set(at, Alarm::Housekeeping);
        }
        assert_eq!(alarms.next(), Some(10));
        assert_eq!(rung(&mut alarms, 10), [Alarm::Housekeeping]);
        assert_eq!(alarms.next(), None, "what was set for later is void");
    }

    #[test]
    fn every_alarm_of_a_key_rings_with_its_number() {
        let mut alarms = Alarms::default();
        let paced = || Alarm::Paced(LinkId::Server(ServerId(1)), 1, b"k".as_slice().into());
        let numbers = [alarms.set(10, paced()), alarms.set(5, paced())];
        let last = alarms.last();
        assert_eq!(alarms.due(10, last), Some((numbers[1], paced())));
        assert_eq!(alarms.due(10, last), Some((numbers[0], paced())));
    }

    #[test]
    fn what_is_set_while_alarms_ring_waits_for_the_next_time() {
        let mut alarms = Alarms::default();
        alarms.set(10, Alarm::CatchUp);
        let last = alarms.last();
        assert!(alarms.due(10, last).is_some());
        alarms.set(10, Alarm::CatchUp);
        assert_eq!(alarms.due(10, last), None);
        assert_eq!(rung(&mut alarms, 10), [Alarm::CatchUp]);
    }
}
