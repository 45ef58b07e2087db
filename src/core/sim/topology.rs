//! Topologies: how the nodes of a network are linked, and of which kind they are.

use super::Random;
use super::plan::{Act, Last, LinkPlan, NodePlan, Plan};
use std::collections::HashSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topology {
    /// A random graph of native nodes.
    AllNative,
    /// A CZMQ node in the middle, native nodes around it.
    CzmqHub,
    /// A native node in the middle, CZMQ nodes around it.
    NativeHub,
    /// Two CZMQ nodes, and native nodes connected to both.
    TwoCzmqHubs,
    /// A random graph of both kinds, with cycles, without a link between two CZMQ nodes.
    Mixed,
}

pub(super) const TOPOLOGIES: [Topology; 5] = [
    Topology::AllNative,
    Topology::CzmqHub,
    Topology::NativeHub,
    Topology::TwoCzmqHubs,
    Topology::Mixed,
];

/// All links come up within so many microseconds from the beginning.
const CONNECTED_WITHIN: u64 = 50_000;

/// How wrong a clock is, in milliseconds: not at all, a little, or up to an hour.
pub(super) fn skew(random: &mut Random) -> i64 {
    match random.below(4) {
        0 | 1 => 0,
        2 => random.between(0, 400) as i64 - 200,
        _ => random.between(0, 7_200_000) as i64 - 3_600_000,
    }
}

/// A network of so many nodes that comes up at once, and in which nothing happens yet.
pub(super) fn network(topology: Topology, count: usize, random: &mut Random) -> Plan {
    let mut plan = Plan {
        seed: random.next(),
        nodes: Vec::new(),
        links: Vec::new(),
        acts: Vec::new(),
        last_counts: Last::Nobody,
        rest_within: u64::MAX,
    };
    for number in 0..count {
        let c = match topology {
            Topology::AllNative => false,
            Topology::CzmqHub => number == 0,
            Topology::NativeHub => number > 0,
            Topology::TwoCzmqHubs => number < 2,
            Topology::Mixed => number > 0 && random.one_in(2),
        };
        plan.nodes.push(NodePlan {
            c,
            silent: false,
            hostile: false,
            skew: skew(random),
            seed: random.next(),
        });
    }
    let mut known = HashSet::new();
    for (client, server) in edges(topology, &plan, random) {
        if known.insert((client.min(server), client.max(server))) {
            let delay = random.between(200, 20_000);
            let jitter = [0, delay / 5, delay][random.below(3) as usize];
            let up_at = random.below(CONNECTED_WITHIN);
            plan.at(up_at, Act::Connect(plan.links.len()));
            plan.links.push(LinkPlan { client, server, delay, jitter, rate: None });
        }
    }
    plan
}

fn edges(topology: Topology, plan: &Plan, random: &mut Random) -> Vec<(usize, usize)> {
    let count = plan.nodes.len();
    match topology {
        Topology::CzmqHub | Topology::NativeHub => {
            (1..count).map(|n| if random.below(10) < 7 { (n, 0) } else { (0, n) }).collect()
        }
        Topology::TwoCzmqHubs => (2..count).flat_map(|n| [(n, 0), (n, 1)]).collect(),
        Topology::AllNative | Topology::Mixed => random_graph(plan, random),
    }
}

/// A random tree and about as many links again, none of them between two CZMQ nodes.
fn random_graph(plan: &Plan, random: &mut Random) -> Vec<(usize, usize)> {
    let count = plan.nodes.len();
    let allowed = |a: usize, b: usize| a != b && (plan.is_native(a) || plan.is_native(b));
    let mut edges = Vec::new();
    for node in 1..count {
        let server = loop {
            // Node 0 is native, so there is always one to take.
            let other = random.below(node as u64) as usize;
            if allowed(node, other) {
                break other;
            }
        };
        edges.push((node, server));
    }
    for _ in 0..count {
        let (a, b) = (random.below(count as u64) as usize, random.below(count as u64) as usize);
        if allowed(a, b) {
            edges.push((a, b));
        }
    }
    edges
}
