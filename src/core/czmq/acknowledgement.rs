//! When a CZMQ peer has taken the value that we sent, and what it holds then (R5).

use super::peer::CzmqPeer;
use super::register::Pending;
use crate::core::input::Millis;
use crate::core::rules::{Rule, keeps};
use std::sync::Arc;

/// What has to be done now that our value was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::core) enum Taken {
    Nothing,
    /// The peer has meanwhile said a value that nobody had seen, and our value itself came from a CZMQ peer:
    /// that is a newer write, to be believed.
    NewerWrite(Arc<[u8]>),
    /// The peer holds another value, for which R6 decides.
    HoldsOther(Arc<[u8]>),
}

impl CzmqPeer {
    /// The keys whose values count as taken: those that were sent before the PING of this number, which is
    /// answered, or long enough before this time.
    pub(in crate::core) fn take_acknowledged(
        &mut self,
        barrier: u64,
        now: Millis,
    ) -> Vec<Arc<[u8]>> {
        let mut keys = Vec::new();
        while let Some(first) = self.waiting.front() {
            if first.barrier > barrier && first.until > now {
                break;
            }
            keys.extend(self.waiting.pop_front().map(|sent| sent.key));
        }
        keys
    }

    /// When the value that was sent first counts as taken, where that does not depend on a PONG.
    pub(in crate::core) fn acknowledged_at(&self) -> Option<Millis> {
        self.waiting.front().map(|first| first.until).filter(|until| *until < Millis::MAX)
    }

    /// The value of this key that was under way, if it counts as taken.
    pub(in crate::core) fn take_pending(
        &mut self,
        key: &[u8],
        barrier: u64,
        now: Millis,
    ) -> Option<Pending> {
        self.register(key).pending.take_if(|pending| {
            pending.barrier <= barrier && keeps(Rule::Barrier)
                || pending.until <= now && keeps(Rule::AckByTime)
        })
    }

    /// The value that was under way was taken. `held` is our value now; `minted`: it came from a CZMQ peer.
    pub(in crate::core) fn taken(
        &mut self,
        key: &[u8],
        pending: Pending,
        held: Option<&[u8]>,
        minted: bool,
    ) -> Taken {
        let register = self.register(key);
        let holds = register.seen.take().unwrap_or(Arc::clone(&pending.value));
        register.value = Some(Arc::clone(&holds));
        let fresh = register.fresh.take();
        let Some(held) = held else { return Taken::Nothing };
        let ours_stands = *held == *pending.value;
        match fresh.filter(|fresh| **fresh != *held) {
            Some(fresh) if minted && ours_stands && keeps(Rule::Fresh) => Taken::NewerWrite(fresh),
            _ if *held != *holds && register.paced.is_none() && keeps(Rule::LookAfter) => {
                Taken::HoldsOther(holds)
            }
            _ => Taken::Nothing,
        }
    }
}
