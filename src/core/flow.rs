//! The way of a tuple: accepted once, delivered, and passed on to everybody but its source.

use super::feed::Feed;
use super::input::Millis;
use super::link::{LinkId, Source};
use super::output::{Frame, Output};
use super::rules::{Rule, keeps};
use super::server::ServerPhase;
use super::session::ClientPhase;
use super::tuples::{Accepted, Found, Refusal};
use super::{Node, Pair};
use crate::wire::{self, Extension, MessageType, Stamp, digest};
use std::rc::Rc;

/// How long after the first contact a node's earlier publications beat the network's memory.
const NEWBORN: Millis = 2000;
/// How long after a client was told everything it may still be telling what it held.
const MEMORY: Millis = 500;
/// Marks a tuple of the owner's that was given a new stamp because of that.
const REAUTHORED: Source = Source::MAX;

impl Node {
    /// PUBLISH of the owner: written here and now. The value that is held already is no news.
    pub(super) fn publish(&mut self, key: &[u8], value: &[u8]) -> Result<(), Refusal> {
        let (held, over) = self.tuples.last(key);
        if held == Some(value) {
            return Ok(());
        }
        let stamp = self.hlc.author(self.now, over);
        self.adopt(key, value, stamp, None)
    }

    /// A stamped tuple of one of our nodes: the largest stamp wins, everywhere.
    fn take_stamped(
        &mut self,
        key: &[u8],
        value: &[u8],
        stamp: Stamp,
        link: LinkId,
    ) -> Result<(), Refusal> {
        self.hlc.witness(self.now, stamp);
        if let Some(own) = self.outlives(key, value, stamp, link) {
            let stamp = self.hlc.author(self.now, stamp);
            return self.adopt_marked(key, &own, stamp, None, REAUTHORED);
        }
        self.adopt(key, value, stamp, Some(link))
    }

    /// A tuple of a peer, with a stamp or without.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8], stamp: Option<Stamp>, link: LinkId) {
        match stamp {
            Some(stamp) => {
                if let Err(refusal) = self.take_stamped(key, value, stamp, link) {
                    self.warn_refused(key, refusal);
                }
            }
            None => {
                if !self.answer_bare(link, key, value) {
                    self.on_bare(link, key, value);
                }
            }
        }
    }

    /// One of ours that has not heard yet what we are says nothing of stamps. What we have from
    /// others may well be newer: say so, with its stamp.
    fn answer_bare(&mut self, link: LinkId, key: &[u8], value: &[u8]) -> bool {
        let ours = match link {
            LinkId::Client(client) => self.sessions.get(client).is_some_and(|session| session.ours),
            LinkId::Server(id) => self.servers.get(id).is_some_and(|server| server.ours),
        };
        let Some(found) = self.tuples.found(key).filter(|_| ours) else { return false };
        if self.tuples.source(key) == self.source_of(link) {
            return false;
        }
        if found.value != value && self.is_live(link) {
            let (position, stamp) = (found.position, found.stamp);
            let frame = encode(&mut self.scratch, key, found.value);
            self.outputs.push_back(send_tuple(link, &frame, position, stamp, true));
            self.count_sent(link);
        }
        true
    }

    /// From the first contact with a network on, what this node published before counts as newer
    /// than what the network remembers of its earlier life, for a while.
    pub(super) fn first_contact(&mut self) {
        if self.newborn_until.is_none() {
            self.newborn_until = Some(self.now.saturating_add(NEWBORN));
        }
    }

    /// The own value of a key that was published in this life and that the network, just met, is about
    /// to overrule with something older in truth: what a peer held when we met, or a stamp of a time that
    /// has not come, made by a clock that was wrong, or seen by one that is. Once for each key, or two
    /// new nodes would outdo each other.
    fn outlives(&self, key: &[u8], value: &[u8], stamp: Stamp, link: LinkId) -> Option<Vec<u8>> {
        // A node that has published nothing has nothing to lose.
        let newborn = self.newborn_until.is_some_and(|until| self.now < until);
        if !newborn
            || !keeps(Rule::Newborn)
            || !self.hlc.has_authored()
            || !(self.is_memory(link) || self.hlc.is_ahead(self.now, stamp))
        {
            return None;
        }
        let (held, held_stamp) = self.tuples.get(key)?;
        let first = self.tuples.source(key) == Some(0) || !keeps(Rule::NewbornOnce);
        let own = held_stamp.is_by(self.options.node) && first;
        (own && stamp > held_stamp && !stamp.is_by(self.options.node) && held != value)
            .then(|| held.to_vec())
    }

    /// Whether what comes on this link is what the peer held when we met.
    fn is_memory(&self, link: LinkId) -> bool {
        match link {
            LinkId::Server(id) => self.servers.get(id).is_some_and(|server| !server.joined),
            LinkId::Client(client) => self.sessions.get(client).is_some_and(|session| {
                session.phase != ClientPhase::Live || self.now < session.fed + MEMORY
            }),
        }
    }

    /// Store, deliver if the value is another one, and pass on to everybody but the source, if the
    /// stamp is larger than that of what is held.
    ///
    /// A tuple does not go back to where it came from: the C actor's echo is half of all its
    /// traffic, and what two writers of one key live on when their values chase each other.
    pub(super) fn adopt(
        &mut self,
        key: &[u8],
        value: &[u8],
        stamp: Stamp,
        source: Option<LinkId>,
    ) -> Result<(), Refusal> {
        let mark = source.and_then(|link| self.source_of(link)).unwrap_or(0);
        self.adopt_marked(key, value, stamp, source, mark)
    }

    fn adopt_marked(
        &mut self,
        key: &[u8],
        value: &[u8],
        stamp: Stamp,
        source: Option<LinkId>,
        mark: Source,
    ) -> Result<(), Refusal> {
        // Only C nodes say old values again; without them there is nothing to remember.
        let held = self.met_legacy.then(|| self.tuples.get(key)).flatten();
        let replaced = held.map(|(held, _)| digest(&[held]));
        match self.tuples.accept(key, value, stamp, mark)? {
            Accepted::New { position, changed } => {
                if changed || !keeps(Rule::DeliverChanges) {
                    self.outbox.deliver(Pair::new(key, value));
                    self.remember(key, replaced);
                }
                self.forward(Found { position, key, value, stamp }, source, changed);
            }
            Accepted::Old if self.met_legacy && replaced != Some(digest(&[value])) => {
                self.remember(key, Some(digest(&[value])));
            }
            Accepted::Old => {}
        }
        Ok(())
    }

    pub(super) fn source_of(&self, link: LinkId) -> Option<Source> {
        match link {
            LinkId::Client(client) => self.sessions.get(client).map(|session| session.source),
            LinkId::Server(server) => self.servers.get(server).map(|server| server.source),
        }
    }

    /// A value that has been replaced: should a C node say it again, it is not news.
    fn remember(&mut self, key: &[u8], value: Option<u64>) {
        if let Some(value) = value.filter(|_| self.met_legacy) {
            self.provenance.remember(key, value);
        }
    }

    fn forward(&mut self, tuple: Found<'_>, source: Option<LinkId>, changed: bool) {
        let Found { position, key, value, stamp } = tuple;
        // Encoded once, and only where somebody is told.
        let mut encoded = None;
        let source = source.filter(|_| keeps(Rule::NotBack));
        let mut traced = Vec::new();
        let mut legacy = Vec::new();
        for (client, session) in self.sessions.iter() {
            let link = LinkId::Client(client);
            if session.phase != ClientPhase::Live || Some(link) == source {
                continue;
            }
            if session.legacy.is_some() {
                legacy.push(link);
            } else if session.ours || changed {
                let frame = encoded.get_or_insert_with(|| encode(&mut self.scratch, key, value));
                self.outputs.push_back(send_tuple(link, frame, position, stamp, session.ours));
                if self.verbose {
                    traced.push(client);
                }
            }
        }
        self.trace_forward(&traced);
        for (id, server) in self.servers.iter_mut() {
            let link = LinkId::Server(id);
            if server.phase != ServerPhase::Live || Some(link) == source {
                continue;
            }
            if server.legacy.is_some() {
                legacy.push(link);
                continue;
            }
            if server.window_is_full() {
                server.phase = ServerPhase::Feeding(Feed::from(position));
                self.feeding.push(link);
                continue;
            }
            let frame = encoded.get_or_insert_with(|| encode(&mut self.scratch, key, value));
            self.outputs.push_back(send_tuple(link, frame, position, stamp, server.ours));
            if server.count_tuple_and_ping(self.now) {
                self.outputs.push_back(send_signal(link, MessageType::Ping));
            }
        }
        if changed {
            let ours = source.is_none();
            legacy.into_iter().for_each(|link| self.tell_legacy(link, key, !ours));
        }
    }

    /// Queue a message without fields.
    pub(super) fn send_signal(&mut self, link: LinkId, id: MessageType) {
        self.outputs.push_back(send_signal(link, id));
    }

    /// Queue a message without fields, and what one of ours shall read behind it.
    pub(super) fn send_with_extension(
        &mut self,
        link: LinkId,
        id: MessageType,
        extension: Extension,
    ) {
        let frame = Frame::Signal(id, Some(Box::new(extension)));
        self.outputs.push_back(Output::Send { link, frame });
    }
}

/// The PUBLISH frame of a tuple; `scratch` is memory to put it together in.
pub(super) fn encode(scratch: &mut Vec<u8>, key: &[u8], value: &[u8]) -> Rc<[u8]> {
    scratch.clear();
    // The stock actor lets a ttl that it once heard leak into all tuples it sends; ours is 0.
    let fits = wire::encode_publish(scratch, key, value, 0);
    debug_assert!(fits, "a tuple that no frame can carry is not stored");
    let frame = Rc::from(&**scratch);
    scratch.shrink_to(LARGE);
    frame
}

/// More memory than this is not kept for the next frame.
const LARGE: usize = 4096;

pub(super) fn send_signal(link: LinkId, id: MessageType) -> Output {
    Output::Send { link, frame: Frame::Signal(id, None) }
}

/// A tuple for one of ours, with its stamp, or for a C node, without.
pub(super) fn send_tuple(
    link: LinkId,
    frame: &Rc<[u8]>,
    position: usize,
    stamp: Stamp,
    ours: bool,
) -> Output {
    let frame = Frame::Tuple { frame: Rc::clone(frame), position, stamp: ours.then_some(stamp) };
    Output::Send { link, frame }
}
