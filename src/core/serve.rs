//! The node as a server: what clients say.

use super::Node;
use super::feed::Feed;
use super::input::{Millis, Received};
use super::legacy::Legacy;
use super::link::{ClientId, LinkId};
use super::output::Level;
use super::session::ClientPhase;
use crate::wire::{self, Caps, Extension, Malformed, Message, MessageType, Stamp};

/// A client that says HELLO again and again is told everything once per this interval.
const FEED_GAP: Millis = 200;
/// A session that never said HELLO is dropped after so much silence, whatever the settings say:
/// it costs its client nothing, the next message begins a new one.
const START_LIFETIME: Millis = 10_000;
/// A client that was silent for so long is sent a PONG, which every client ignores: the only way
/// to learn from a ROUTER whether the connection is still there.
const SILENCE: Millis = 30_000;
/// At most one log line per peer and interval about malformed messages.
const MALFORMED_INTERVAL: Millis = 10_000;

impl Node {
    pub(super) fn on_client_message(&mut self, routing_id: &[u8], message: Received<'_>) {
        let now = self.now;
        let client = match self.sessions.find(routing_id) {
            Some(client) => client,
            None => {
                let source = self.new_source();
                self.sessions.add(routing_id, source, now)
            }
        };
        if let Some(session) = self.sessions.get_mut(client) {
            session.heard = now;
        }
        let parsed = match message.frames {
            1 => wire::decode_with_extension(message.frame),
            frames => Err(Malformed::Frames(frames)),
        };
        match parsed {
            Ok((message, extension)) => {
                self.on_client_event(client, &message, &Extension::read(extension))
            }
            Err(fault) => self.on_client_malformed(client, fault),
        }
    }

    fn on_client_event(&mut self, client: ClientId, message: &Message<'_>, extension: &Extension) {
        if matches!(message, Message::Ping) {
            // What a client had to push behind its HELLO has come before its PING.
            self.end_collecting(LinkId::Client(client));
            self.feed_all();
            if !extension.wants.is_empty() {
                self.on_want(client, &extension.wants);
            }
        }
        let Some(phase) = self.sessions.get(client).map(|session| session.phase) else { return };
        self.trace(client, format_args!("{}:", phase.name()));
        self.trace(client, format_args!("    {}", message.id().name()));
        match (message, phase) {
            (Message::Hello, _) if extension.caps.is_some() => {
                self.on_hello_of_ours(client, extension)
            }
            (Message::Hello, ClientPhase::Start) => self.on_hello_of_c(client),
            (Message::Hello, ClientPhase::Live) => self.on_hello_again(client),
            // It is being told everything already, on the connection that it asks on.
            (Message::Hello, ClientPhase::Collecting | ClientPhase::Feeding(_)) => {}
            (Message::Publish { key, value, .. }, _) => {
                self.on_client_publish(client, key, value, extension.stamp);
            }
            (Message::Ping, ClientPhase::Collecting | ClientPhase::Feeding(_)) => {
                if let Some(session) = self.sessions.get_mut(client) {
                    session.owed_pongs = session.owed_pongs.saturating_add(1);
                }
            }
            (Message::Ping, _) => {
                // A PONG says that all which came before it has been sent.
                self.send_paced(LinkId::Client(client));
                self.trace(client, format_args!("        $ send PONG"));
                self.answer_ping(client, extension.ask);
                self.trace(client, format_args!("        > {}", phase.name()));
            }
            (Message::Pong | Message::Invalid, _) => self.end_session(client),
        }
    }

    /// A client that does not say what it is, and so is a C node, or behaves like one.
    fn on_hello_of_c(&mut self, client: ClientId) {
        self.first_contact();
        self.met_legacy = true;
        self.trace(client, format_args!("        $ get first tuple"));
        self.trace(client, format_args!("        > have tuple"));
        let Some(session) = self.sessions.get_mut(client) else { return };
        session.phase = ClientPhase::Collecting;
        session.legacy = Some(Box::new(Legacy::new()));
        self.begin_collecting(LinkId::Client(client));
    }

    /// A client of our kind. The greeting comes before anything else, so that it knows what we are
    /// before the first tuple; with equal sets it is all there is to say, and with sets that differ a
    /// little it waits to be asked.
    fn on_hello_of_ours(&mut self, client: ClientId, extension: &Extension) {
        self.first_contact();
        let summary = self.tuples.summary();
        let equal = extension.summary == Some(summary);
        let cells = extension.summary.and_then(|theirs| self.first_cells(theirs));
        let asks = extension.caps.is_some_and(|caps| caps.sketches) && cells.is_some();
        let sketches = asks && !equal && !self.is_feeding(LinkId::Client(client));
        let caps = Some(Caps { node: self.options.node, greeting: true, sketches });
        let greeting = Extension { caps, summary: Some(summary), ..Extension::default() };
        self.send_with_extension(LinkId::Client(client), MessageType::Pong, greeting);
        let Some(session) = self.sessions.get_mut(client) else { return };
        session.ours = true;
        session.legacy = None;
        session.untold = sketches || session.untold && !equal;
        match session.phase {
            ClientPhase::Feeding(_) if session.untold => self.feed_later(client),
            ClientPhase::Feeding(_) => {}
            _ if equal || sketches => session.phase = ClientPhase::Live,
            ClientPhase::Start | ClientPhase::Collecting => self.begin_feed(client),
            ClientPhase::Live => self.on_hello_again(client),
        }
    }

    /// PONG, for one of ours with the set in short: whatever was lost on the way shows. Not so short
    /// where it asks for a sketch.
    pub(super) fn answer_ping(&mut self, client: ClientId, ask: Option<u16>) {
        let link = LinkId::Client(client);
        if self.sessions.get(client).is_some_and(|session| session.ours) {
            let summary = Some(self.tuples.summary());
            let sketch = ask.and_then(|cells| self.sketch_for(client, usize::from(cells)));
            self.send_with_extension(
                link,
                MessageType::Pong,
                Extension { summary, sketch, ..Extension::default() },
            );
        } else {
            self.send_signal(link, MessageType::Pong);
        }
    }

    fn begin_feed(&mut self, client: ClientId) {
        self.trace(client, format_args!("        $ get first tuple"));
        self.feed_link(LinkId::Client(client), Feed::from(0));
        self.trace(client, format_args!("        > have tuple"));
        self.feed_all();
    }

    /// A HELLO on a living session. The C actor answers INVALID and forgets the client; here it is
    /// told everything again, but not more often than the interval allows: four bytes in must not
    /// be worth the whole table out as often as a client likes.
    fn on_hello_again(&mut self, client: ClientId) {
        let fed = self.sessions.get(client).map_or(0, |session| session.fed);
        if fed.saturating_add(FEED_GAP) <= self.now {
            self.feed_again(client);
            self.feed_all();
        } else {
            self.feed_later(client);
        }
    }

    fn feed_later(&mut self, client: ClientId) {
        let due = self.now.saturating_add(FEED_GAP);
        if let Some(session) = self.sessions.get_mut(client) {
            let due = *session.feed_again.get_or_insert(due);
            self.housekeeping = self.housekeeping.min(due);
        }
    }

    /// Everything once more, whatever we believe that it knows.
    fn feed_again(&mut self, client: ClientId) {
        if let Some(session) = self.sessions.get_mut(client) {
            if let Some(legacy) = &mut session.legacy {
                **legacy = Legacy::default();
            }
            (session.feed_again, session.untold) = (None, false);
        }
        self.feed_link(LinkId::Client(client), Feed::from(0));
    }

    /// A tuple from a client. Without a HELLO before it the answer is INVALID, on which clients
    /// rely to learn that a server has restarted; unlike with the C actor the tuple is not lost.
    fn on_client_publish(
        &mut self,
        client: ClientId,
        key: &[u8],
        value: &[u8],
        stamp: Option<Stamp>,
    ) {
        let link = LinkId::Client(client);
        self.trace(client, format_args!("        $ store tuple if new"));
        self.take(key, value, stamp, link);
        let phase = self.sessions.get(client).map(|session| session.phase);
        match phase {
            Some(ClientPhase::Start) => self.end_session(client),
            Some(phase) => self.trace(client, format_args!("        > {}", phase.name())),
            None => {}
        }
    }

    /// Tell the client that it has to say HELLO.
    fn end_session(&mut self, client: ClientId) {
        self.trace(client, format_args!("        $ send INVALID"));
        self.send_signal(LinkId::Client(client), MessageType::Invalid);
        self.trace(client, format_args!("        $ terminate"));
        if let Some(session) = self.sessions.get_mut(client) {
            session.phase = ClientPhase::Start;
        }
    }

    fn on_client_malformed(&mut self, client: ClientId, fault: Malformed) {
        self.malformed_total += 1;
        let now = self.now;
        let Some(session) = self.sessions.get_mut(client) else { return };
        let number = session.number;
        if let Some(more) = session.malformed.pass(now, MALFORMED_INTERVAL) {
            self.warn_malformed(format_args!("client {number}"), fault, more);
        }
    }

    /// The shared form of the warning; a burst of short-lived peers is limited as a whole too.
    pub(super) fn warn_malformed(
        &mut self,
        peer: std::fmt::Arguments<'_>,
        fault: Malformed,
        more: u64,
    ) {
        const BURST: u32 = 20;
        if self.now >= self.malformed_until {
            self.malformed_until = self.now.saturating_add(MALFORMED_INTERVAL);
            self.malformed_lines = 0;
        }
        self.malformed_lines += 1;
        let text = match self.malformed_lines {
            ..BURST if more == 0 => format!("dropped a malformed message from {peer}: {fault}"),
            ..BURST => {
                format!("dropped a malformed message from {peer}: {fault} (and {more} before it)")
            }
            BURST => format!(
                "many peers send malformed messages ({} so far): saying no more for a while",
                self.malformed_total
            ),
            _ => return,
        };
        self.log(Level::Warning, &[text.as_bytes()]);
    }

    /// What sessions need as time passes.
    pub(super) fn tend_sessions(&mut self) {
        let now = self.now;
        let mut gone = Vec::new();
        let mut feed = Vec::new();
        let mut probe = Vec::new();
        for (client, session) in self.sessions.iter_mut() {
            let silent = now.saturating_sub(session.heard);
            match session.phase {
                ClientPhase::Start if silent >= START_LIFETIME => gone.push(client),
                ClientPhase::Live if session.feed_again.is_some_and(|at| at <= now) => {
                    feed.push(client);
                }
                ClientPhase::Live if silent >= SILENCE => {
                    session.heard = now;
                    probe.push(client);
                }
                _ => {}
            }
        }
        gone.into_iter().for_each(|client| self.forget_client(client));
        feed.into_iter().for_each(|client| self.feed_again(client));
        probe
            .into_iter()
            .for_each(|client| self.send_signal(LinkId::Client(client), MessageType::Pong));
    }

    pub(super) fn forget_client(&mut self, client: ClientId) {
        self.trace(client, format_args!("        $ terminate"));
        self.sessions.forget(client);
    }
}
