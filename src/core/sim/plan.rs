//! A run as data: it can be printed, carried out, and made smaller.

use std::collections::BTreeMap;

/// One node.
#[derive(Debug, Clone)]
pub(super) struct NodePlan {
    /// Whether it is a CZMQ node.
    pub(super) c: bool,
    /// A CZMQ node that only listens: it sends no echo.
    pub(super) silent: bool,
    /// No node at all: a stranger, who says what the plan has it say.
    pub(super) hostile: bool,
    /// By how many milliseconds the clock of a native node is wrong.
    pub(super) skew: i64,
    pub(super) seed: u64,
}

/// A link from a client to a server; delay and jitter in microseconds.
#[derive(Debug, Clone)]
pub(super) struct LinkPlan {
    pub(super) client: usize,
    pub(super) server: usize,
    pub(super) delay: u64,
    pub(super) jitter: u64,
    /// A slow line: bytes a second, each way.
    pub(super) rate: Option<u64>,
}

/// What is done to the network.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    Publish {
        node: usize,
        key: String,
        value: String,
    },
    Connect(usize),
    Drop(usize),
    /// A stranger says this frame on a link of its.
    Say {
        link: usize,
        frame: Vec<u8>,
    },
    /// The process starts again with an empty tuple set. Its clock is wrong by so many milliseconds then.
    Restart {
        node: usize,
        skew: i64,
    },
    /// The process does nothing for so many microseconds.
    Stall {
        node: usize,
        micros: u64,
    },
    /// From now on every third tuple on this link, which is between two native nodes, is lost; or none any
    /// more.
    Lose {
        link: usize,
        on: bool,
    },
}

impl Act {
    fn node(&self) -> Option<usize> {
        match self {
            Act::Publish { node, .. } | Act::Restart { node, .. } | Act::Stall { node, .. } => {
                Some(*node)
            }
            Act::Connect(_) | Act::Drop(_) | Act::Say { .. } | Act::Lose { .. } => None,
        }
    }

    fn link(&self) -> Option<usize> {
        match self {
            Act::Connect(link)
            | Act::Drop(link)
            | Act::Say { link, .. }
            | Act::Lose { link, .. } => Some(*link),
            Act::Publish { .. } | Act::Restart { .. } | Act::Stall { .. } => None,
        }
    }

    fn with(mut self, renumber: impl Fn(usize) -> usize, links: bool) -> Act {
        match &mut self {
            Act::Publish { node, .. } | Act::Restart { node, .. } | Act::Stall { node, .. }
                if !links =>
            {
                *node = renumber(*node);
            }
            Act::Connect(link)
            | Act::Drop(link)
            | Act::Say { link, .. }
            | Act::Lose { link, .. }
                if links =>
            {
                *link = renumber(*link);
            }
            _ => {}
        }
        self
    }
}

/// Whose last write must win in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Nobody's: any value will do.
    Nobody,
    /// That of the writer, for keys with a single one.
    SingleWriters,
    /// That of whoever wrote last, for all keys: the writers take turns.
    Everybody,
}

/// A network and all that happens to it.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) nodes: Vec<NodePlan>,
    pub(super) links: Vec<LinkPlan>,
    /// In any order; times in microseconds.
    pub(super) acts: Vec<(u64, Act)>,
    /// Whose last write must win.
    pub(super) last_counts: Last,
    /// The network has to be at rest so many microseconds after the last act.
    pub(super) rest_within: u64,
}

impl Plan {
    pub(super) fn at(&mut self, time: u64, act: Act) {
        self.acts.push((time, act));
    }

    pub(super) fn write(&mut self, time: u64, node: usize, key: &str, value: &str) {
        self.at(time, Act::Publish { node, key: key.to_string(), value: value.to_string() });
    }

    /// When the last write or fault happens.
    pub(super) fn end(&self) -> u64 {
        self.acts
            .iter()
            .map(|(time, act)| match act {
                Act::Stall { micros, .. } => time + micros,
                _ => *time,
            })
            .max()
            .unwrap_or(0)
    }

    pub(super) fn is_native(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|node| !node.c && !node.hostile)
    }

    pub(super) fn links_of(&self, node: usize) -> Vec<usize> {
        let touches =
            |link: &usize| self.links[*link].client == node || self.links[*link].server == node;
        (0..self.links.len()).filter(touches).collect()
    }

    /// The values that keys have to end with.
    pub(super) fn last(&self) -> BTreeMap<&str, &str> {
        let mut writes: Vec<_> = self.acts.iter().enumerate().collect();
        writes.sort_by_key(|(place, (time, _))| (*time, *place));
        let mut last: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for (_, (_, act)) in writes.iter().filter(|_| self.last_counts != Last::Nobody) {
            if let Act::Publish { node, key, value } = act {
                last.insert(key, (*node, value));
            }
        }
        let single = |key: &str, writer: usize| {
            self.acts.iter().all(|(_, act)| match act {
                Act::Publish { node, key: other, .. } => other != key || *node == writer,
                _ => true,
            })
        };
        last.retain(|key, (writer, _)| self.last_counts == Last::Everybody || single(key, *writer));
        last.into_iter().map(|(key, (_, value))| (key, value)).collect()
    }

    /// Whether all nodes can reach each other when everything has happened.
    pub(super) fn is_connected(&self) -> bool {
        let mut up = vec![false; self.links.len()];
        let mut acts: Vec<&(u64, Act)> = self.acts.iter().collect();
        acts.sort_by_key(|(time, _)| *time);
        for (_, act) in acts {
            match act {
                Act::Connect(link) => up[*link] = true,
                Act::Drop(link) => up[*link] = false,
                Act::Restart { node, .. } => {
                    self.links_of(*node).into_iter().for_each(|link| up[link] = false);
                }
                _ => {}
            }
        }
        let mut reached = vec![false; self.nodes.len()];
        let mut todo = vec![0];
        while let Some(node) = todo.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                for link in self.links_of(node).into_iter().filter(|link| up[*link]) {
                    todo.extend([self.links[link].client, self.links[link].server]);
                }
            }
        }
        reached.into_iter().zip(&self.nodes).all(|(reached, node)| reached || node.hostile)
    }

    fn without_act(&self, place: usize) -> Plan {
        let mut plan = self.clone();
        plan.acts.remove(place);
        plan
    }

    fn without_link(&self, link: usize) -> Plan {
        let mut plan = self.clone();
        plan.links.remove(link);
        plan.acts.retain(|(_, act)| act.link() != Some(link));
        let renumber = |other: usize| other - usize::from(other > link);
        plan.acts = plan.acts.into_iter().map(|(at, act)| (at, act.with(renumber, true))).collect();
        plan
    }

    pub(super) fn without_node(&self, node: usize) -> Plan {
        let mut plan = self.clone();
        for link in self.links_of(node).into_iter().rev() {
            plan = plan.without_link(link);
        }
        plan.nodes.remove(node);
        plan.acts.retain(|(_, act)| act.node() != Some(node));
        let renumber = |other: usize| other - usize::from(other > node);
        plan.acts =
            plan.acts.into_iter().map(|(at, act)| (at, act.with(renumber, false))).collect();
        for link in &mut plan.links {
            (link.client, link.server) = (renumber(link.client), renumber(link.server));
        }
        plan
    }

    /// All plans with one thing less, as far as the network stays connected.
    fn smaller(&self) -> impl Iterator<Item = Plan> {
        let nodes = (0..self.nodes.len()).filter(|_| self.nodes.len() > 2);
        let nodes = nodes.map(|node| self.without_node(node));
        let links = (0..self.links.len()).map(|link| self.without_link(link));
        let acts = (0..self.acts.len()).map(|act| self.without_act(act));
        nodes.chain(links).chain(acts).filter(Plan::is_connected)
    }

    /// The smallest plan that can be found which still fails.
    pub(super) fn shrink(self, fails: impl Fn(&Plan) -> bool) -> Plan {
        let mut plan = self;
        loop {
            let smaller = plan.smaller().find(&fails);
            match smaller {
                Some(smaller) => plan = smaller,
                None => return plan,
            }
        }
    }
}
