//! The world: nodes, links that take time, and virtual time.

use super::super::{Input, LinkId, Output, OwnerMessage, Received};
use super::bytes::{bytes_of, text_of};
use super::czmq_node::CzmqMessage;
use super::nodes::{Link, NativeNode, SimNode};
use super::plan::{Act, Plan};
use super::watch::Watch;
use super::{CzmqNode, Random};
use crate::wire::{MessageType, digest};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

/// A node's time in the simulator's microseconds. A node that lacks a rule may wait until the end of time.
fn micros(at: u64) -> u64 {
    at.saturating_mul(1000)
}

/// Something that happens at a certain time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrive { link: usize, life: u64, to: usize, frame: Vec<u8> },
    Tick(usize),
    Act(Act),
}

/// A whole network.
pub(crate) struct World {
    pub(super) now: u64,
    pub(super) nodes: Vec<SimNode>,
    pub(super) links: Vec<Link>,
    /// Links that a node has closed for a while.
    pub(super) left_alone: BTreeSet<usize>,
    random: Random,
    /// By time in microseconds, then in the order in which they were caused.
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    sequence: u64,
    /// Tuples sent, heartbeats not counted.
    pub(super) publishes: u64,
    /// Bytes sent by nodes: to each other, tuples to strangers, everything else to strangers.
    pub(super) bytes: [u64; 3],
    pub(super) last_publish: u64,
    pub(super) watch: Watch,
    /// Print what happens.
    pub(super) tells: bool,
    /// Digest of all frames sent so far, with their times and ways.
    pub(super) transcript: u64,
    /// How often each frame was sent on each slow line, and by whom.
    pub(super) slow: BTreeMap<(usize, usize, Vec<u8>), usize>,
}

impl World {
    pub(super) fn new(plan: &Plan) -> World {
        let peer = |node: &super::plan::NodePlan| match (node.hostile, node.c) {
            (true, _) => SimNode::Hostile,
            (false, true) => SimNode::Czmq(CzmqNode::new(node.silent)),
            (false, false) => SimNode::Native(Box::new(NativeNode::new(node))),
        };
        let mut world = World {
            now: 0,
            nodes: plan.nodes.iter().map(peer).collect(),
            links: plan.links.iter().map(Link::new).collect(),
            left_alone: BTreeSet::new(),
            random: Random::new(plan.seed),
            events: BinaryHeap::new(),
            sequence: 0,
            publishes: 0,
            bytes: [0; 3],
            last_publish: 0,
            watch: Watch::new(plan.nodes.len()),
            tells: false,
            transcript: 0,
            slow: BTreeMap::new(),
        };
        for (time, act) in &plan.acts {
            world.at(*time, Event::Act(act.clone()));
        }
        world
    }

    fn at(&mut self, time: u64, event: Event) {
        self.sequence += 1;
        self.events.push(Reverse((time, self.sequence, event)));
    }

    /// Let everything happen until this time. False where something happened that must not, or so many tuples
    /// were sent that the network will not come to rest.
    pub(super) fn run_until(&mut self, end: u64, most_publishes: u64) -> bool {
        while self.events.peek().is_some_and(|Reverse((time, ..))| *time <= end) {
            let Some(Reverse((time, sequence, event))) = self.events.pop() else { break };
            self.now = time;
            match self.stalled_until(&event) {
                Some(later) => self.events.push(Reverse((later, sequence, event))),
                None => self.happen(event),
            }
            if self.publishes > most_publishes || self.watch.broken.is_some() {
                return false;
            }
        }
        self.now = end;
        true
    }

    /// When the node to which this happens goes on, where it does nothing now.
    fn stalled_until(&self, event: &Event) -> Option<u64> {
        let node = match event {
            Event::Arrive { to, .. } => *to,
            Event::Tick(node) | Event::Act(Act::Publish { node, .. }) => *node,
            Event::Act(_) => return None,
        };
        match &self.nodes[node] {
            SimNode::Native(native) => Some(native.stalled_until).filter(|until| *until > self.now),
            SimNode::Czmq(_) | SimNode::Hostile => None,
        }
    }

    /// Whether nothing will be sent any more but heartbeats.
    pub(super) fn is_at_rest(&self, since: u64) -> bool {
        let idle = |peer: &SimNode| match peer {
            SimNode::Native(native) => native.node.replica.io.alarms().of_keys() == 0,
            SimNode::Czmq(_) | SimNode::Hostile => true,
        };
        self.now.saturating_sub(self.last_publish) >= since
            && self.nodes.iter().all(idle)
            && self.links.iter().all(|link| link.has_carried_all(self.now))
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive { link, life, to, frame } => {
                let connection = &self.links[link];
                if self.tells {
                    let from = connection.client + connection.server - to;
                    println!(
                        "{:>10} us, link {link}, {from} to {to}: {}",
                        self.now,
                        text_of(&frame)
                    );
                }
                if connection.up && connection.life == life {
                    self.receive(link, to, &frame);
                }
            }
            Event::Tick(node) => {
                let due = match &mut self.nodes[node] {
                    SimNode::Native(native) => {
                        native.tick_at.take_if(|at| micros(*at) <= self.now).is_some()
                    }
                    SimNode::Czmq(_) | SimNode::Hostile => false,
                };
                if due {
                    self.input(node, Input::Tick);
                }
            }
            Event::Act(act) => {
                if self.tells {
                    println!("{:>10} us, {act:?}", self.now);
                }
                self.act(act);
            }
        }
    }

    fn receive(&mut self, link: usize, to: usize, frame: &[u8]) {
        let is_client = self.links[link].client == to;
        let life = self.links[link].life;
        match &mut self.nodes[to] {
            SimNode::Hostile => {}
            SimNode::Czmq(c) => {
                c.receive(self.now, link, frame);
                self.collect_czmq(to);
            }
            SimNode::Native(native) => {
                let routing_id = format!("{link}/{life}");
                if !native.shuts_out(routing_id.as_bytes(), self.now / 1000) {
                    self.watch.receives(to, native, self.now, (link, !is_client), frame);
                }
                let message = Received { frame, frames: 1 };
                if is_client {
                    if let Some(server) = native.servers.get(&link).copied() {
                        self.input(to, Input::FromServer { server, message });
                    }
                } else {
                    let routing_id = routing_id.as_bytes();
                    self.input(to, Input::FromClient { routing_id, message });
                }
            }
        }
    }

    pub(super) fn collect_czmq(&mut self, node: usize) {
        let SimNode::Czmq(c) = &mut self.nodes[node] else { return };
        let silent = c.silent;
        for (link, message) in std::mem::take(&mut c.out) {
            if silent && message != CzmqMessage::Hello {
                continue;
            }
            self.send(link, node, message.frame());
        }
    }

    pub(super) fn send(&mut self, link: usize, from: usize, frame: Vec<u8>) {
        let jitter = self.random.below(self.links[link].jitter + 1);
        let connection = &mut self.links[link];
        if !connection.up {
            return;
        }
        let is_client = connection.client == from;
        let to = if is_client { connection.server } else { connection.client };
        let between_native =
            [from, to].iter().all(|node| matches!(self.nodes[*node], SimNode::Native(_)));
        let tuple = frame.get(2) == Some(&(MessageType::Publish as u8));
        let hostile = [from, to].iter().any(|node| matches!(self.nodes[*node], SimNode::Hostile));
        if !matches!(self.nodes[from], SimNode::Hostile) {
            self.bytes[if hostile { 1 + usize::from(!tuple) } else { 0 }] += frame.len() as u64;
        }
        if tuple {
            self.publishes += 1;
            self.last_publish = self.now;
            if let Some(count) = connection.loses.as_mut().filter(|_| between_native) {
                *count += 1;
                if *count % 3 == 0 {
                    return;
                }
            }
        }
        // What may be said to a stranger depends on what it has said that it is.
        if let (SimNode::Native(native), false) = (&self.nodes[from], hostile) {
            // A server that is slow to answer is not known as a native peer yet.
            let server =
                native.servers.get(&link).and_then(|id| native.node.replica.peers.server(*id));
            let unknown = is_client && server.is_some_and(|server| !server.peer().is_native());
            let to_czmq = unknown || matches!(self.nodes[to], SimNode::Czmq(_));
            self.watch.sends((from, native), self.now, (link, is_client), &frame, to_czmq);
        }
        let connection = &mut self.links[link];
        let arrival = connection.carry(self.now, is_client, frame.len(), jitter);
        if tuple {
            connection.tuples_until = connection.tuples_until.max(arrival);
        }
        if connection.rate.is_some() {
            *self.slow.entry((link, from, frame.clone())).or_default() += 1;
        }
        let life = connection.life;
        let parts = [self.transcript, self.now, link as u64, from as u64].map(u64::to_be_bytes);
        self.transcript = digest(&[&parts.concat(), &frame]);
        self.at(arrival, Event::Arrive { link, life, to, frame });
    }

    /// Give a native node an input, and carry out what it wants done.
    pub(super) fn input(&mut self, node: usize, input: Input<'_>) {
        let now = self.now / 1000;
        let SimNode::Native(native) = &mut self.nodes[node] else { return };
        native.node.handle(now, input);
        let mut outputs = VecDeque::new();
        native.node.take_outputs(&mut outputs);
        let before = native.delivered.len();
        while let Some(message) = native.node.outbox().pop() {
            if let OwnerMessage::Deliver(tuple) = message {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                native.delivered.push((self.now, text(tuple.key()), text(tuple.value())));
            }
        }
        self.watch.step(node, native, self.now, before);
        let mut gone = Vec::new();
        for output in outputs {
            gone.extend(self.carry_out(node, output));
        }
        gone.sort_unstable();
        gone.dedup();
        for client in gone {
            self.input(node, Input::ClientGone(client));
        }
        self.plan_tick(node);
    }

    /// Do what a node wants done. Returns the client for which it was, where that is not there any more.
    fn carry_out(&mut self, node: usize, output: Output) -> Option<super::super::ClientId> {
        match output {
            Output::Send { link, frame } => match (self.link_of(node, link), link) {
                (Some(link), _) => self.send(link, node, bytes_of(&frame)),
                (None, LinkId::Client(client)) => return Some(client),
                (None, LinkId::Server(_)) => {}
            },
            Output::Connect { server, endpoint, .. } => {
                let link: usize = String::from_utf8_lossy(&endpoint)[6..].parse().expect("a link");
                if let SimNode::Native(native) = &mut self.nodes[node] {
                    native.servers.insert(link, server);
                }
                match self.left_alone.remove(&link) {
                    true => self.connect(link),
                    false => self.input(node, Input::ServerUp(server)),
                }
            }
            Output::Disconnect { server } => {
                if let Some(link) = self.link_of(node, LinkId::Server(server)) {
                    self.drop_link(link);
                    self.left_alone.insert(link);
                }
            }
            _ => {}
        }
        None
    }

    /// The number in the world of a node's link, where its connection is still the present one.
    pub(super) fn link_of(&self, node: usize, link: LinkId) -> Option<usize> {
        let SimNode::Native(native) = &self.nodes[node] else { return None };
        match link {
            LinkId::Server(id) => {
                native.servers.iter().find(|(_, server)| **server == id).map(|(link, _)| *link)
            }
            LinkId::Client(client) => {
                let name = std::str::from_utf8(native.node.routing_id(client)?).ok()?;
                let (link, life) = name.split_once('/')?;
                let (link, life): (usize, u64) = (link.parse().ok()?, life.parse().ok()?);
                (self.links[link].up && self.links[link].life == life).then_some(link)
            }
        }
    }

    fn plan_tick(&mut self, node: usize) {
        let now = self.now;
        let SimNode::Native(native) = &mut self.nodes[node] else { return };
        let Some(deadline) = native.node.next_deadline() else { return };
        let deadline = deadline.max(now / 1000);
        if native.tick_at.is_none_or(|at| deadline < at || micros(at) < now) {
            native.tick_at = Some(deadline);
            self.at(micros(deadline).max(now + 1), Event::Tick(node));
        }
    }

    /// The value of a key at a node.
    pub(super) fn value(&self, node: usize, key: &str) -> Option<String> {
        match &self.nodes[node] {
            SimNode::Hostile => None,
            SimNode::Czmq(c) => c.tuples.get(key).cloned(),
            SimNode::Native(native) => {
                let held = native.node.replica.tuples.get(key.as_bytes());
                held.map(|(value, _)| String::from_utf8_lossy(value).into_owned())
            }
        }
    }
}
