//! Nodes, links with delay, and virtual time.

use super::super::{Frame, Input, LinkId, Node, Options, Output, OwnerMessage, Received, RemoteId};
use super::super::{Millis, Sketching, key_and_value};
use super::{CNode, Random};
use crate::wire::{Id, Tail, encode_signal};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

/// Either kind of node.
pub(super) enum Peer {
    Ours(Box<Ours>),
    C(CNode),
}

/// One of ours, and what the world has to know to drive it.
pub(super) struct Ours {
    pub(super) node: Node,
    /// Remote of each link on which it is the client.
    remotes: HashMap<usize, RemoteId>,
    pub(super) delivered: Vec<(u64, String, String)>,
    tick_at: Option<Millis>,
    skew: i64,
}

/// A connection between two nodes: FIFO in each direction.
pub(super) struct Link {
    pub(super) client: usize,
    pub(super) server: usize,
    delay: u64,
    jitter: u64,
    pub(super) up: bool,
    /// Counts connections: frames of an old one are not delivered.
    life: u64,
    /// When the last frame in either direction arrives.
    last: [u64; 2],
}

/// What happens at a time, in microseconds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Arrive { link: usize, life: u64, to: usize, frame: Vec<u8> },
    Tick(usize),
    Publish { node: usize, key: String, value: String },
    Connect(usize),
    Drop(usize),
    Restart(usize),
}

/// A whole network.
pub(crate) struct World {
    pub(super) now: u64,
    pub(super) nodes: Vec<Peer>,
    pub(super) links: Vec<Link>,
    pub(super) random: Random,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    sequence: u64,
    /// Tuples sent, heartbeats not counted.
    pub(super) publishes: u64,
    pub(super) last_publish: u64,
}

/// The wall clock at the beginning of each run.
const EPOCH: i64 = 1_700_000_000_000;

impl World {
    pub(super) fn new(seed: u64) -> World {
        World {
            now: 0,
            nodes: Vec::new(),
            links: Vec::new(),
            random: Random::new(seed),
            events: BinaryHeap::new(),
            sequence: 0,
            publishes: 0,
            last_publish: 0,
        }
    }

    fn new_node(&mut self, skew: i64) -> Node {
        let options = Options {
            label: Vec::new(),
            seed: self.random.next(),
            node: self.random.next(),
            epoch: (EPOCH + skew) as u64,
            ignore_keys: false,
            sketching: Sketching { from: self.random.below(2) * 1000, cells: 4 },
        };
        Node::new(options, 0)
    }

    /// Add one of ours, whose clock is wrong by so many milliseconds.
    pub(super) fn add_ours(&mut self, skew: i64) -> usize {
        let node = self.new_node(skew);
        self.nodes.push(Peer::Ours(Box::new(Ours {
            node,
            remotes: HashMap::new(),
            delivered: Vec::new(),
            tick_at: None,
            skew,
        })));
        self.nodes.len() - 1
    }

    pub(super) fn add_c(&mut self) -> usize {
        self.nodes.push(Peer::C(CNode::default()));
        self.nodes.len() - 1
    }

    /// A link from a client to a server, down at first. Delay and jitter in microseconds.
    pub(super) fn add_link(&mut self, client: usize, server: usize, delay: u64, jitter: u64) {
        self.links.push(Link { client, server, delay, jitter, up: false, life: 0, last: [0; 2] });
    }

    pub(super) fn at(&mut self, time: u64, event: Event) {
        self.sequence += 1;
        self.events.push(Reverse((time, self.sequence, event)));
    }

    /// Let everything happen until this time, or until so many tuples have been sent: then the
    /// network does not come to rest, and the answer is false.
    pub(super) fn run_until(&mut self, end: u64, most_publishes: u64) -> bool {
        while let Some(Reverse((time, ..))) = self.events.peek() {
            if *time > end {
                break;
            }
            let Some(Reverse((time, _, event))) = self.events.pop() else { break };
            self.now = time;
            self.happen(event);
            if self.publishes > most_publishes {
                return false;
            }
        }
        self.now = end;
        true
    }

    /// Whether nothing will be sent any more but heartbeats.
    pub(super) fn is_at_rest(&self, since: u64) -> bool {
        let idle = |peer: &Peer| match peer {
            Peer::Ours(ours) => ours.node.alarms.next().is_none(),
            Peer::C(_) => true,
        };
        self.now.saturating_sub(self.last_publish) >= since && self.nodes.iter().all(idle)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive { link, life, to, frame } => {
                let connection = &self.links[link];
                if connection.up && connection.life == life {
                    self.receive(link, to, &frame);
                }
            }
            Event::Tick(node) => {
                let due = match &mut self.nodes[node] {
                    Peer::Ours(ours) => ours.tick_at.take_if(|at| *at * 1000 <= self.now).is_some(),
                    Peer::C(_) => false,
                };
                if due {
                    self.input(node, Input::Tick);
                }
            }
            Event::Publish { node, key, value } => self.publish(node, &key, &value),
            Event::Connect(link) => self.connect(link),
            Event::Drop(link) => self.drop_link(link),
            Event::Restart(node) => self.restart(node),
        }
    }

    pub(super) fn publish(&mut self, node: usize, key: &str, value: &str) {
        match &mut self.nodes[node] {
            Peer::C(c) => {
                c.accept(self.now, key, value);
                self.collect_c(node);
            }
            Peer::Ours(_) => {
                self.input(node, Input::Command(&[b"PUBLISH", key.as_bytes(), value.as_bytes()]));
            }
        }
    }

    fn connect(&mut self, link: usize) {
        if self.links[link].up {
            return;
        }
        let (client, server) = (self.links[link].client, self.links[link].server);
        self.links[link].up = true;
        self.links[link].life += 1;
        self.links[link].last = [self.now; 2];
        if let Peer::C(c) = &mut self.nodes[server] {
            c.up(link, false);
        }
        match &mut self.nodes[client] {
            Peer::C(c) => {
                c.up(link, true);
                self.collect_c(client);
            }
            Peer::Ours(ours) => match ours.remotes.get(&link).copied() {
                Some(remote) => self.input(client, Input::RemoteUp(remote)),
                None => {
                    let endpoint = format!("tcp://{link}");
                    self.input(client, Input::Command(&[b"CONNECT", endpoint.as_bytes()]));
                }
            },
        }
    }

    pub(super) fn drop_link(&mut self, link: usize) {
        if !self.links[link].up {
            return;
        }
        let (client, server) = (self.links[link].client, self.links[link].server);
        self.links[link].up = false;
        if let Peer::C(c) = &mut self.nodes[server] {
            c.down(link);
        }
        match &mut self.nodes[client] {
            Peer::C(c) => c.down(link),
            Peer::Ours(ours) => {
                if let Some(remote) = ours.remotes.get(&link).copied() {
                    self.input(client, Input::RemoteDown(remote));
                }
            }
        }
    }

    /// The process starts again with an empty store; its links come back later.
    fn restart(&mut self, node: usize) {
        for link in 0..self.links.len() {
            if self.links[link].client == node || self.links[link].server == node {
                self.drop_link(link);
            }
        }
        match &mut self.nodes[node] {
            Peer::C(c) => c.restart(),
            Peer::Ours(ours) => {
                let skew = ours.skew;
                let fresh = self.new_node(skew);
                if let Peer::Ours(ours) = &mut self.nodes[node] {
                    ours.node = fresh;
                    ours.remotes.clear();
                    ours.tick_at = None;
                    // A new life may well begin with what the last one ended with.
                    ours.delivered.clear();
                }
            }
        }
    }

    fn receive(&mut self, link: usize, to: usize, frame: &[u8]) {
        let is_client = self.links[link].client == to;
        let life = self.links[link].life;
        match &mut self.nodes[to] {
            Peer::C(c) => {
                c.receive(self.now, link, is_client, frame);
                self.collect_c(to);
            }
            Peer::Ours(ours) => {
                let message = Received { frame, frames: 1 };
                if is_client {
                    if let Some(remote) = ours.remotes.get(&link).copied() {
                        self.input(to, Input::FromRemote { remote, message });
                    }
                } else {
                    let routing_id = format!("{link}/{life}");
                    let routing_id = routing_id.as_bytes();
                    self.input(to, Input::FromClient { routing_id, message });
                }
            }
        }
    }

    fn collect_c(&mut self, node: usize) {
        let Peer::C(c) = &mut self.nodes[node] else { return };
        for (link, message) in std::mem::take(&mut c.out) {
            self.send(link, node, message.frame());
        }
    }

    fn send(&mut self, link: usize, from: usize, frame: Vec<u8>) {
        if !self.links[link].up {
            return;
        }
        if frame.get(2) == Some(&(Id::Publish as u8)) {
            self.publishes += 1;
            self.last_publish = self.now;
        }
        let jitter = self.random.below(self.links[link].jitter + 1);
        let connection = &mut self.links[link];
        // A node may be connected to itself: then both directions are told apart by nothing else.
        let direction = usize::from(connection.client == from);
        let arrival = (self.now + connection.delay + jitter).max(connection.last[direction] + 1);
        connection.last[direction] = arrival;
        let to = if direction == 1 { connection.server } else { connection.client };
        let life = connection.life;
        self.at(arrival, Event::Arrive { link, life, to, frame });
    }

    /// Give one of ours an input, and carry out what it wants done.
    fn input(&mut self, node: usize, input: Input<'_>) {
        let now = self.now / 1000;
        let Peer::Ours(ours) = &mut self.nodes[node] else { return };
        ours.node.handle(now, input);
        let mut outputs = VecDeque::new();
        ours.node.take_outputs(&mut outputs);
        while let Some(message) = ours.node.outbox().front() {
            if let OwnerMessage::Deliver(frame) = message {
                let (key, value) = key_and_value(frame);
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                ours.delivered.push((self.now, text(key), text(value)));
            }
            ours.node.outbox().pop();
        }
        for output in outputs {
            self.carry_out(node, output);
        }
        self.plan_tick(node);
    }

    fn carry_out(&mut self, node: usize, output: Output) {
        match output {
            Output::Send { link, frame } => {
                if let Some(link) = self.link_of(node, link) {
                    self.send(link, node, bytes_of(&frame));
                }
            }
            Output::Connect { remote, endpoint, .. } => {
                let link: usize = String::from_utf8_lossy(&endpoint)[6..].parse().expect("a link");
                if let Peer::Ours(ours) = &mut self.nodes[node] {
                    ours.remotes.insert(link, remote);
                }
                self.input(node, Input::RemoteUp(remote));
            }
            _ => {}
        }
    }

    /// The world's link of a node's link, if that connection is still the present one.
    fn link_of(&self, node: usize, link: LinkId) -> Option<usize> {
        let Peer::Ours(ours) = &self.nodes[node] else { return None };
        match link {
            LinkId::Remote(id) => {
                ours.remotes.iter().find(|(_, remote)| **remote == id).map(|(link, _)| *link)
            }
            LinkId::Client(client) => {
                let name = String::from_utf8_lossy(ours.node.routing_id(client)?).into_owned();
                let (link, life) = name.split_once('/')?;
                let link: usize = link.parse().ok()?;
                (self.links[link].life.to_string() == life).then_some(link)
            }
        }
    }

    fn plan_tick(&mut self, node: usize) {
        let now = self.now;
        let Peer::Ours(ours) = &mut self.nodes[node] else { return };
        let Some(deadline) = ours.node.next_deadline() else { return };
        let deadline = deadline.max(now / 1000);
        if ours.tick_at.is_none_or(|at| deadline < at || at * 1000 < now) {
            ours.tick_at = Some(deadline);
            self.at((deadline * 1000).max(now + 1), Event::Tick(node));
        }
    }

    /// The value of a key at a node.
    pub(super) fn value(&self, node: usize, key: &str) -> Option<String> {
        match &self.nodes[node] {
            Peer::C(c) => c.tuples.get(key).cloned(),
            Peer::Ours(ours) => {
                let held = ours.node.tuples.get(key.as_bytes());
                held.map(|(value, _)| String::from_utf8_lossy(value).into_owned())
            }
        }
    }

    pub(super) fn delivered(&self, node: usize) -> &[(u64, String, String)] {
        match &self.nodes[node] {
            Peer::C(c) => &c.delivered,
            Peer::Ours(ours) => &ours.delivered,
        }
    }
}

fn bytes_of(frame: &Frame) -> Vec<u8> {
    match frame {
        Frame::Signal(id, tail) => {
            let mut bytes = encode_signal(*id).to_vec();
            tail.iter().for_each(|tail| tail.write(&mut bytes));
            bytes
        }
        Frame::Tuple { frame, stamp, .. } => {
            let mut bytes = frame.to_vec();
            Tail { stamp: *stamp, ..Tail::default() }.write(&mut bytes);
            bytes
        }
    }
}
