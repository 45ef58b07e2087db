//! A node, and an owner, clients and servers that may do anything.
//!
//! Bytes are read as events. Outputs are carried out as the driver does it: in their order, and each with all
//! that it causes before the next.

use super::feed::Feed;
use super::frame::published;
use super::held::{Cause, Held};
use super::owner::{Owner, UNLIMITED};
use super::peer::{Peer, Route};
use crate::core::{
    ClientId, Frame, Input, LinkId, Millis, Node, Output, Purpose, Received, ServerId, Setup,
    Sketching, Unsent,
};
use crate::wire::{
    self, Caps, Extension, Message, MessageType, Stamp, encode_publish, encode_signal,
};
use std::collections::{BTreeMap, VecDeque};

mod events;

/// The date when the node begins.
const EPOCH: Millis = 1_800_000_000_000;
const DAY: Millis = 24 * 3_600_000;
/// The client that is always connected: what the node replicates is seen there.
const OBSERVER: usize = 0;
const CLIENTS: usize = 6;
/// So many ticks may follow each other before the time goes on. A catch-up takes one for every 500 tuples.
const TICKS: usize = 200;

/// Some events, and then a quiet end, in which everybody must be told everything.
pub fn node(bytes: &[u8]) {
    let mut feed = Feed(bytes);
    let options = feed.byte();
    let mut world = World {
        node: Node::new(
            Setup {
                label: b"node".to_vec(),
                seed: u64::from(options),
                node: 1,
                epoch: EPOCH,
                ignore_keys: options % 8 == 7,
                linger: 0,
                sketching: Sketching { from: 0, cells: 4 },
            },
            0,
        ),
        feed,
        now: 0,
        date: EPOCH,
        cause: Cause::Time,
        said: None,
        held: Held::new(),
        owner: Owner::new(),
        clients: (0..CLIENTS).map(|_| Peer::default()).collect(),
        servers: BTreeMap::new(),
        saved: Vec::new(),
        binds: 0,
        told_to_end: false,
    };
    // A native peer, which is told every change at once; a CZMQ peer is told some of them later.
    world.client_says(OBSERVER, &of_ours(MessageType::Hello, false), 1);
    while !world.feed.is_empty() {
        world.event();
    }
    world.calm_down();
}

struct World<'a> {
    node: Node,
    feed: Feed<'a>,
    now: Millis,
    /// The date at time 0, as the node was told it last.
    date: Millis,
    cause: Cause,
    /// The tuple that a peer says in this event.
    said: Option<(Vec<u8>, Vec<u8>)>,
    held: Held,
    owner: Owner,
    clients: Vec<Peer>,
    /// The servers that the node has asked to be connected to, and whether it was told that they are up.
    servers: BTreeMap<ServerId, (Peer, bool)>,
    /// What the node saved last.
    saved: Vec<u8>,
    binds: usize,
    told_to_end: bool,
}

impl World<'_> {
    /// Something happens that is not caused by an output.
    fn happen(&mut self, cause: Cause, input: Input<'_>) {
        self.cause = cause;
        self.input(input);
        self.owner.flush(self.node.outbox(), &self.held);
        self.held.check(self.node.tuple_count());
        self.said = None;
    }

    fn input(&mut self, input: Input<'_>) {
        self.node.handle(self.now, input);
        let mut outputs = VecDeque::new();
        self.node.take_outputs(&mut outputs);
        outputs.iter().for_each(|output| self.inspect(output));
        outputs.into_iter().for_each(|output| self.carry_out(output));
    }

    /// Check an output, before any is carried out.
    fn inspect(&mut self, output: &Output) {
        match output {
            Output::Send { link: LinkId::Client(client), frame } => {
                let client = self.client(*client);
                assert!(client.is_some(), "a message for a client that there is not");
                if let (Some(client), Frame::Tuple { frame, stamp, .. }) = (client, frame) {
                    let (key, value) = published(frame);
                    match self.clients.get_mut(client) {
                        _ if client == OBSERVER => {
                            let stamp = stamp.unwrap_or_default();
                            // It may write its own value anew because of what a peer says.
                            let other =
                                |said: &(Vec<u8>, Vec<u8>)| said.0 != key || said.1 != value;
                            let own = self.said.as_ref().is_some_and(other);
                            let cause = if own { Cause::Time } else { self.cause };
                            self.held.changed(key, value, stamp, cause);
                        }
                        Some(peer) => {
                            peer.czmq |= stamp.is_none();
                            let to = Cause::Client(client, peer.life);
                            self.held.assert_sent_well(key, value, to, peer.czmq);
                        }
                        None => panic!("no client {client}"),
                    }
                }
            }
            Output::Send { link: LinkId::Server(server), frame } => {
                let Some((peer, true)) = self.servers.get_mut(server) else {
                    panic!("it is not up")
                };
                if let Frame::Tuple { frame, stamp, .. } = frame {
                    let (key, value) = published(frame);
                    peer.czmq |= stamp.is_none();
                    let to = Cause::Server(*server, peer.life);
                    self.held.assert_sent_well(key, value, to, peer.czmq);
                }
            }
            Output::Connect { server, .. } => {
                let known = self.servers.insert(*server, (Peer::default(), false));
                assert!(known.is_none(), "one server made twice");
            }
            Output::Disconnect { server } => {
                assert!(self.servers.remove(server).is_some(), "there is no such server");
            }
            Output::Stop => assert!(self.told_to_end, "nobody said $TERM"),
            _ => {}
        }
    }

    /// Which of the clients has this number in the node now.
    fn client(&self, client: ClientId) -> Option<usize> {
        let name = self.node.routing_id(client)?;
        name.first().map(|&byte| usize::from(byte))
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Send { link: LinkId::Client(id), frame } => {
                // It may have gone because of an output before this one.
                if let Some(client) = self.client(id).filter(|client| *client != OBSERVER) {
                    self.send_client(id, client, &frame);
                }
            }
            Output::Send { link: LinkId::Server(id), frame } => self.send_server(id, &frame),
            Output::Bind { endpoint, by_file } => {
                let port = self.feed.choice(4) as u16;
                let outcome = match port {
                    0 => Err("no"),
                    1 => Ok(None),
                    port => Ok(Some(port)),
                };
                self.binds += 1;
                if outcome.is_ok() || !by_file {
                    self.owner.bound(outcome);
                }
                self.input(Input::Bound { endpoint: &endpoint, by_file, outcome });
            }
            Output::Load { path, purpose } => self.load(&path, purpose),
            Output::Save { path, content } => {
                self.saved = content;
                if self.feed.rarely(4) {
                    self.input(Input::SaveFailed { path: &path, reason: "no" });
                }
            }
            Output::Secure(_) if self.feed.rarely(4) => {
                self.input(Input::SecureFailed { reason: "no" });
            }
            Output::Admit(_) => {
                let outcome = if self.feed.rarely(4) { Err("no") } else { Ok(()) };
                self.input(Input::Admitted(outcome));
            }
            Output::Connect { server, .. } if self.feed.rarely(8) => {
                self.servers.remove(&server);
                self.input(Input::ConnectFailed { server, reason: "no" });
            }
            _ => {}
        }
    }

    fn send_client(&mut self, id: ClientId, client: usize, frame: &Frame) {
        let Some(peer) = self.clients.get_mut(client) else { panic!("no client {client}") };
        match (frame, peer.route) {
            (Frame::Tuple { frame, stamp, .. }, route) => {
                let (key, value) = published(frame);
                if route == Route::Open {
                    peer.learn(key, value, *stamp);
                }
            }
            (Frame::Signal(MessageType::Invalid, _), _) => peer.served = false,
            (Frame::Signal(..), _) => {}
        }
        match peer.route {
            Route::Open => {}
            Route::Full => self.blocked(LinkId::Client(id), frame),
            Route::Gone => self.client_gone(id, client),
        }
    }

    fn send_server(&mut self, id: ServerId, frame: &Frame) {
        let Some((peer, _)) = self.servers.get_mut(&id) else { return };
        if let Frame::Tuple { frame, stamp, .. } = frame {
            let (key, value) = published(frame);
            if peer.route == Route::Open {
                peer.learn(key, value, *stamp);
            }
        }
        if peer.route != Route::Open {
            return self.blocked(LinkId::Server(id), frame);
        }
        match frame {
            Frame::Signal(MessageType::Hello, _) => peer.served = true,
            Frame::Signal(MessageType::Ping, _) => peer.owed_pongs += 1,
            _ => {}
        }
    }

    fn blocked(&mut self, link: LinkId, frame: &Frame) {
        let unsent = match frame {
            Frame::Signal(id, _) => Unsent::Signal(*id),
            Frame::Tuple { position, .. } => Unsent::Tuple(*position),
        };
        self.input(Input::Blocked { link, unsent });
    }

    fn client_gone(&mut self, id: ClientId, client: usize) {
        self.input(Input::ClientGone(id));
        assert_eq!(self.node.routing_id(id), None);
        if let Some(peer) = self.clients.get_mut(client) {
            peer.restart();
        }
    }

    fn client_says(&mut self, client: usize, frame: &[u8], frames: usize) {
        let stamp = self.stamp_taken(frame);
        let Some(peer) = self.clients.get_mut(client) else { return };
        let cause = Cause::Client(client, peer.life);
        match wire::decode(frame).ok().filter(|_| frames == 1) {
            Some(Message::Publish { key, value, .. }) => {
                if let Some(stamp) = stamp.filter(|it| !self.held.is_contrary(key, *it, cause)) {
                    peer.learn(key, value, stamp);
                }
                self.held.offer(key, value, cause);
                self.said = Some((key.to_vec(), value.to_vec()));
            }
            Some(Message::Hello) => {
                peer.served = true;
                peer.czmq |= frame.len() == 4;
                let extension = wire::decode_with_extension(frame)
                    .map(|(_, extension)| Extension::read(extension).unwrap_or_default());
                peer.asks |= extension
                    .is_ok_and(|extension| extension.caps.is_some_and(|caps| caps.sketches));
            }
            _ => {}
        }
        let (name, message) = ([client as u8], Received { frame, frames });
        self.happen(cause, Input::FromClient { routing_id: &name, message });
    }

    fn server_says(&mut self, server: ServerId, frame: &[u8], frames: usize) {
        let stamp = self.stamp_taken(frame);
        let Some((peer, true)) = self.servers.get_mut(&server) else { return };
        let cause = Cause::Server(server, peer.life);
        match wire::decode(frame).ok().filter(|_| frames == 1) {
            Some(Message::Publish { key, value, .. }) => {
                if let Some(stamp) = stamp.filter(|it| !self.held.is_contrary(key, *it, cause)) {
                    peer.learn(key, value, stamp);
                }
                self.held.offer(key, value, cause);
                self.said = Some((key.to_vec(), value.to_vec()));
            }
            // It may have lost everything but what came from it.
            Some(Message::Invalid) => {
                let tuples = &self.held.tuples;
                peer.view.retain(|key, _| tuples.get(key).is_some_and(|(_, by)| *by == cause));
            }
            _ => {}
        }
        self.happen(cause, Input::FromServer { server, message: Received { frame, frames } });
    }

    /// The stamp of a tuple, where there is one. None where the node must drop the message: its extension cannot be
    /// read, or the stamp is more than a day ahead.
    fn stamp_taken(&self, frame: &[u8]) -> Option<Option<Stamp>> {
        let (_, rest) = wire::decode_with_extension(frame).ok()?;
        let stamp = Extension::read_stamp(rest).ok()?;
        let latest = self.date + self.now.min(1 << 40) + DAY;
        stamp.is_none_or(|stamp| stamp.clock >> 16 <= latest).then_some(stamp)
    }

    fn connection(&mut self, server: ServerId, comes_up: bool) {
        let Some((peer, up)) = self.servers.get_mut(&server) else { return };
        peer.restart();
        *up = comes_up;
        let input = if comes_up { Input::ServerUp(server) } else { Input::ServerDown(server) };
        self.happen(Cause::Time, input);
        if comes_up && self.feed.rarely(8) {
            if let Some((peer, _)) = self.servers.get_mut(&server) {
                peer.czmq = true;
            }
        } else if comes_up {
            self.server_says(server, &of_ours(MessageType::Pong, true), 1);
        }
    }

    /// Tick as long as the node asks for it, as the driver does.
    fn tick(&mut self) {
        self.happen(Cause::Time, Input::Tick);
        let mut ticks = 1;
        while self.node.next_deadline().is_some_and(|deadline| deadline <= self.now) {
            self.happen(Cause::Time, Input::Tick);
            ticks += 1;
            assert!(ticks < TICKS, "the node wants to be told the time again and again");
        }
        self.notice_forgotten_clients();
    }

    /// A client that is served must not be forgotten because it is silent.
    fn notice_forgotten_clients(&mut self) {
        let ids = (0..CLIENTS as u32).map(ClientId);
        let known: Vec<usize> = ids.filter_map(|id| self.client(id)).collect();
        for (client, peer) in self.clients.iter_mut().enumerate() {
            if !known.contains(&client) {
                assert!(!peer.served, "client {client} was forgotten");
                let route = peer.route;
                peer.restart();
                peer.route = route;
            }
        }
    }

    /// Queues are emptied, the owner reads, servers answer. Within minutes everybody must know everything: a client
    /// that has said HELLO again and again is told everything once a minute only.
    fn calm_down(&mut self) {
        self.held.check_values();
        for client in 0..CLIENTS {
            let id = (0..CLIENTS as u32).map(ClientId).find(|id| self.client(*id) == Some(client));
            let Some(peer) = self.clients.get_mut(client) else { continue };
            match (std::mem::take(&mut peer.route), id) {
                (Route::Gone, Some(id)) => self.client_gone(id, client),
                (Route::Gone, None) => peer.restart(),
                _ if peer.asks => self.client_says(client, &of_ours(MessageType::Hello, false), 1),
                _ => {}
            }
        }
        let broken = self.servers.iter().filter(|(_, (peer, _))| peer.route != Route::Open);
        let broken: Vec<ServerId> = broken.map(|(id, _)| *id).collect();
        broken.into_iter().for_each(|server| self.connection(server, false));
        self.owner.room = UNLIMITED;
        let end = self.now + 130_000;
        while self.now < end {
            self.answer_pings();
            self.tick();
            if self.everybody_knows_all() {
                break;
            }
            self.now = self.node.next_deadline().unwrap_or(end).max(self.now + 1);
        }
        assert!(self.everybody_knows_all(), "a peer was not told everything: {}", self.untold());
        assert!(
            self.held.all_in(|key| self.owner.delivered.get(key)),
            "the owner was not told everything"
        );
    }

    fn answer_pings(&mut self) {
        let ids: Vec<ServerId> = self.servers.keys().copied().collect();
        for id in ids {
            while let Some((peer, true)) = self.servers.get_mut(&id) {
                if peer.owed_pongs == 0 {
                    break;
                }
                peer.owed_pongs -= 1;
                self.server_says(id, &encode_signal(MessageType::Pong), 1);
            }
        }
    }

    /// What the first peer lacks that does not know everything.
    fn untold(&self) -> String {
        let clients = self.clients.iter().map(|peer| (peer, true)).skip(1);
        let servers = self.servers.values().map(|(peer, up)| (peer, *up));
        let served = clients.chain(servers).filter(|(peer, up)| *up && peer.served && !peer.czmq);
        let lacks = |(peer, _): (&Peer, bool)| self.held.first_other(&peer.view);
        served.filter_map(lacks).next().unwrap_or_default()
    }

    fn everybody_knows_all(&self) -> bool {
        let clients = self.clients.iter().skip(1);
        let servers = self.servers.values().filter(|(_, up)| *up).map(|(peer, _)| peer);
        clients
            .chain(servers)
            .filter(|peer| peer.served && !peer.czmq)
            .all(|peer| self.held.all_in(|key| peer.view.get(key).map(|(held, _)| held)))
    }
}

/// HELLO of a native peer, or its answer to HELLO.
fn of_ours(id: MessageType, greeting: bool) -> Vec<u8> {
    let caps = Some(Caps { node: 2, greeting, sketches: false, time: None });
    with_tail(id, &Extension { caps, ..Extension::default() })
}

fn with_tail(id: MessageType, extension: &Extension) -> Vec<u8> {
    let mut frame = encode_signal(id).to_vec();
    extension.write(&mut frame);
    frame
}

/// A PUBLISH frame, or none where no frame can carry the key.
fn publish(key: &[u8], value: &[u8], ttl: u32) -> Vec<u8> {
    let mut frame = Vec::new();
    encode_publish(&mut frame, key, value, ttl);
    frame
}
