//! How a run ends, and what must hold then.

use super::super::link::NOBODY;
use super::nodes::{NativeNode, SimNode};
use super::plan::Plan;
use super::world::World;
use std::collections::{BTreeMap, BTreeSet};

const SECOND: u64 = 1_000_000;
/// A network that has been silent for so long has come to rest.
const REST: u64 = 10 * SECOND;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// What does not hold.
    pub(crate) broken: Option<String>,
    /// Keys with a single writer that do not end with its last value.
    pub(crate) wrong: usize,
    /// Microseconds from the last write or fault to the last tuple sent.
    pub(crate) settled_after: u64,
    /// Most DELIVERs of one key at a native node.
    pub(crate) most_delivered: usize,
    /// Tuples sent.
    pub(crate) publishes: u64,
    /// Digest of all frames sent, with their times and ways.
    pub(crate) transcript: u64,
}

/// Carry out a plan until the network rests.
pub(super) fn run(plan: &Plan) -> Verdict {
    run_world(&mut World::new(plan), plan)
}

/// The same, printing what happens.
pub(super) fn tell(plan: &Plan) -> Verdict {
    let mut world = World::new(plan);
    world.tells = true;
    run_world(&mut world, plan)
}

/// The same with a world that is looked at afterwards.
pub(super) fn run_world(world: &mut World, plan: &Plan) -> Verdict {
    let end = plan.end();
    let most = 20_000 + 200 * plan.links.len() as u64;
    // Some heartbeats must pass in silence. A hold-down that has doubled eight times takes minutes.
    let mut quiet = world.run_until(end + REST, most);
    while quiet && !world.is_at_rest(REST) && world.now < end + 1000 * SECOND {
        let next = world.now + REST;
        quiet = world.run_until(next, most);
    }
    // Housekeeping comes once a second.
    let swept_by = world.now + 3 * SECOND;
    let quiet = quiet && world.run_until(swept_by, most) && world.is_at_rest(REST);
    judge(world, plan, quiet)
}

fn judge(world: &World, plan: &Plan, quiet: bool) -> Verdict {
    let settled_after = world.last_publish.saturating_sub(plan.end());
    let at_end = || match quiet {
        false => Some("quiet: tuples are still being sent".to_string()),
        true if settled_after > plan.rest_within => {
            Some(format!("prompt: at rest only after {settled_after} us"))
        }
        true => unequal(world).or_else(|| different_stamps(world)).or_else(|| open(world)),
    };
    let nodes = || honest(world);
    let wrong = |(key, value): &(&str, &str)| {
        nodes().any(|node| world.value(node, key).as_deref() != Some(*value))
    };
    let broken = world.watch.broken.clone().or_else(at_end);
    let ends = plan.last().into_iter().filter(|_| broken.is_none());
    Verdict {
        wrong: ends.filter(wrong).count(),
        broken,
        settled_after,
        most_delivered: native_nodes(world).map(most_delivered).max().unwrap_or(0),
        publishes: world.publishes,
        transcript: world.transcript,
    }
}

fn native_nodes(world: &World) -> impl Iterator<Item = &NativeNode> {
    world.nodes.iter().filter_map(|node| match node {
        SimNode::Native(native) => Some(&**native),
        SimNode::Czmq(_) | SimNode::Hostile => None,
    })
}

/// The nodes that have to agree.
fn honest(world: &World) -> impl Iterator<Item = usize> {
    let is_honest = |node: &usize| !matches!(world.nodes[*node], SimNode::Hostile);
    (0..world.nodes.len()).filter(is_honest)
}

fn keys_of(peer: &SimNode) -> Vec<String> {
    match peer {
        SimNode::Hostile => Vec::new(),
        SimNode::Czmq(c) => c.tuples.keys().cloned().collect(),
        SimNode::Native(native) => {
            let mut keys = Vec::new();
            let mut from = 0;
            while let Some(found) = native.node.replica.tuples.next(from, NOBODY, false) {
                let key = found.key;
                keys.push(String::from_utf8_lossy(key).into_owned());
                from = found.position + 1;
            }
            keys
        }
    }
}

/// A key of which not all nodes hold the same value.
fn unequal(world: &World) -> Option<String> {
    let keys: BTreeSet<String> = world.nodes.iter().flat_map(keys_of).collect();
    keys.into_iter().find_map(|key| {
        let values: Vec<_> = honest(world).map(|node| world.value(node, &key)).collect();
        let differ = values.iter().any(|value| *value != values[0]);
        differ.then(|| format!("equal: {key} is {values:?}"))
    })
}

/// Two native neighbours that do not hold the same set, stamps included.
fn different_stamps(world: &World) -> Option<String> {
    let differ = world.links.iter().find(|link| {
        match (&world.nodes[link.client], &world.nodes[link.server]) {
            (SimNode::Native(one), SimNode::Native(other)) if link.up => {
                one.node.replica.tuples.summary() != other.node.replica.tuples.summary()
            }
            _ => false,
        }
    });
    differ.map(|link| format!("equal: the stamps of {} and {}", link.client, link.server))
}

/// A node that still expects something of a peer.
fn open(world: &World) -> Option<String> {
    (0..world.nodes.len()).find_map(|number| {
        let SimNode::Native(native) = &world.nodes[number] else { return None };
        let peers = &native.node.replica.peers;
        // That a client has gone is noticed only when there is something to send to it.
        let live = |link| world.link_of(number, link).is_some_and(|link| world.links[link].up);
        let mut czmq = peers.czmq_peers().filter(|(link, _)| live(*link));
        let open = czmq.find(|(_, czmq)| !czmq.is_at_rest()).map(|(_, czmq)| format!("{czmq:?}"));
        let behind = peers.catching_up();
        let open = open.or((!behind.is_empty()).then(|| format!("{behind:?}")));
        open.map(|open| format!("rest: node {number} waits: {open}"))
    })
}

fn most_delivered(native: &NativeNode) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, key, _) in &native.delivered {
        *counts.entry(key).or_default() += 1;
    }
    counts.into_values().max().unwrap_or(0)
}
