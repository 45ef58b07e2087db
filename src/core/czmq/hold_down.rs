//! A value that comes back although the network has seen it replaced must stand for a while (R6).

use super::pace::Pace;
use super::peer::{CzmqPeer, value_digest};
use super::register::{HoldDown, Register};
use crate::core::input::Millis;
use crate::core::rules::{Rule, keeps};
use std::sync::Arc;

/// Each return of a key makes the next hold-down twice as long, up to this power.
const MOST_RETURNS: u32 = 8;

/// What the alarm of a hold-down calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::core) enum HoldDownAlarm {
    Nothing,
    /// The value still stands: believe it, if it is another one than ours.
    Over(Arc<[u8]>),
    /// Its time is not over: set the alarm anew.
    SetAt(Millis),
}

/// How long a value must stand in a register while we hold another one. The key has gone back to a replaced
/// value so many times.
pub(in crate::core) fn hold_down(
    value: &[u8],
    held: Option<&[u8]>,
    returns: u32,
    pace: &Pace,
) -> Millis {
    // Of two nodes that hold each other's value, one must move first.
    let first = value_digest(value) > held.map_or(0, value_digest);
    let order = if first || !keeps(Rule::HoldOrder) { 1 } else { 2 };
    let most = if keeps(Rule::HoldDoubles) { MOST_RETURNS } else { 0 };
    let time = if keeps(Rule::Hold) { pace.hold_down() } else { 0 };
    (time << returns.min(most)) * order
}

impl CzmqPeer {
    /// Hold a value down until this time. When an alarm has to be set for it.
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

    /// An alarm of a hold-down of this key rang.
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
    /// One alarm is enough, however often the value changes meanwhile.
    fn needs_alarm(&mut self, at: Millis) -> Option<Millis> {
        let sooner = self.hold_down_alarm.is_none_or(|set| at < set);
        sooner.then(|| *self.hold_down_alarm.insert(at))
    }
}
