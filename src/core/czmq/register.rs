//! A register: the value of one key in one CZMQ peer, as far as we know it.

use super::pace::{LONGEST_HOLD_DOWN, PACE};
use crate::core::alarms::AlarmNumber;
use crate::core::input::Millis;
use std::sync::Arc;

/// A value that we have sent and that may not have been taken yet.
#[derive(Debug, Clone)]
pub(in crate::core) struct Pending {
    pub(super) value: Arc<[u8]>,
    /// The PING whose PONG tells that it was taken; where there is none, the time at which it counts as
    /// taken.
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

/// A value that is held down: it is believed at that time, if it still stands then.
#[derive(Debug)]
pub(super) struct HoldDown {
    pub(super) value: Arc<[u8]>,
    pub(super) until: Millis,
}

/// What is known of one key in one CZMQ peer.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// The value that the peer holds: the last that it said, or that it is known to have taken.
    pub(super) value: Option<Arc<[u8]>>,
    /// The value that is under way.
    pub(super) pending: Option<Pending>,
    /// What the peer has said since that was sent: the last value, and the last one that nobody had seen
    /// before.
    pub(super) seen: Option<Arc<[u8]>>,
    pub(super) fresh: Option<Arc<[u8]>>,
    /// The alarm that the next send of this key waits for.
    pub(super) paced: Option<AlarmNumber>,
    /// When this key was last sent.
    pub(super) sent_at: Option<Millis>,
    /// The value that is held down.
    pub(super) hold_down: Option<HoldDown>,
    /// When the alarm rings that was set for a hold-down. That may be before the present hold-down ends: it was
    /// set for one that is over.
    pub(super) hold_down_alarm: Option<Millis>,
}

impl Register {
    /// Whether nothing is expected of it any more, so that it need not be kept.
    pub(super) fn is_settled(&self, now: Millis) -> bool {
        let rested_at = |at: Millis| at.saturating_add(LONGEST_HOLD_DOWN / PACE);
        let rested = self.sent_at.is_none_or(|at| now >= rested_at(at));
        self.pending.is_none() && self.paced.is_none() && self.hold_down.is_none() && rested
    }
}
