//! What a CZMQ peer says, and whether it is believed (R2 to R4).

use super::peer::{CzmqPeer, KeyAndValue};
use super::register::{Pending, Register};
use crate::core::input::Millis;
use crate::core::rules::{Rule, keeps};
use std::sync::Arc;

/// For so long is collected what a client says behind its HELLO (R2).
pub(in crate::core) const COLLECT: Millis = 25;

/// What a value that a peer said calls for.
#[derive(Debug, Clone)]
pub(in crate::core) enum Heard {
    /// Nothing: it is noted, or was known.
    Nothing,
    /// We do not hold this key: believe the value.
    NewKey,
    /// It is not our value, and R6 decides.
    Other,
    /// Nobody has seen this value, and it may be lost there while our value is under way. It has to be
    /// remembered.
    Fresh,
    /// It is the echo of our value, after so long.
    Acknowledged { pending: Pending, took: Option<Millis> },
}

/// What to do with a value that was collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Collected {
    /// Nothing: we hold it too.
    Nothing,
    /// A newer write: take it.
    Believe,
    /// The network has replaced it: the peer has to be told our value.
    Overrule,
}

/// A value that a peer said.
#[derive(Debug, Clone, Copy)]
pub(in crate::core) struct Said<'a> {
    pub(in crate::core) key: &'a [u8],
    pub(in crate::core) value: &'a [u8],
    /// Our value of the key.
    pub(in crate::core) held: Option<&'a [u8]>,
    /// Whether an echo acknowledges our value, as no PONG does.
    pub(in crate::core) echo_acknowledges: bool,
    pub(in crate::core) now: Millis,
}

impl CzmqPeer {
    /// It said a value. `known` tells whether that value is in the value history.
    pub(in crate::core) fn says(&mut self, said: Said<'_>, known: impl FnOnce() -> bool) -> Heard {
        // R2: only collect until its whole set is known.
        if let Some(collected) = self.collected.as_mut().filter(|_| keeps(Rule::Collect)) {
            collected.push((said.key.into(), said.value.into()));
            return Heard::Nothing;
        }
        let register = self.register(said.key);
        if let Some(pending) = register.pending.clone().filter(|_| keeps(Rule::WhilePending)) {
            return register.says_while_pending(said, pending, known());
        }
        register.value = Some(said.value.into());
        match said.held {
            None => Heard::NewKey,
            Some(held) if held == said.value => {
                register.hold_down = None;
                Heard::Nothing
            }
            Some(_) => Heard::Other,
        }
    }

    /// Whether its set is not known yet, and is collected.
    pub(in crate::core) fn is_collecting(&self) -> bool {
        self.collected.is_some()
    }

    /// Its whole set is known now. All that was collected, in order; None where the set was known before.
    /// What it has said last of a key is what it holds.
    pub(in crate::core) fn ends_collecting(&mut self) -> Option<Vec<KeyAndValue>> {
        let collected = self.collected.take()?;
        for (key, value) in &collected {
            self.register(key).value = Some(Arc::clone(value));
        }
        Some(collected)
    }

    /// Whether this is the last value that it said of the key.
    pub(in crate::core) fn said_last(&mut self, key: &[u8], value: &[u8]) -> bool {
        self.register(key).value.as_deref() == Some(value)
    }
}

impl Register {
    /// R4: our value is going to replace this one there. Its echo, or the PONG of the PING behind it, tells
    /// when.
    fn says_while_pending(&mut self, said: Said<'_>, pending: Pending, known: bool) -> Heard {
        let echo = *pending.value == *said.value;
        if echo && said.echo_acknowledges && keeps(Rule::EchoIsAck) {
            let took = self.sent_at.map(|at| said.now.saturating_sub(at));
            (self.seen, self.pending) = (None, None);
            return Heard::Acknowledged { pending, took };
        }
        self.seen = Some(said.value.into());
        if known || echo || said.held == Some(said.value) {
            return Heard::Nothing;
        }
        self.fresh = Some(said.value.into());
        Heard::Fresh
    }
}

/// R3: what to do with a value that was collected, where our value of the key is `held`. `known` tells
/// whether it is in the value history; `minted`: our value came from a CZMQ peer.
pub(in crate::core) fn judge(
    value: &[u8],
    held: Option<&[u8]>,
    known: impl FnOnce() -> bool,
    minted: bool,
) -> Collected {
    match held {
        None if !keeps(Rule::TakeUnknown) => Collected::Nothing,
        None => Collected::Believe,
        Some(held) if held == value => Collected::Nothing,
        // CZMQ peers write this key, and the peer has a value that nobody has seen: a newer write.
        Some(_) if minted && keeps(Rule::BelieveRestart) && !known() => Collected::Believe,
        Some(_) if !keeps(Rule::OverruleStale) => Collected::Believe,
        Some(_) => Collected::Overrule,
    }
}
