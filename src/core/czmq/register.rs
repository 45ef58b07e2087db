//! The register of one key in one CZMQ peer.

use super::pace::{LONGEST_HOLD_DOWN, PACE};
use crate::core::alarms::AlarmNumber;
use crate::core::input::Millis;
use std::sync::Arc;

/// A value under way.
#[derive(Debug, Clone)]
pub(in crate::core) struct Pending {
    pub(super) value: Arc<[u8]>,
    /// The PING whose PONG tells that it is taken, if there is one, and when it counts as taken if
    /// there is none.
    pub(super) barrier: u64,
    pub(super) until: Millis,
}

/// A key whose value is under way, in the order of sending.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) barrier: u64,
    pub(super) until: Millis,
    pub(super) key: Arc<[u8]>,
}

/// A value that is believed at that time, if it still stands then.
#[derive(Debug)]
pub(super) struct HoldDown {
    pub(super) value: Arc<[u8]>,
    pub(super) until: Millis,
}

/// A key's value in one CZMQ peer, as far as we know it.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// The value that it held when we last heard of it.
    pub(super) value: Option<Arc<[u8]>>,
    /// What we sent and do not know to be taken yet.
    pub(super) pending: Option<Pending>,
    /// The last value heard since then, and the last one that nobody had seen before.
    pub(super) seen: Option<Arc<[u8]>>,
    pub(super) fresh: Option<Arc<[u8]>>,
    /// The alarm of a send that waits for its time.
    pub(super) paced: Option<AlarmNumber>,
    /// When this key was last sent.
    pub(super) sent_at: Option<Millis>,
    /// A value that is believed if it still stands when its time is over.
    pub(super) hold_down: Option<HoldDown>,
    /// The alarm that is set for it, which may come earlier.
    pub(super) hold_down_alarm: Option<Millis>,
}

impl Register {
    /// Nothing more is to come of it, so it need not be kept.
    pub(super) fn is_settled(&self, now: Millis) -> bool {
        let rested_at = |at: Millis| at.saturating_add(LONGEST_HOLD_DOWN / PACE);
        let rested = self.sent_at.is_none_or(|at| now >= rested_at(at));
        self.pending.is_none() && self.paced.is_none() && self.hold_down.is_none() && rested
    }
}
