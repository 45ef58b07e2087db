//! A value that comes back although the network has seen it replaced must stand for a while before it is
//! believed (R6).
//!
//! A hold-down ends when its alarm rings ([`CzmqPeer::hold_down_alarm`]). It ends sooner where the value no longer
//! has to be judged: the peer says our value (`inbound`), or is to be told our value (`outbound`).

use super::pace::Pace;
use super::peer::{CzmqPeer, value_digest};
use super::register::{HoldDown, Register};
use crate::core::input::Millis;
use crate::core::rules::{Rule, keeps};
use std::sync::Arc;

/// Each return of a key doubles the next hold-down, up to so many times.
const MOST_RETURNS: u32 = 8;

/// What the alarm of a hold-down calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::core) enum HoldDownAlarm {
    Nothing,
    /// The hold-down is over and the value still stands: believe it, if it is not our value.
    Over(Arc<[u8]>),
    /// The hold-down is not over: set the alarm anew.
    SetAt(Millis),
}

/// The hold-down of a value in a register while our value is another one. `returns`: how often the key has
/// gone back to a value that had been replaced.
pub(in crate::core) fn hold_down(
    value: &[u8],
    held: Option<&[u8]>,
    returns: u32,
    pace: &Pace,
) -> Millis {
    // Of two nodes that hold each other's value, one has to move first.
    let first = value_digest(value) > held.map_or(0, value_digest);
    let order = if first || !keeps(Rule::HoldOrder) { 1 } else { 2 };
    let most = if keeps(Rule::HoldDoubles) { MOST_RETURNS } else { 0 };
    let time = if keeps(Rule::Hold) { pace.hold_down() } else { 0 };
    (time << returns.min(most)) * order
}

impl CzmqPeer {
    /// Hold a value down until this time. Returns for when an alarm has to be set, where one has to be.
    pub(in crate::core) fn holds_down(
        &mut self,
        key: &[u8],
        value: &[u8],
        until: Millis,
    ) -> Option<Millis> {
        let register = self.register(key);
        if register.hold_down.as_ref().is_some_and(|held| *held.value == *value) {
            return None;
        }
        register.hold_down = Some(HoldDown { value: value.into(), until });
        register.needs_alarm(until)
    }

    /// The alarm for a hold-down of this key rang. This is where a hold-down ends.
    pub(in crate::core) fn hold_down_alarm(&mut self, key: &[u8], now: Millis) -> HoldDownAlarm {
        let register = self.register(key);
        register.hold_down_alarm.take_if(|at| *at <= now);
        let Some(held) = &register.hold_down else { return HoldDownAlarm::Nothing };
        if held.until > now {
            let until = held.until;
            return register
                .needs_alarm(until)
                .map_or(HoldDownAlarm::Nothing, HoldDownAlarm::SetAt);
        }
        let stands = register.value.as_deref() == Some(&*held.value);
        let believed = stands && register.pending.is_none() && keeps(Rule::HoldEnds);
        let over = register.hold_down.take().filter(|_| believed);
        over.map_or(HoldDownAlarm::Nothing, |held| HoldDownAlarm::Over(held.value))
    }
}

impl Register {
    /// The time for an alarm, unless one is set that rings sooner. One alarm is enough, however often the
    /// value changes meanwhile.
    fn needs_alarm(&mut self, at: Millis) -> Option<Millis> {
        let sooner = self.hold_down_alarm.is_none_or(|set| at < set);
        sooner.then(|| *self.hold_down_alarm.insert(at))
    }
}
