//! The node as a client: what servers say, and when they are reached, lost and found again.

use super::Node;
use super::feed::Feed;
use super::input::{Millis, Received};
use super::legacy::Legacy;
use super::link::{LinkId, ServerId};
use super::output::{Level, Output};
use super::rules::{Rule, keeps};
use super::security::CurveClient;
use super::server::{Server, ServerPhase};
use crate::wire::{self, Caps, Extension, Malformed, Message, MessageType, Summary};

/// A session that is gone again so soon after it was made anew is not made anew before this.
const DRAIN_GAP: Millis = 500;
/// At most one log line per peer and interval about malformed messages or refused connections.
const WARNING_INTERVAL: Millis = 10_000;

impl Node {
    /// CONNECT: one server per endpoint, however often the owner asks.
    pub(super) fn connect(&mut self, endpoint: &[u8], curve: Option<Box<CurveClient>>) {
        if let Some(id) = self.servers.find(endpoint) {
            if self.servers.get(id).is_some_and(|server| server.curve == curve) {
                return;
            }
            self.servers.remove(id);
            self.outputs.push_back(Output::Disconnect { server: id });
        }
        let server = self.servers.add(endpoint, curve.clone());
        self.outputs.push_back(Output::Connect { server, endpoint: endpoint.to_vec(), curve });
    }

    /// DISCONNECT: the tuples that came from there stay.
    pub(super) fn disconnect(&mut self, endpoint: &[u8]) {
        match self.servers.find(endpoint) {
            Some(id) => {
                self.servers.remove(id);
                self.outputs.push_back(Output::Disconnect { server: id });
            }
            None => {
                let reason = b"' refused: this node is not connected to it";
                self.refuse(&[b"DISCONNECT from '", endpoint, reason]);
            }
        }
    }

    pub(super) fn on_connect_failed(&mut self, id: ServerId, reason: &str) {
        if let Some(server) = self.servers.remove(id) {
            let endpoint = server.endpoint;
            self.refuse(&[b"bad zgossip endpoint '", &endpoint, b"' (", reason.as_bytes(), b")"]);
        }
    }

    pub(super) fn on_server_up(&mut self, id: ServerId) {
        self.first_contact();
        let source = self.new_source();
        if let Some(server) = self.servers.get_mut(id) {
            server.reset(source);
            self.greet(id, true);
        }
    }

    pub(super) fn on_server_down(&mut self, id: ServerId) {
        if let Some(server) = self.servers.get_mut(id) {
            server.phase = ServerPhase::Down;
        }
    }

    pub(super) fn on_server_refused(&mut self, id: ServerId, reason: &str) {
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        if server.refused.pass(now, WARNING_INTERVAL).is_some() {
            let endpoint = server.endpoint.clone();
            self.log(
                Level::Warning,
                &[b"cannot connect to '", &endpoint, b"': ", reason.as_bytes()],
            );
        }
    }

    /// HELLO, and a PING whose PONG tells that the server's tuples are here. The server may hold them
    /// back where we offer to ask for a sketch of them first.
    pub(super) fn greet(&mut self, id: ServerId, offers_sketches: bool) {
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        let barrier = server.count_ping(now);
        server.phase = ServerPhase::Greeting { barrier, since: now, invalid: false };
        server.greeted_with = (self.tuples.summary(), self.tuples.end());
        (server.offers_sketches, server.asked) = (offers_sketches, 0);
        let until = now.saturating_add(server.patience);
        // Until it says otherwise it may be a C node.
        server.legacy = (!server.ours).then(|| Box::new(Legacy::new()));
        let node = self.options.node;
        let caps = Some(Caps { node, greeting: false, sketches: offers_sketches });
        let summary = Some(self.tuples.summary());
        let extension = Extension { caps, summary, ..Extension::default() };
        self.send_with_extension(LinkId::Server(id), MessageType::Hello, extension);
        self.send_signal(LinkId::Server(id), MessageType::Ping);
        self.wake_at(until);
    }

    /// The session may be gone: find out, and begin anew.
    fn drain(&mut self, id: ServerId) {
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        let barrier = server.count_ping(now);
        server.phase = ServerPhase::Draining { barrier, since: now };
        server.drain_from = now.saturating_add(DRAIN_GAP);
        server.drain_due = false;
        let until = now.saturating_add(server.patience);
        self.send_signal(LinkId::Server(id), MessageType::Ping);
        self.wake_at(until);
    }

    pub(super) fn on_server_message(&mut self, id: ServerId, message: Received<'_>) {
        let parsed = match message.frames {
            1 => wire::decode_with_extension(message.frame),
            frames => Err(Malformed::Frames(frames)),
        };
        let parsed = parsed.map(|(message, extension)| (message, Extension::read(extension)));
        match parsed {
            Ok((Message::Publish { key, value, .. }, extension)) => {
                self.take(key, value, extension.stamp, LinkId::Server(id));
            }
            Ok((Message::Invalid, _)) => self.on_server_invalid(id),
            Ok((Message::Pong, Extension { caps: Some(caps), summary, .. })) if caps.greeting => {
                self.on_greeting(id, summary, caps.sketches);
            }
            Ok((Message::Pong, extension)) => self.on_server_pong(id, extension),
            // A server has no reason to say these; the C actor ignores them.
            Ok((Message::Hello | Message::Ping, _)) => {}
            Err(fault) => self.on_server_malformed(id, fault),
        }
    }

    fn on_server_invalid(&mut self, id: ServerId) {
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        match &mut server.phase {
            _ if !keeps(Rule::GreetOnInvalid) => {}
            ServerPhase::Feeding(_) | ServerPhase::Live if server.drain_from > now => {
                // Each resynchronisation may cost the whole set: a server cannot have them at will.
                if !std::mem::replace(&mut server.drain_due, true) {
                    server.is_stricter();
                }
                let from = server.drain_from;
                self.wake_at(from);
            }
            ServerPhase::Feeding(_) | ServerPhase::Live => {
                server.is_stricter();
                self.drain(id);
            }
            ServerPhase::Greeting { invalid, .. } => *invalid = true,
            // One INVALID for each message that met no session: all but the first tell nothing new.
            ServerPhase::Draining { .. } | ServerPhase::Down => {}
        }
    }

    /// The server is one of ours, and says what it holds in short. Where that is what we hold, only
    /// what has come since our HELLO is left to say; else it may want to be asked.
    fn on_greeting(&mut self, id: ServerId, summary: Option<Summary>, sketches: bool) {
        let Some(server) = self.servers.get_mut(id) else { return };
        server.is_ours();
        let (greeted_with, end) = server.greeted_with;
        match summary {
            _ if !matches!(server.phase, ServerPhase::Greeting { .. }) => {}
            Some(summary) if summary == greeted_with => {
                self.feed_link(LinkId::Server(id), Feed::from(end));
                self.feed_all();
                self.joined(id);
            }
            Some(summary) if sketches => self.on_invitation(id, summary),
            _ => {}
        }
    }

    /// What the server held is here: tell the owner, once for each connection.
    pub(super) fn joined(&mut self, id: ServerId) {
        let Some(server) = self.servers.get_mut(id) else { return };
        if !std::mem::replace(&mut server.joined, true) {
            self.outbox.joined(server.endpoint.as_slice().into());
        }
    }

    fn on_server_pong(&mut self, id: ServerId, extension: Extension) {
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        server.count_pong(now);
        self.compare(id, extension.summary);
        let Some(server) = self.servers.get_mut(id) else { return };
        let (pongs, asked) = (server.pongs, server.asked);
        let sketch = extension.sketch.filter(|sketch| sketch.len() == asked);
        match (server.phase, sketch) {
            (ServerPhase::Greeting { .. }, Some(sketch)) => self.on_sketch(id, sketch),
            (phase, _) => self.on_pongs(id, phase, pongs),
        }
        let joins = self.servers.get_mut(id).and_then(|it| it.joins_at.take_if(|at| pongs >= *at));
        if joins.is_some() {
            self.joined(id);
        }
    }

    /// So many PONGs have come.
    fn on_pongs(&mut self, id: ServerId, phase: ServerPhase, pongs: u64) {
        let asked = self.servers.get(id).is_some_and(|server| server.asked > 0);
        match phase {
            ServerPhase::Draining { barrier, .. } if pongs >= barrier => self.greet(id, true),
            ServerPhase::Greeting { barrier, invalid: true, .. } if pongs >= barrier => {
                self.greet(id, true);
            }
            // It does not want to be asked any more.
            ServerPhase::Greeting { barrier, .. } if asked && pongs >= barrier => {
                self.greet(id, false);
            }
            ServerPhase::Greeting { barrier, .. } if pongs >= barrier => {
                self.end_greeting(id);
                self.feed_all();
            }
            ServerPhase::Feeding(_) => {
                self.on_barrier(LinkId::Server(id), pongs);
                self.feed_all();
            }
            ServerPhase::Live => self.on_barrier(LinkId::Server(id), pongs),
            _ => {}
        }
    }

    fn on_server_malformed(&mut self, id: ServerId, fault: Malformed) {
        self.malformed_total += 1;
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        if let Some(more) = server.malformed.pass(now, WARNING_INTERVAL) {
            let endpoint = String::from_utf8_lossy(&server.endpoint).into_owned();
            self.warn_malformed(format_args!("server '{endpoint}'"), fault, more);
        }
    }

    /// What servers need as time passes: PINGs where nothing else was sent, and an end to waiting
    /// for a server that does not answer PING.
    pub(super) fn tend_servers(&mut self) {
        let now = self.now;
        let mut todo = Vec::new();
        let mut wake = Millis::MAX;
        for (id, server) in self.servers.iter_mut() {
            match step(server, now) {
                Step::Wait(at) => wake = wake.min(at),
                Step::Nothing => {}
                step => todo.push((id, step)),
            }
        }
        for (id, step) in todo {
            match step {
                Step::Ping => self.ping(id, Vec::new()),
                Step::Greet => self.greet(id, true),
                Step::Drain => self.drain(id),
                Step::Feed => self.end_greeting(id),
                Step::Wait(_) | Step::Nothing => {}
            }
        }
        if wake < Millis::MAX {
            self.wake_at(wake);
        }
    }

    /// The server's set is here, as far as it can be known: tell it what it lacks.
    fn end_greeting(&mut self, id: ServerId) {
        let link = LinkId::Server(id);
        if self.servers.get(id).is_some_and(|server| server.legacy.is_some()) {
            self.met_legacy = true;
            self.end_collecting(link);
        } else {
            self.feed_link(link, Feed::from(0));
        }
        self.joined(id);
    }

    /// PINGs that tell when a C server has taken what was sent to it; one at a time, so that a burst
    /// of tuples is not a burst of PINGs.
    pub(super) fn send_barriers(&mut self) {
        if self.pings_due.is_empty() {
            return;
        }
        for id in std::mem::take(&mut self.pings_due) {
            let Some(server) = self.servers.get(id) else { continue };
            if server.pings > server.pongs && !server.mute {
                self.pings_due.push(id);
            } else if self.is_live(LinkId::Server(id)) {
                self.ping(id, Vec::new());
            }
        }
    }

    /// A heartbeat; also one that asks for the tuples that have these digests.
    pub(super) fn ping(&mut self, id: ServerId, wants: Vec<u64>) {
        let now = self.now;
        if let Some(server) = self.servers.get_mut(id) {
            server.count_ping(now);
            let next = now.saturating_add(server.heartbeat());
            let summary = server.ours.then(|| self.tuples.summary());
            match summary {
                None => self.send_signal(LinkId::Server(id), MessageType::Ping),
                summary => {
                    let extension = Extension { summary, wants, ..Extension::default() };
                    self.send_with_extension(LinkId::Server(id), MessageType::Ping, extension);
                }
            }
            self.wake_at(next);
        }
    }
}

/// What a server needs at this time.
enum Step {
    Nothing,
    Wait(Millis),
    Ping,
    Greet,
    Drain,
    Feed,
}

fn step(server: &mut Server, now: Millis) -> Step {
    match server.phase {
        ServerPhase::Down => Step::Nothing,
        ServerPhase::Draining { since, .. } | ServerPhase::Greeting { since, .. }
            if now < since.saturating_add(server.patience) =>
        {
            Step::Wait(since.saturating_add(server.patience))
        }
        ServerPhase::Draining { .. } => Step::Greet,
        ServerPhase::Greeting { .. } => {
            server.mute = true;
            Step::Feed
        }
        ServerPhase::Feeding(_) | ServerPhase::Live
            if server.is_forgotten(now) || server.drain_due && server.drain_from <= now =>
        {
            Step::Drain
        }
        ServerPhase::Feeding(_) | ServerPhase::Live => {
            let interval = if keeps(Rule::Heartbeat) { server.heartbeat() } else { Millis::MAX };
            let due = server.sent_at.saturating_add(interval);
            if due <= now { Step::Ping } else { Step::Wait(due) }
        }
    }
}
