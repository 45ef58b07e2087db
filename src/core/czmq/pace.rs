//! How fast values may follow each other to and from CZMQ peers: slower where these take long to answer.

use crate::core::input::Millis;

/// The shortest hold-down (R6), and the longest, where CZMQ peers take long to answer; both before they are
/// doubled.
const HOLD_DOWN: Millis = 500;
pub(super) const LONGEST_HOLD_DOWN: Millis = 8 * HOLD_DOWN;
/// Two sends of a key to one peer are at least a hold-down, divided by this, apart (R7).
pub(super) const PACE: Millis = 2;
/// So two sends of a key are never closer than this.
#[cfg(test)]
pub(in crate::core) const SHORTEST_PAUSE: Millis = HOLD_DOWN / PACE;
/// A value from one CZMQ peer waits for about a hold-down, divided by this, before another is told (R7).
const REPLICATION: Millis = 5;

/// How long the CZMQ peers of this node take to answer.
#[derive(Debug, Default)]
pub(in crate::core) struct Pace {
    round_trip: Millis,
}

impl Pace {
    /// A CZMQ peer has taken so long to answer. The slowest answer counts, and is forgotten little by little.
    pub(in crate::core) fn sample(&mut self, took: Millis) {
        self.round_trip = took.max(self.round_trip - self.round_trip.div_ceil(64));
    }

    /// How long a value that had been replaced must stand: by then, old news have gone round.
    pub(super) fn hold_down(&self) -> Millis {
        (8 * self.round_trip).clamp(HOLD_DOWN, LONGEST_HOLD_DOWN)
    }

    /// The pauses of R7. `jitter` gives a random number below its argument, so that nodes do not act at the
    /// same time.
    pub(in crate::core) fn pauses(&self, mut jitter: impl FnMut(Millis) -> Millis) -> Pauses {
        let (pace, replication) = (self.hold_down() / PACE, self.hold_down() / REPLICATION);
        let between = pace + jitter(pace / 4);
        Pauses { between, before: replication / 2 + jitter(replication) }
    }
}

/// The pauses of R7.
#[derive(Debug, Clone, Copy)]
pub(in crate::core) struct Pauses {
    /// Between two sends of a key, at least.
    pub(super) between: Millis,
    /// Before a value that came from another CZMQ peer is sent, about.
    pub(super) before: Millis,
}
