//! What a CZMQ peer is told, and when (R7).

use super::pace::Pauses;
use super::peer::CzmqPeer;
use super::register::{Pending, Waiting};
use crate::core::input::Millis;
use crate::core::rules::{Rule, keeps};
use std::sync::Arc;

/// Where there is no PONG to wait for, what was sent counts as taken after so long without an echo: a value
/// that the peer holds already has none.
const ACKNOWLEDGE: Millis = 1000;

/// When a peer is to be told the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Tell {
    /// Not at all: it holds the value, or is told it already.
    Not,
    Now,
    /// At this time. An alarm has to be set, and its number given to [`CzmqPeer::is_paced`].
    At(Millis),
}

impl CzmqPeer {
    /// This is our value now: when to tell it. `waits`: it came from another CZMQ peer, so it waits a little,
    /// as most often this peer has it by then.
    pub(in crate::core) fn tell(
        &mut self,
        key: &[u8],
        value: &[u8],
        waits: bool,
        pauses: Pauses,
        now: Millis,
    ) -> Tell {
        let register = self.register(key);
        register.hold_down = None;
        match &register.pending {
            None if register.value.as_deref() == Some(value) && keeps(Rule::NotTwice) => {
                return Tell::Not;
            }
            Some(pending)
                if *pending.value == *value
                    && register.seen.as_deref().is_none_or(|seen| *seen == *value) =>
            {
                return Tell::Not;
            }
            _ => {}
        }
        let rested_at = register.sent_at.map_or(0, |at| at.saturating_add(pauses.between));
        let rests = now < rested_at && keeps(Rule::Pace);
        if !rests && !waits {
            return Tell::Now;
        }
        if register.paced.is_some() {
            return Tell::Not;
        }
        if rests {
            return Tell::At(rested_at);
        }
        // Keys are told in the order in which they came.
        self.replicated_until = self.replicated_until.max(now + pauses.before);
        Tell::At(self.replicated_until)
    }

    /// Whether values are under way to it, or wait to be sent.
    pub(in crate::core) fn is_taking(&self) -> bool {
        // What was echoed stays in the queue until its time.
        let pending = |key| self.registers.get(key).is_some_and(|it| it.pending.is_some());
        !self.paced.is_empty() || self.waiting.iter().any(|sent| pending(&sent.key))
    }

    /// This key waits for the alarm of that number.
    pub(in crate::core) fn is_paced(&mut self, key: &[u8], alarm: u64) {
        self.register(key).paced = Some(alarm);
        self.paced.insert(alarm, key.into());
    }

    /// The alarm of that number rang. Whether the key still waits for it.
    pub(in crate::core) fn stops_waiting(&mut self, key: &[u8], alarm: u64) -> bool {
        self.paced.remove(&alarm);
        self.register(key).paced.take_if(|number| *number == alarm).is_some()
    }

    /// The keys that wait, in the order in which they came. From now on they do not.
    pub(in crate::core) fn take_paced(&mut self) -> Vec<Arc<[u8]>> {
        let mut keys = Vec::new();
        for (alarm, key) in std::mem::take(&mut self.paced) {
            if self.stops_waiting(&key, alarm) {
                keys.push(key);
            }
        }
        keys
    }

    /// Whether it has to be told this value while it catches up. `said`: the value came from this peer.
    pub(in crate::core) fn lacks(&mut self, key: &[u8], value: &[u8], said: bool) -> bool {
        let register = self.register(key);
        let holds = register.value.as_deref().map_or(said, |held| held == value);
        register.pending.is_some() || !holds
    }

    /// The value is under way. It counts as taken when the PING of that number is answered; where there is
    /// none, at the time that is returned.
    pub(in crate::core) fn is_sent(
        &mut self,
        key: &[u8],
        value: Arc<[u8]>,
        barrier: Option<u64>,
        now: Millis,
    ) -> Option<Millis> {
        let (barrier, until) = match barrier {
            Some(ping) => (ping, Millis::MAX),
            None => (u64::MAX, now.saturating_add(ACKNOWLEDGE)),
        };
        let register = self.register(key);
        register.pending = Some(Pending { value, barrier, until });
        register.seen = None;
        register.sent_at = Some(now);
        self.waiting.push_back(Waiting { barrier, until, key: key.into() });
        Some(until).filter(|until| *until < Millis::MAX)
    }

    /// The value of this key did not fit into the queue, so it never was under way.
    pub(in crate::core) fn forget_pending(&mut self, key: &[u8]) {
        let Some(register) = self.registers.get_mut(key) else { return };
        if register.pending.take().is_some() {
            register.value = None;
        }
        // It was the last that was sent, or those behind it did not fit either.
        if self.waiting.back().is_some_and(|last| *last.key == *key) {
            self.waiting.pop_back();
        }
    }
}
