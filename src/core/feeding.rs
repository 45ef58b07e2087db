//! Peers that are told what they lack: a new one everything, a slow one what it missed.

use super::Node;
use super::feed::{CHUNK, Feed};
use super::flow::{encode, send_signal, send_tuple};
use super::input::{Millis, Unsent};
use super::link::{LinkId, NOBODY, Source};
use super::rules::{Rule, keeps};
use super::server::ServerPhase;
use super::session::ClientPhase;
use super::tuples::{Found, key_and_value};
use crate::wire::{MessageType, Stamp};
use std::rc::Rc;

/// What feeding needs to know of a link.
struct Fed {
    feed: Feed,
    source: Source,
    ours: bool,
    legacy: bool,
}

impl Node {
    /// Tell a peer everything from this position of the log on.
    pub(super) fn feed_link(&mut self, link: LinkId, feed: Feed) {
        self.set_feed(link, Some(feed));
        if let LinkId::Server(id) = link {
            if let Some(server) = self.servers.get(id) {
                self.wake_at(server.sent_at.saturating_add(server.ping_interval));
            }
        }
        if !self.feeding.contains(&link) {
            self.feeding.push(link);
        }
        self.wake_at(self.now);
    }

    /// The link stands at this feed, or knows everything.
    fn set_feed(&mut self, link: LinkId, feed: Option<Feed>) {
        match link {
            LinkId::Client(client) => {
                if let Some(session) = self.sessions.get_mut(client) {
                    session.phase = feed.map_or(ClientPhase::Live, ClientPhase::Feeding);
                }
            }
            LinkId::Server(id) => {
                if let Some(server) = self.servers.get_mut(id) {
                    server.phase = feed.map_or(ServerPhase::Live, ServerPhase::Feeding);
                }
            }
        }
    }

    fn fed(&self, link: LinkId) -> Option<Fed> {
        match link {
            LinkId::Client(client) => {
                let session = self.sessions.get(client)?;
                let ClientPhase::Feeding(feed) = session.phase else { return None };
                let (source, ours) = (session.source, session.ours);
                Some(Fed { feed, source, ours, legacy: session.legacy.is_some() })
            }
            LinkId::Server(id) => {
                let server = self.servers.get(id)?;
                let ServerPhase::Feeding(feed) = server.phase else { return None };
                let (source, ours) = (server.source, server.ours);
                Some(Fed { feed, source, ours, legacy: server.legacy.is_some() })
            }
        }
    }

    /// Whether it is being told what it lacks.
    pub(super) fn is_feeding(&self, link: LinkId) -> bool {
        self.fed(link).is_some()
    }

    /// Whether tuples may be sent on this link.
    pub(super) fn is_live(&self, link: LinkId) -> bool {
        match link {
            LinkId::Client(client) => self.sessions.get(client).is_some_and(|session| {
                matches!(session.phase, ClientPhase::Live | ClientPhase::Feeding(_))
            }),
            LinkId::Server(id) => self.servers.get(id).is_some_and(|server| {
                matches!(server.phase, ServerPhase::Live | ServerPhase::Feeding(_))
            }),
        }
    }

    /// Go on with all feeds that can go on.
    pub(super) fn feed_all(&mut self) {
        for link in std::mem::take(&mut self.feeding) {
            if let Some(again_at) = self.feed_more(link) {
                if !self.feeding.contains(&link) {
                    self.feeding.push(link);
                }
                self.wake_at(again_at);
            }
        }
    }

    /// The next chunk for a peer; when to go on, or None when nothing is left to do.
    fn feed_more(&mut self, link: LinkId) -> Option<Millis> {
        let Fed { mut feed, source, ours, legacy } = self.fed(link)?;
        // Of a C node it counts what it holds now, not what it once said.
        let not_from = if legacy || !keeps(Rule::NotFedBack) { NOBODY } else { source };
        if self.now < feed.retry_at {
            return Some(feed.retry_at);
        }
        for sent in 0..CHUNK {
            if let Some(open_at) = self.window_opens(link) {
                self.set_feed(link, Some(feed));
                return Some(open_at);
            }
            let Some(found) = self.tuples.next(feed.cursor, not_from, ours) else {
                self.end_feed(link, sent);
                return None;
            };
            let Found { position, key, value, stamp } = found;
            let frame = encode(&mut self.scratch, key, value);
            feed.moved_to(position + 1);
            if legacy {
                self.feed_legacy(link, source, &frame, position, stamp);
            } else {
                self.outputs.push_back(send_tuple(link, &frame, position, stamp, ours));
                self.count_sent(link);
            }
        }
        self.set_feed(link, Some(feed));
        if let LinkId::Client(client) = link {
            self.trace_feed(client, CHUNK, false);
        }
        Some(self.now)
    }

    /// A C node that is known to hold the value needs not be told.
    fn feed_legacy(
        &mut self,
        link: LinkId,
        source: Source,
        frame: &Rc<[u8]>,
        position: usize,
        stamp: Stamp,
    ) {
        let (key, value) = key_and_value(frame);
        let said = self.tuples.source(key) == Some(source) && keeps(Rule::NotFedBack);
        let Some(register) = self.legacy(link).map(|legacy| legacy.register(key)) else { return };
        let holds = register.peer.as_deref().map_or(said, |peer| peer == value);
        if register.pending.is_none() && holds {
            register.base = stamp;
            return;
        }
        self.outputs.push_back(send_tuple(link, frame, position, stamp, false));
        self.count_legacy_send(link, key, stamp);
    }

    /// When a server that has too much to take is looked at again; None while it can take more. The
    /// PONG that opens the window comes as a message.
    pub(super) fn window_opens(&self, link: LinkId) -> Option<Millis> {
        let LinkId::Server(id) = link else { return None };
        let server = self.servers.get(id)?;
        server.window_is_full().then(|| self.now + server.ping_interval)
    }

    pub(super) fn count_sent(&mut self, link: LinkId) {
        let LinkId::Server(id) = link else { return };
        let Some(server) = self.servers.get_mut(id) else { return };
        if server.count_tuple_and_ping(self.now) {
            self.outputs.push_back(send_signal(link, MessageType::Ping));
        }
    }

    /// Told everything; a PONG that was asked for meanwhile says so.
    fn end_feed(&mut self, link: LinkId, sent: usize) {
        self.set_feed(link, None);
        let LinkId::Client(client) = link else { return };
        let now = self.now;
        let Some(session) = self.sessions.get_mut(client) else { return };
        session.fed = now;
        for _ in 0..std::mem::take(&mut session.owed_pongs) {
            self.answer_ping(client, None);
        }
        self.trace_feed(client, sent, true);
    }

    /// A frame could not be queued. A client is too far behind: it becomes a feed, and costs a
    /// position instead of a queue. A DEALER's queue has no bound, so a refusal there means that
    /// the connection is gone, and the greeting after the next one repeats everything.
    pub(super) fn on_blocked(&mut self, link: LinkId, unsent: Unsent) {
        let LinkId::Client(client) = link else { return };
        let (end, now) = (self.tuples.end(), self.now);
        let Some(session) = self.sessions.get_mut(client) else { return };
        let cursor = match unsent {
            Unsent::Tuple(position) => position,
            Unsent::Signal(MessageType::Pong) => {
                session.owed_pongs = session.owed_pongs.saturating_add(1);
                end
            }
            Unsent::Signal(_) => return,
        };
        let mut feed = match session.phase {
            ClientPhase::Feeding(feed) => feed,
            ClientPhase::Live => Feed::from(cursor),
            ClientPhase::Start | ClientPhase::Collecting => return,
        };
        if let Some(legacy) = &mut session.legacy {
            legacy.forget_pending();
        }
        feed.pause_at(cursor, now);
        session.phase = ClientPhase::Feeding(feed);
        if !self.feeding.contains(&link) {
            self.feeding.push(link);
        }
        self.wake_at(feed.retry_at);
    }

    /// Close the log's holes. Only where no output waits to be carried out: sends name positions.
    pub(super) fn compact_if_worth_it(&mut self) {
        if !self.tuples.wants_compaction() {
            return;
        }
        let clients =
            self.sessions.iter_mut().filter_map(|(_, session)| match &mut session.phase {
                ClientPhase::Feeding(feed) => Some(&mut feed.cursor),
                _ => None,
            });
        let servers = self.servers.iter_mut().flat_map(|(_, server)| {
            let feed = match &mut server.phase {
                ServerPhase::Feeding(feed) => Some(&mut feed.cursor),
                _ => None,
            };
            feed.into_iter().chain([&mut server.greeted_with.1])
        });
        self.tuples.compact(clients.chain(servers));
    }
}
