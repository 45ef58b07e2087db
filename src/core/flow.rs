//! The way of a tuple: accepted once, delivered, and passed on to everybody but its source.

use super::Node;
use super::feed::{CHUNK, Feed};
use super::input::{Millis, Unsent};
use super::link::{ClientId, LinkId, RemoteId, Source};
use super::output::{Frame, Output};
use super::remote::RemotePhase;
use super::session::ClientPhase;
use super::tuples::{Accepted, Refusal};
use crate::wire::Id;
use std::sync::Arc;

impl Node {
    /// Take a tuple from the owner (`source` None) or from a peer.
    ///
    /// A tuple that is new is stored, delivered to the owner and passed on. It does not go back to
    /// where it came from: the C actor's echo is half of all its traffic, and what two writers of
    /// one key live on when their values chase each other.
    pub(super) fn accept(
        &mut self,
        key: &[u8],
        value: &[u8],
        source: Option<LinkId>,
    ) -> Result<(), Refusal> {
        let mark = source.and_then(|link| self.source_of(link)).unwrap_or(0);
        if let Accepted::New { frame, position } = self.tuples.accept(key, value, mark)? {
            self.outbox.deliver(key, Arc::clone(&frame));
            self.forward(&frame, position, source);
        }
        Ok(())
    }

    fn source_of(&self, link: LinkId) -> Option<Source> {
        match link {
            LinkId::Client(client) => self.sessions.get(client).map(|session| session.source),
            LinkId::Remote(remote) => self.remotes.get(remote).map(|remote| remote.source),
        }
    }

    fn forward(&mut self, frame: &Arc<[u8]>, position: usize, source: Option<LinkId>) {
        let mut traced = Vec::new();
        for (client, session) in self.sessions.iter() {
            let link = LinkId::Client(client);
            if session.phase == ClientPhase::Live && Some(link) != source {
                let frame = Frame::Tuple { frame: Arc::clone(frame), position };
                self.outputs.push_back(Output::Send { link, frame });
                if self.verbose {
                    traced.push(client);
                }
            }
        }
        self.trace_forward(&traced);
        for (id, remote) in self.remotes.iter_mut() {
            let link = LinkId::Remote(id);
            if remote.phase != RemotePhase::Live || Some(link) == source {
                continue;
            }
            if remote.window_is_full() {
                remote.phase = RemotePhase::Feeding(Feed::from(position));
                self.feeding.push(link);
                continue;
            }
            let frame = Frame::Tuple { frame: Arc::clone(frame), position };
            self.outputs.push_back(Output::Send { link, frame });
            if remote.count_tuple(self.now) {
                remote.count_ping(self.now);
                self.outputs.push_back(Output::Send { link, frame: Frame::Signal(Id::Ping) });
            }
        }
    }

    /// Queue a message without fields.
    pub(super) fn send_signal(&mut self, link: LinkId, id: Id) {
        self.outputs.push_back(Output::Send { link, frame: Frame::Signal(id) });
    }

    /// Tell a client everything from the beginning.
    pub(super) fn feed_client(&mut self, client: ClientId) {
        if let Some(session) = self.sessions.get_mut(client) {
            session.phase = ClientPhase::Feeding(Feed::from(0));
            session.feed_again = None;
            self.feeding.push(LinkId::Client(client));
        }
    }

    /// Tell a server everything from the beginning.
    pub(super) fn feed_remote(&mut self, id: RemoteId) {
        if let Some(remote) = self.remotes.get_mut(id) {
            remote.phase = RemotePhase::Feeding(Feed::from(0));
            let next_ping = remote.sent_at.saturating_add(remote.ping_interval);
            self.feeding.push(LinkId::Remote(id));
            self.wake_at(next_ping);
        }
    }

    /// Go on with all feeds that can go on.
    pub(super) fn feed_all(&mut self) {
        for link in std::mem::take(&mut self.feeding) {
            let next = match link {
                LinkId::Client(client) => self.feed_client_more(client),
                LinkId::Remote(remote) => self.feed_remote_more(remote),
            };
            if let Some(again_at) = next {
                // Whoever became a feed twice over is in the list once from now on.
                if !self.feeding.contains(&link) {
                    self.feeding.push(link);
                }
                self.wake_at(again_at);
            }
        }
    }

    /// The next chunk for a client; when to go on, or None when nothing is left to do.
    fn feed_client_more(&mut self, client: ClientId) -> Option<Millis> {
        let session = self.sessions.get_mut(client)?;
        let ClientPhase::Feeding(mut feed) = session.phase else { return None };
        if self.now < feed.retry_at {
            return Some(feed.retry_at);
        }
        let link = LinkId::Client(client);
        for sent in 0..CHUNK {
            let Some((position, frame)) = self.tuples.next(feed.cursor, session.source) else {
                session.phase = ClientPhase::Live;
                session.fed = self.now;
                for _ in 0..std::mem::take(&mut session.owed_pongs) {
                    self.outputs.push_back(Output::Send { link, frame: Frame::Signal(Id::Pong) });
                }
                self.trace_feed(client, sent, true);
                return None;
            };
            let frame = Frame::Tuple { frame: Arc::clone(frame), position };
            self.outputs.push_back(Output::Send { link, frame });
            feed.moved_to(position + 1);
        }
        session.phase = ClientPhase::Feeding(feed);
        self.trace_feed(client, CHUNK, false);
        Some(self.now)
    }

    /// The next chunk for a server; when to go on, or None when nothing is left to do until then.
    fn feed_remote_more(&mut self, id: RemoteId) -> Option<Millis> {
        let remote = self.remotes.get_mut(id)?;
        let RemotePhase::Feeding(mut feed) = remote.phase else { return None };
        let link = LinkId::Remote(id);
        for _ in 0..CHUNK {
            if remote.window_is_full() {
                // The PONG that opens the window comes as a message; look again anyway by then.
                remote.phase = RemotePhase::Feeding(feed);
                return Some(self.now + remote.ping_interval);
            }
            let Some((position, frame)) = self.tuples.next(feed.cursor, remote.source) else {
                remote.phase = RemotePhase::Live;
                return None;
            };
            let frame = Frame::Tuple { frame: Arc::clone(frame), position };
            self.outputs.push_back(Output::Send { link, frame });
            feed.moved_to(position + 1);
            if remote.count_tuple(self.now) {
                remote.count_ping(self.now);
                self.outputs.push_back(Output::Send { link, frame: Frame::Signal(Id::Ping) });
            }
        }
        remote.phase = RemotePhase::Feeding(feed);
        Some(self.now)
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
            Unsent::Signal(Id::Pong) => {
                session.owed_pongs = session.owed_pongs.saturating_add(1);
                end
            }
            Unsent::Signal(_) => return,
        };
        let mut feed = match session.phase {
            ClientPhase::Feeding(feed) => feed,
            ClientPhase::Live => Feed::from(cursor),
            ClientPhase::Start => return,
        };
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
        let remotes = self.remotes.iter_mut().filter_map(|(_, remote)| match &mut remote.phase {
            RemotePhase::Feeding(feed) => Some(&mut feed.cursor),
            _ => None,
        });
        self.tuples.compact(clients.chain(remotes));
    }
}
