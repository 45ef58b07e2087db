//! The nodes of a network, native or CZMQ, and the links between them.

use super::super::{Millis, Node, ServerId, Setup, Sketching};
use super::CzmqNode;
use super::plan::{LinkPlan, NodePlan};
use std::collections::HashMap;

/// A node of either kind.
pub(super) enum SimNode {
    Native(Box<NativeNode>),
    Czmq(CzmqNode),
    /// Only what it says is known: by the plan.
    Hostile,
}

/// A native node, and what the world has to know to drive it.
pub(super) struct NativeNode {
    pub(super) node: Node,
    /// For each link on which it is the client: the server.
    pub(super) servers: HashMap<usize, ServerId>,
    pub(super) delivered: Vec<(u64, String, String)>,
    pub(super) tick_at: Option<Millis>,
    /// It does nothing before this time.
    pub(super) stalled_until: u64,
    seed: u64,
}

/// The time of day at the beginning of each run.
pub(super) const EPOCH: i64 = 1_800_000_000_000;

impl NativeNode {
    pub(super) fn new(plan: &NodePlan) -> NativeNode {
        NativeNode {
            node: node(plan.seed, plan.skew, 0),
            servers: HashMap::new(),
            delivered: Vec::new(),
            tick_at: None,
            stalled_until: 0,
            seed: plan.seed,
        }
    }

    /// Whether it does not listen to this client now.
    pub(super) fn shuts_out(&self, routing_id: &[u8], now: Millis) -> bool {
        let peers = &self.node.replica.peers;
        let client = peers.clients().find(routing_id).and_then(|id| peers.client(id));
        client.is_some_and(|client| client.peer().conduct().is_shut_until(now).is_some())
    }

    /// Another process takes its place. What was delivered is forgotten, as the new process may well deliver
    /// first what the old one delivered last.
    pub(super) fn restart(&mut self, now: Millis, skew: i64) {
        let seed = self.seed.wrapping_add(1);
        let node = node(seed, skew, now);
        *self = NativeNode {
            node,
            seed,
            ..NativeNode::new(&NodePlan { c: false, silent: false, hostile: false, skew, seed })
        };
    }
}

/// The number of a node of this seed, as its stamps tell it to everybody.
pub(super) fn number(seed: u64) -> u64 {
    let mut random = super::Random::new(seed);
    random.next();
    random.next()
}

fn node(seed: u64, skew: i64, now: Millis) -> Node {
    let mut random = super::Random::new(seed);
    let options = Setup {
        seed: random.next(),
        node: random.next(),
        epoch: (EPOCH + skew) as u64 + now,
        // Half of the nodes compare their sets by sketches, although all sets are small.
        sketching: Sketching { from: random.below(2) * 1000, cells: 4 },
        ..Setup::default()
    };
    Node::new(options, now)
}

/// A connection between two nodes. Frames arrive in the order in which they were sent, in each direction.
pub(super) struct Link {
    pub(super) client: usize,
    pub(super) server: usize,
    pub(super) delay: u64,
    pub(super) jitter: u64,
    pub(super) up: bool,
    /// Counts its connections: frames of an old one do not arrive.
    pub(super) life: u64,
    /// When the last frame in either direction arrives.
    pub(super) last: [u64; 2],
    /// A slow line: bytes a second, and when it has carried what was sent so far.
    pub(super) rate: Option<u64>,
    pub(super) free: [u64; 2],
    /// When the last tuple that was sent arrives.
    pub(super) tuples_until: u64,
    /// Where tuples are being lost: how many there have been meanwhile.
    pub(super) loses: Option<u32>,
}

impl Link {
    pub(super) fn new(plan: &LinkPlan) -> Link {
        Link {
            client: plan.client,
            server: plan.server,
            delay: plan.delay,
            jitter: plan.jitter,
            up: false,
            life: 0,
            last: [0; 2],
            rate: plan.rate,
            free: [0; 2],
            tuples_until: 0,
            loses: None,
        }
    }

    /// Whether all tuples that were sent have arrived.
    pub(super) fn has_carried_all(&self, now: u64) -> bool {
        !self.up || self.tuples_until <= now
    }

    /// When a frame that is sent now arrives.
    pub(super) fn carry(&mut self, now: u64, from_client: bool, size: usize, jitter: u64) -> u64 {
        let way = usize::from(from_client);
        let takes = self.rate.map_or(0, |rate| size as u64 * 1_000_000 / rate);
        self.free[way] = self.free[way].max(now) + takes;
        self.last[way] = (self.free[way] + self.delay + jitter).max(self.last[way] + 1);
        self.last[way]
    }
}
