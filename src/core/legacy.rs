//! C nodes as neighbours.
//!
//! A C node takes any value that differs from the one it holds, passes it on to everybody, the
//! sender included, and knows no order: two values of one key that cross on a link chase each other
//! for ever. Seen from a neighbour it is a register for each key that tells every change of its
//! content, in order. The rules here bring such registers to rest; their numbers are those of
//! `docs/convergence.md`, which says why they end.

use super::input::Millis;
use crate::wire::Stamp;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How long a value that the network has already seen replaced must stand in a register before it
/// is believed (R6).
pub(super) const HOLD: Millis = 500;
/// The same at most, where neighbours take long to answer.
pub(super) const LONGEST_HOLD: Millis = 8 * HOLD;
/// Two sends of one key on one link are apart by at least a hold divided by this (R7).
pub(super) const PACE: Millis = 2;
/// A relayed value is held back for about a hold divided by this (R7).
pub(super) const RELAY: Millis = 5;
/// Without a PING to wait for, a send that was not echoed counts as taken after so long: a
/// duplicate has no echo.
pub(super) const ACK: Millis = 1000;
/// What a client pushes right behind its HELLO is collected for so long (R2).
pub(super) const COLLECT: Millis = 25;

/// A key's register in one C node, as far as we know it.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// The value that it held when we last heard of it.
    pub(super) peer: Option<Arc<[u8]>>,
    /// The stamp of that value.
    pub(super) base: Stamp,
    /// What we sent and do not know to be taken yet.
    pub(super) pending: Option<Pending>,
    /// The last value heard since then, and the last one that nobody had seen before.
    pub(super) seen: Option<Arc<[u8]>>,
    pub(super) fresh: Option<Arc<[u8]>>,
    /// The alarm of a send that waits for its time.
    pub(super) paced: Option<u64>,
    /// When this key was last sent.
    pub(super) sent_at: Option<Millis>,
    /// A value that is believed at that time, if it still stands then.
    pub(super) hold: Option<(Arc<[u8]>, Millis)>,
    /// The alarm that is set for it, which may come earlier.
    pub(super) hold_alarm: Option<Millis>,
}

/// A tuple as it was told.
pub(super) type KeyAndValue = (Arc<[u8]>, Arc<[u8]>);

/// A value under way.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) value: Arc<[u8]>,
    pub(super) stamp: Stamp,
    /// The PING whose PONG tells that it is taken, if there is one, and when it counts as taken if
    /// there is none.
    pub(super) barrier: u64,
    pub(super) until: Millis,
}

impl Register {
    /// Nothing more is to come of it, so it need not be kept.
    fn is_settled(&self, now: Millis) -> bool {
        let rested = self.sent_at.is_none_or(|at| now >= at.saturating_add(LONGEST_HOLD / PACE));
        self.pending.is_none() && self.paced.is_none() && self.hold.is_none() && rested
    }
}

/// What is known of one C node.
#[derive(Debug, Default)]
pub(super) struct Legacy {
    /// What it told before it was known what it holds; None once that is known.
    pub(super) collected: Option<Vec<KeyAndValue>>,
    pub(super) registers: HashMap<Arc<[u8]>, Register>,
    /// The last relayed value that waits is due then.
    pub(super) relayed_until: Millis,
    /// Sends in their order: barrier, when to stop waiting for it, key.
    pub(super) waiting: VecDeque<(u64, Millis, Arc<[u8]>)>,
}

impl Legacy {
    /// A C node of which nothing is known yet.
    pub(super) fn new() -> Legacy {
        Legacy { collected: Some(Vec::new()), ..Legacy::default() }
    }

    pub(super) fn register(&mut self, key: &[u8]) -> &mut Register {
        if !self.registers.contains_key(key) {
            self.registers.insert(key.into(), Register::default());
        }
        self.registers.entry(key.into()).or_default()
    }

    /// The keys whose sends are taken now that this barrier is reached, or by this time.
    pub(super) fn taken(&mut self, barrier: u64, now: Millis) -> Vec<Arc<[u8]>> {
        let mut keys = Vec::new();
        while let Some((sent, until, _)) = self.waiting.front() {
            if *sent > barrier && *until > now {
                break;
            }
            keys.extend(self.waiting.pop_front().map(|(_, _, key)| key));
        }
        keys
    }

    /// Sends that libzmq refused were never under way.
    pub(super) fn forget_pending(&mut self) {
        self.waiting.clear();
        for register in self.registers.values_mut() {
            if register.pending.take().is_some() {
                register.peer = None;
            }
        }
    }

    /// Drop what is at rest.
    pub(super) fn sweep(&mut self, now: Millis) {
        self.registers.retain(|_, register| !register.is_settled(now));
        if self.registers.capacity() > 4 * self.registers.len() + 64 {
            self.registers.shrink_to_fit();
            self.waiting.shrink_to_fit();
        }
    }
}
