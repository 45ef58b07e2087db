//! What must hold at the end of a run.

use super::scenario::Plan;
use super::world::{Peer, World};
use std::collections::BTreeSet;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// No tuples were sent any more.
    pub(crate) quiet: bool,
    /// All nodes hold the same values, and ours, where they are connected, the same stamps.
    pub(crate) equal: bool,
    /// Keys with a single writer that do not end with its last value.
    pub(crate) wrong: usize,
    /// Microseconds from the last write or fault to the last tuple sent.
    pub(crate) settled_after: u64,
    /// Most DELIVERs of one key at one of ours.
    pub(crate) most_delivered: usize,
    /// Something that may never happen, or nothing.
    pub(crate) broken: Option<String>,
}

impl Verdict {
    pub(crate) fn is_good(&self) -> bool {
        self.quiet && self.equal && self.broken.is_none()
    }
}

pub(super) fn judge(world: &World, plan: &Plan, quiet: bool) -> Verdict {
    let keys: BTreeSet<String> =
        (0..world.nodes.len()).flat_map(|node| keys_of(world, node)).collect();
    let nodes = || 0..world.nodes.len();
    let same = |key: &String| {
        let values: BTreeSet<_> = nodes().map(|node| world.value(node, key)).collect();
        values.len() == 1
    };
    let wrong = |(key, value): &&(String, String)| {
        nodes().any(|node| world.value(node, key).as_ref() != Some(value))
    };
    Verdict {
        quiet,
        equal: keys.iter().all(same) && stamps_are_equal(world),
        wrong: plan.last.iter().filter(wrong).count(),
        settled_after: world.last_publish.saturating_sub(plan.end),
        most_delivered: nodes().map(|node| most_delivered(world, node)).max().unwrap_or(0),
        broken: nodes().find_map(|node| repeated(world, node)),
    }
}

fn keys_of(world: &World, node: usize) -> Vec<String> {
    match &world.nodes[node] {
        Peer::C(c) => c.tuples.keys().cloned().collect(),
        Peer::Ours(ours) => {
            let mut keys = Vec::new();
            let mut from = 0;
            while let Some(found) = ours.node.tuples.next(from, u32::MAX - 1, false) {
                keys.push(String::from_utf8_lossy(found.key).into_owned());
                from = found.position + 1;
            }
            keys
        }
    }
}

/// Neighbours of our kind hold the same set, stamps included.
fn stamps_are_equal(world: &World) -> bool {
    world.links.iter().all(|link| match (&world.nodes[link.client], &world.nodes[link.server]) {
        (Peer::Ours(one), Peer::Ours(other)) if link.up => {
            one.node.tuples.summary() == other.node.tuples.summary()
        }
        _ => true,
    })
}

fn most_delivered(world: &World, node: usize) -> usize {
    if matches!(world.nodes[node], Peer::C(_)) {
        return 0;
    }
    let delivered = world.delivered(node);
    let keys: BTreeSet<&String> = delivered.iter().map(|(_, key, _)| key).collect();
    let count = |key: &&String| delivered.iter().filter(|(_, other, _)| other == *key).count();
    keys.iter().map(count).max().unwrap_or(0)
}

/// A value delivered twice in a row is no change.
fn repeated(world: &World, node: usize) -> Option<String> {
    let Peer::Ours(ours) = &world.nodes[node] else { return None };
    let mut last = std::collections::HashMap::new();
    for (time, key, value) in &ours.delivered {
        if last.insert(key, value) == Some(value) {
            return Some(format!("node {node} was told {key}={value} twice in a row at {time} us"));
        }
    }
    None
}
