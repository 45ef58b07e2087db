//! The peers: who is connected, what is known of each, and what each has been told.
//!
//! A connection with a client begins and ends in another way than one with a server: each has a state machine
//! of its own, in [`client`] and [`server`]. What both have in common is asked here, by the link.

mod asks;
mod client;
mod clients;
mod conduct;
mod cursor;
mod flow;
mod peer;
mod progress;
mod rate;
mod refused;
mod repair;
mod restraint;
mod server;
mod servers;
mod turn_queue;
mod window;

pub(super) use asks::Asks;
pub(super) use client::{Client, Hello, Look};
pub(super) use clients::Clients;
pub(super) use conduct::Conduct;
pub(super) use cursor::Cursor;
pub(super) use flow::Flow;
pub(super) use peer::Peer;
pub(super) use progress::Progress;
pub(super) use server::{Greeted, NextStep, Server};
pub(super) use servers::Servers;
pub(super) use turn_queue::TurnQueue;

use super::czmq::CzmqPeer;
use super::input::Millis;
use super::link::{ClientId, LinkId, ServerId, Source};
use crate::wire::Stamp;

/// Everybody that this node is connected to, or tries to be.
#[derive(Debug)]
pub(super) struct Peers {
    clients: Clients,
    servers: Servers,
    last_source: Source,
    /// Links whose peer is catching up.
    turns: TurnQueue,
    /// Clients that wait for a sketch.
    asks: Asks,
    /// CZMQ servers that are to be sent a PING behind the tuples that they were just sent.
    unconfirmed: Vec<ServerId>,
    /// Some tuple of some peer was refused once.
    has_refused: bool,
}

impl Peers {
    /// Nobody yet. The sessions of clients are numbered in traces from this number on.
    pub(super) fn new(first_session: u64) -> Peers {
        Peers {
            clients: Clients::new(first_session),
            servers: Servers::default(),
            last_source: 0,
            turns: TurnQueue::default(),
            asks: Asks::default(),
            unconfirmed: Vec::new(),
            has_refused: false,
        }
    }

    pub(super) fn clients(&self) -> &Clients {
        &self.clients
    }

    pub(super) fn clients_mut(&mut self) -> &mut Clients {
        &mut self.clients
    }

    pub(super) fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.get(id)
    }

    pub(super) fn client_mut(&mut self, id: ClientId) -> Option<&mut Client> {
        self.clients.get_mut(id)
    }

    pub(super) fn servers(&self) -> &Servers {
        &self.servers
    }

    pub(super) fn servers_mut(&mut self) -> &mut Servers {
        &mut self.servers
    }

    pub(super) fn server(&self, id: ServerId) -> Option<&Server> {
        self.servers.get(id)
    }

    pub(super) fn server_mut(&mut self, id: ServerId) -> Option<&mut Server> {
        self.servers.get_mut(id)
    }

    /// A client that says something for the first time.
    pub(super) fn add_client(&mut self, routing_id: &[u8], now: Millis) -> ClientId {
        let source = self.new_source();
        self.clients.add(routing_id, source, now)
    }

    /// The source of the tuples that come by a new connection. After four thousand million connections they
    /// count as the owner's, and may be sent back once.
    pub(super) fn new_source(&mut self) -> Source {
        self.last_source = self.last_source.checked_add(1).unwrap_or(0);
        self.last_source
    }

    /// What clients and servers have in common.
    pub(super) fn peer(&self, link: LinkId) -> Option<&Peer> {
        match link {
            LinkId::Client(id) => self.client(id).map(Client::peer),
            LinkId::Server(id) => self.server(id).map(Server::peer),
        }
    }

    pub(super) fn peer_mut(&mut self, link: LinkId) -> Option<&mut Peer> {
        match link {
            LinkId::Client(id) => self.client_mut(id).map(Client::peer_mut),
            LinkId::Server(id) => self.server_mut(id).map(Server::peer_mut),
        }
    }

    /// The source of the tuples that come by this link.
    pub(super) fn source(&self, link: LinkId) -> Option<Source> {
        self.peer(link).map(Peer::source)
    }

    pub(super) fn is_native(&self, link: LinkId) -> bool {
        self.peer(link).is_some_and(Peer::is_native)
    }

    /// What is known of a CZMQ peer.
    pub(super) fn czmq(&mut self, link: LinkId) -> Option<&mut CzmqPeer> {
        self.peer_mut(link)?.czmq_mut()
    }

    /// The links to all CZMQ peers.
    pub(super) fn czmq_links(&self) -> Vec<LinkId> {
        let clients = self.clients.iter().filter(|(_, client)| client.peer().is_czmq());
        let servers = self.servers.iter().filter(|(_, server)| server.peer().is_czmq());
        let clients = clients.map(|(id, _)| LinkId::Client(id));
        clients.chain(servers.map(|(id, _)| LinkId::Server(id))).collect()
    }

    /// All CZMQ peers.
    #[cfg(test)]
    pub(super) fn czmq_peers(&self) -> impl Iterator<Item = (LinkId, &CzmqPeer)> {
        let links = self.czmq_links().into_iter();
        links.filter_map(|link| Some((link, self.peer(link)?.czmq()?)))
    }

    /// CZMQ servers that wait for a PING behind what they were sent.
    #[cfg(test)]
    pub(super) fn unconfirmed(&self) -> &[ServerId] {
        &self.unconfirmed
    }

    /// Whether tuples may be sent on this link: the peer has been told everything, or is catching up.
    pub(super) fn is_told(&self, link: LinkId) -> bool {
        match link {
            LinkId::Client(id) => self.client(id).is_some_and(Client::is_told),
            LinkId::Server(id) => self.server(id).is_some_and(Server::is_told),
        }
    }

    /// Where a peer that is catching up stands.
    pub(super) fn cursor(&self, link: LinkId) -> Option<Cursor> {
        match link {
            LinkId::Client(id) => self.client(id)?.cursor(),
            LinkId::Server(id) => self.server(id)?.cursor(),
        }
    }

    /// From now on the peer stands at this cursor.
    pub(super) fn set_cursor(&mut self, link: LinkId, cursor: Cursor) {
        match link {
            LinkId::Client(id) => {
                if let Some(client) = self.client_mut(id) {
                    client.catches_up(cursor);
                }
            }
            LinkId::Server(id) => {
                if let Some(server) = self.server_mut(id) {
                    server.catches_up(cursor);
                }
            }
        }
    }

    /// This peer takes turns with the others that are catching up.
    pub(super) fn takes_turns(&mut self, link: LinkId) {
        if self.flow(link).is_some_and(|flow| !flow.is_queued(true)) {
            self.turns.add(link);
        }
    }

    /// Whose turn it is. It has to be put back where it has not caught up then.
    pub(super) fn next_turn(&mut self) -> Option<LinkId> {
        let link = self.turns.next()?;
        self.flow(link).map(|flow| flow.is_queued(false));
        Some(link)
    }

    /// How much those that are catching up may be sent.
    pub(super) fn turns(&mut self) -> &mut TurnQueue {
        &mut self.turns
    }

    /// Who is catching up.
    #[cfg(test)]
    pub(super) fn catching_up(&self) -> Vec<LinkId> {
        self.turns.all()
    }

    /// Those that wait for a sketch.
    pub(super) fn asks(&mut self) -> &mut Asks {
        &mut self.asks
    }

    /// A tuple of this peer, with this digest, lies beyond the limits that were changed so often.
    pub(super) fn refuse(
        &mut self,
        link: LinkId,
        key: &[u8],
        stamp: Stamp,
        digest: u64,
        limits: u64,
    ) {
        self.has_refused = true;
        if let Some(peer) = self.peer_mut(link) {
            peer.refused_mut().add(key, stamp, digest, limits);
        }
    }

    /// How far a peer is with what it was told before the FLUSH of that number; None where it is told nothing.
    pub(super) fn flushed(&self, link: LinkId, number: u64) -> Option<Progress> {
        match link {
            LinkId::Client(id) => self.client(id)?.flushed(number),
            LinkId::Server(id) => self.server(id).map(|server| server.flushed(number)),
        }
    }

    /// A number that changes whenever a peer has taken something.
    pub(super) fn moved(&self) -> u64 {
        let clients = self.clients.iter().map(|(_, client)| client.moved());
        let servers = self.servers.iter().map(|(_, server)| server.moved());
        clients.chain(servers).fold(0, u64::wrapping_add)
    }

    /// The largest stamp of a key that any peer holds and we refused.
    pub(super) fn refused_stamp(&self, key: &[u8]) -> Option<Stamp> {
        if !self.has_refused {
            return None;
        }
        let clients = self.clients.iter().map(|(_, client)| client.peer());
        let servers = self.servers.iter().map(|(_, server)| server.peer());
        clients.chain(servers).filter_map(|peer| peer.refused().stamp(key)).max()
    }

    /// Whether a peer takes what it is sent.
    pub(super) fn flow(&mut self, link: LinkId) -> Option<&mut Flow> {
        self.peer_mut(link).map(Peer::flow_mut)
    }

    /// A tuple that is at this position of the log did not fit into what may wait for this peer. When it is tried
    /// again; None where it is told nothing anyway.
    pub(super) fn falls_behind(
        &mut self,
        link: LinkId,
        position: usize,
        now: Millis,
    ) -> Option<Millis> {
        let behind = match link {
            LinkId::Client(id) => self.client_mut(id)?.falls_behind(position),
            LinkId::Server(id) => self.server_mut(id)?.falls_behind(position),
        };
        let flow = self.flow(link).filter(|_| behind)?;
        flow.is_full(now);
        Some(flow.not_before())
    }

    /// This CZMQ server is to be sent a PING behind what it was just sent.
    pub(super) fn wants_confirmation(&mut self, id: ServerId) {
        if !self.unconfirmed.contains(&id) {
            self.unconfirmed.push(id);
        }
    }

    /// The CZMQ servers that can be sent that PING now, because they have answered the one before. Those that
    /// have not wait on.
    pub(super) fn take_unconfirmed(&mut self) -> Vec<ServerId> {
        if self.unconfirmed.is_empty() {
            return Vec::new();
        }
        let mut ready = Vec::new();
        for id in std::mem::take(&mut self.unconfirmed) {
            match self.servers.get(id) {
                Some(server) if server.window().awaits_pong() => self.unconfirmed.push(id),
                Some(server) if server.is_told() => ready.push(id),
                _ => {}
            }
        }
        ready
    }

    /// All positions in the log that are remembered for some peer.
    pub(super) fn positions_mut(&mut self) -> impl Iterator<Item = &mut usize> {
        let clients = self.clients.iter_mut().filter_map(|(_, client)| client.position_mut());
        clients.chain(self.servers.iter_mut().filter_map(|(_, server)| server.position_mut()))
    }
}
