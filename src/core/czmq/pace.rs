//! How fast values may follow each other to and from CZMQ peers, in step with how long these take to answer.

use crate::core::input::Millis;

/// How long a value that the network has already seen replaced must stand in a register before it
/// is believed (R6); the same at most, where neighbours take long to answer.
const HOLD_DOWN: Millis = 500;
pub(super) const LONGEST_HOLD_DOWN: Millis = 8 * HOLD_DOWN;
/// Two sends of one key on one link are apart by at least a hold-down divided by this (R7).
pub(super) const PACE: Millis = 2;
/// So two sends of one key are never closer than this.
#[cfg(test)]
pub(in crate::core) const SHORTEST_PAUSE: Millis = HOLD_DOWN / PACE;
/// A value that came from another CZMQ peer waits for about a hold-down divided by this (R7).
const REPLICATION: Millis = 5;

/// How long the CZMQ peers of this node take to answer.
#[derive(Debug, Default)]
pub(in crate::core) struct Pace {
    round_trip: Millis,
}

impl Pace {
    /// A CZMQ peer has taken so long to answer. The slowest counts, and is slowly forgotten.
    pub(in crate::core) fn sample(&mut self, took: Millis) {
        self.round_trip = took.max(self.round_trip - self.round_trip.div_ceil(64));
    }

    /// How long a value must stand to be believed: old news must have gone round by then.
    pub(super) fn hold_down(&self) -> Millis {
        (8 * self.round_trip).clamp(HOLD_DOWN, LONGEST_HOLD_DOWN)
    }

    /// At least so much time between two sends of one key, and about so much before a value of another CZMQ
    /// peer is sent. `jitter` gives a number below its argument, so that nodes do not act at the same time.
    pub(in crate::core) fn pauses(&self, mut jitter: impl FnMut(Millis) -> Millis) -> Pauses {
        let (pace, replication) = (self.hold_down() / PACE, self.hold_down() / REPLICATION);
        let between = pace + jitter(pace / 4);
        Pauses { between, before: replication / 2 + jitter(replication) }
    }
}

/// The pauses of R7.
#[derive(Debug, Clone, Copy)]
pub(in crate::core) struct Pauses {
    /// Between two sends of one key.
    pub(super) between: Millis,
    /// Before a value that came from another CZMQ peer is sent.
    pub(super) before: Millis,
}
