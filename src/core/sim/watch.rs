//! What must hold at every step of a run.

use super::super::tuples::{DEPTH, LARGEST_LEAD};
use super::frames::{Frames, Way};
use super::nodes::NativeNode;
use crate::wire::{Extension, Message, Stamp, Summary, decode_with_extension};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What has been seen of a key at a node, in its present life.
#[derive(Debug, Default)]
struct Seen {
    stamp: Stamp,
    value: Option<String>,
    told: Option<String>,
    /// How often the owner wrote it, and how many stamps the node made for it.
    writes: u32,
    authored: u32,
}

/// Checks every input, every output, and what a node holds after each.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The first thing that happened although it must not.
    pub(super) broken: Option<String>,
    written: HashSet<(String, String)>,
    keys: BTreeSet<String>,
    seen: Vec<HashMap<String, Seen>>,
    /// The clocks of all stamps that a key ever had, anywhere.
    clocks_of_keys: HashSet<(String, u64)>,
    /// Stamps that strangers have made, with whatever origin.
    forged: HashSet<Stamp>,
    /// The summary of each node's set: a set that has not changed is not checked again.
    summaries: Vec<Summary>,
    /// The reading that each node's next stamp must be above.
    clocks: Vec<u64>,
    /// How many frames strangers have said: each may have an alarm set.
    pub(super) said: usize,
    /// How many links have come up in all.
    lives: usize,
    frames: Frames,
}

impl Watch {
    pub(super) fn new(nodes: usize) -> Watch {
        let seen = (0..nodes).map(|_| HashMap::new()).collect();
        Watch {
            seen,
            summaries: vec![Summary::default(); nodes],
            clocks: vec![0; nodes],
            ..Watch::default()
        }
    }

    fn fail(&mut self, rule: &str, now: u64, details: String) {
        self.broken.get_or_insert_with(|| format!("{rule}: {details}, at {now} us"));
    }

    /// An owner is about to write.
    pub(super) fn writes(&mut self, node: usize, key: &str, value: &str) {
        self.written.insert((key.to_string(), value.to_string()));
        self.keys.insert(key.to_string());
        self.seen[node].entry(key.to_string()).or_default().writes += 1;
    }

    /// A stranger is about to say a tuple.
    pub(super) fn hears(&mut self, key: &[u8], value: &[u8], stamp: Option<Stamp>) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.written.insert((text(key), text(value)));
        self.keys.insert(text(key));
        if let Some(stamp) = stamp {
            self.clocks_of_keys.insert((text(key), stamp.clock));
            self.forged.insert(stamp);
        }
    }

    pub(super) fn link_is_new(&mut self, link: usize) {
        self.lives += 1;
        self.frames.link_is_new(link);
    }

    pub(super) fn restarts(&mut self, node: usize) {
        self.seen[node].clear();
        self.clocks[node] = 0;
        self.summaries[node] = Summary::default();
    }

    /// A native node has written a value, and holds it at once.
    pub(super) fn wrote(
        &mut self,
        node: usize,
        native: &NativeNode,
        now: u64,
        key: &str,
        value: &str,
    ) {
        let held = native.node.replica.tuples.get(key.as_bytes()).map(|(held, _)| held);
        if held != Some(value.as_bytes()) {
            self.fail("own write", now, format!("node {node} does not hold its own {key}={value}"));
        }
    }

    /// A frame reaches a native node.
    pub(super) fn receives(
        &mut self,
        node: usize,
        native: &NativeNode,
        now: u64,
        way: Way,
        frame: &[u8],
    ) {
        let Ok((message, extension)) = decode_with_extension(frame) else { return };
        if message == Message::Hello {
            self.frames.greets(way.0);
        }
        if let (Message::Publish { key, value, .. }, Some(stamp)) =
            (message, Extension::read(extension).unwrap_or_default().stamp)
        {
            if native.node.replica.clock.is_too_far(now / 1000, stamp).is_some() {
                return;
            }
            if native.node.replica.tuples.stamp(key) < stamp {
                self.frames.arrives(way, key, value, stamp);
            }
            self.sees(node, native, now, stamp);
        }
    }

    fn sees(&mut self, node: usize, native: &NativeNode, now: u64, stamp: Stamp) {
        let believed = native.node.replica.clock.wall(now / 1000 + LARGEST_LEAD);
        self.clocks[node] = self.clocks[node].max(stamp.clock.min(believed));
    }

    /// A native node sends a frame.
    pub(super) fn sends(
        &mut self,
        (node, native): (usize, &NativeNode),
        now: u64,
        way: Way,
        frame: &[u8],
        to_czmq: bool,
    ) {
        let fault = match to_czmq {
            true => self.frames.fault_to_c(now, way, frame),
            false => self.frames.fault_to_ours(way, frame),
        };
        let rule = if to_czmq { "frame to CZMQ" } else { "frame to native" };
        if let Some(fault) = fault {
            self.fail(rule, now, format!("node {node} on link {}: {fault}", way.0));
        }
        if let Ok((Message::Publish { key, value, .. }, _)) = decode_with_extension(frame) {
            self.is_written(node, now, key, value);
            // It may be replaced by now, in the same step: it was held when it was sent.
            let held = native.node.replica.tuples.get(key);
            if held.is_none() {
                self.fail(rule, now, format!("node {node} sends a key that it does not hold"));
            }
        }
    }

    fn is_written(&mut self, node: usize, now: u64, key: &[u8], value: &[u8]) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let tuple = (text(key), text(value));
        if !self.written.contains(&tuple) {
            self.fail("invented", now, format!("node {node}: {}={}", tuple.0, tuple.1));
        }
    }

    /// A native node has been given an input, and has delivered what follows `before`.
    pub(super) fn step(&mut self, node: usize, native: &NativeNode, now: u64, before: usize) {
        let delivered = native.delivered.get(before..).unwrap_or_default();
        for (_, key, value) in delivered {
            self.is_written(node, now, key.as_bytes(), value.as_bytes());
            let seen = self.seen[node].entry(key.clone()).or_default();
            if seen.told.as_ref() == Some(value) {
                self.fail("DELIVER", now, format!("node {node}: {key}={value} twice in a row"));
            } else {
                seen.told = Some(value.clone());
            }
        }
        let summary = native.node.replica.tuples.summary();
        if std::mem::replace(&mut self.summaries[node], summary) != summary {
            let keys = std::mem::take(&mut self.keys);
            for key in &keys {
                self.look_at(node, native, now, key);
            }
            self.keys = keys;
        }
        self.memory(node, native, now);
    }

    fn look_at(&mut self, node: usize, native: &NativeNode, now: u64, key: &str) {
        let Some((held, stamp)) = native.node.replica.tuples.get(key.as_bytes()) else { return };
        if !self.seen[node].contains_key(key) {
            self.seen[node].insert(key.to_string(), Seen::default());
        }
        let Some(seen) = self.seen[node].get_mut(key) else { return };
        if seen.value.as_ref().is_some_and(|value| value.as_bytes() == held) && seen.stamp == stamp
        {
            return;
        }
        let (old, told) = (seen.stamp, seen.told.clone());
        let value = String::from_utf8_lossy(held).into_owned();
        seen.value = Some(value.clone());
        seen.stamp = stamp;
        let forged = self.forged.contains(&stamp);
        let mine = stamp.is_by(native.node.replica.node) && stamp != old && !forged;
        seen.authored += u32::from(mine);
        let (authored, writes) = (seen.authored, seen.writes);
        // Two values with one stamp are a stranger's work; the larger one stands.
        if stamp < old || stamp == old && !forged {
            self.fail("stamps", now, format!("node {node}: {key} went from {old:?} to {stamp:?}"));
        }
        if told.as_ref() != Some(&value) {
            let details = format!("node {node} holds {key}={value} and has told {told:?} last");
            self.fail("DELIVER", now, details);
        }
        // A newborn node may have to give a new stamp to what it has written, once.
        if authored > 2 * writes {
            self.fail("own write", now, format!("node {node}: {key} stamped {authored} times"));
        }
        self.clocks_of_keys.insert((key.to_string(), stamp.clock));
        if mine {
            let most = native.node.replica.clock.wall(now / 1000 + LARGEST_LEAD) + 0xFFFF;
            let over = (key.to_string(), stamp.clock - 1);
            if stamp.clock > most && !self.clocks_of_keys.contains(&over) {
                self.fail("clock", now, format!("node {node}: a wild clock has spread to {key}"));
            }
            // Seen with whatever key, unless that stamp came from a clock far ahead of this node's.
            if stamp.clock <= self.clocks[node] {
                self.fail("clock", now, format!("node {node} wrote {key} below what it had seen"));
            }
            self.sees(node, native, now, stamp);
        }
    }

    /// What a node remembers of its peers and of old values stays in proportion to the keys.
    fn memory(&mut self, node: usize, native: &NativeNode, now: u64) {
        let replica = &native.node.replica;
        let (remembered, deepest) = replica.history.size();
        let (tuples, links) = (replica.tuples.len(), self.lives);
        let sizes = replica.peers.czmq_peers().map(|(_, czmq)| czmq.size());
        let (registers, waiting) =
            sizes.fold((0, 0), |most, size| (most.0.max(size.0), most.1.max(size.1)));
        for (what, size, cap) in [
            ("keys with replaced values", remembered, tuples),
            ("values of a key", deepest, DEPTH),
            ("registers of a link", registers, self.keys.len()),
            ("sends under way on a link", waiting, 6 * self.keys.len() + self.said),
            (
                "alarms",
                replica.io.alarms().of_keys(),
                4 * links * (1 + self.keys.len()) + self.said,
            ),
            ("peers that catch up", replica.peers.catching_up().len(), links),
            ("PINGs to confirm by", replica.peers.unconfirmed().len(), links),
        ] {
            if size > cap {
                self.fail("memory", now, format!("node {node}: {size} {what}, cap {cap}"));
            }
        }
    }
}
