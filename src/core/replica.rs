//! The parts of a node that `replication` and `protocol` work on.

use super::czmq::Pace;
use super::flushes::Flushes;
use super::input::Millis;
use super::io::Io;
use super::link::LinkId;
use super::log::Throttle;
use super::peers::Peers;
use super::setup::{Setup, Sketching};
use super::tuples::{Clock, TupleSet, ValueHistory};
use crate::wire::Summary;

/// A node's copy of the network's tuples, and everything that keeps it equal to the others. Each part keeps
/// its state to itself: the functions of `replication` and `protocol` call its methods, and see none of its
/// fields.
#[derive(Debug)]
pub(super) struct Replica {
    pub(super) tuples: TupleSet,
    pub(super) clock: Clock,
    pub(super) history: ValueHistory,
    pub(super) peers: Peers,
    pub(super) pace: Pace,
    pub(super) io: Io,
    pub(super) flushes: Flushes,
    /// Lines about clocks that are far apart.
    pub(super) clock_lines: Throttle,
    /// Until when this node is newborn; None before its first contact with a network.
    pub(super) newborn_until: Option<Millis>,
    /// A random number that stands for this process, told to peers.
    pub(super) node: u64,
    /// A secret random number.
    pub(super) seed: u64,
    pub(super) sketching: Sketching,
}

impl Replica {
    pub(super) fn new(setup: Setup, now: Millis) -> Replica {
        Replica {
            tuples: TupleSet::new(setup.seed),
            clock: Clock::new(setup.node, setup.epoch.saturating_sub(now)),
            history: ValueHistory::default(),
            // CZMQ's actor numbers its sessions from a random number below 1000.
            peers: Peers::new(setup.seed % 1000),
            pace: Pace::default(),
            io: Io::new(now, setup.seed, setup.label),
            flushes: Flushes::default(),
            clock_lines: Throttle::default(),
            newborn_until: None,
            node: setup.node,
            seed: setup.seed,
            sketching: setup.sketching,
        }
    }

    /// Whether this is the value that is held of the key.
    pub(super) fn holds(&self, key: &[u8], value: &[u8]) -> bool {
        self.tuples.get(key).is_some_and(|(held, _)| held == value)
    }

    /// The summary of the set, as this peer is told it; None where its set cannot be compared with ours.
    pub(super) fn summary_for(&self, link: LinkId) -> Option<Summary> {
        let refused = self.peers.peer(link)?.refused();
        refused.summary(&self.tuples, self.io.limits().changes())
    }

    /// Whether this peer, which is catching up, has yet to come to the tuple of this key.
    pub(super) fn has_yet_to_tell(&self, link: LinkId, key: &[u8]) -> bool {
        let Some(cursor) = self.peers.cursor(link) else { return false };
        self.tuples.found(key).is_some_and(|found| found.position >= cursor.position())
    }
}
