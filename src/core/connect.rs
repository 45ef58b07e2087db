//! The node as a client: what remotes say, and when they are reached, lost and found again.

use super::Node;
use super::feed::Feed;
use super::input::{Millis, Received};
use super::legacy::Legacy;
use super::link::{LinkId, RemoteId};
use super::output::{Level, Output};
use super::remote::{Remote, RemotePhase};
use super::rules::{Rule, keeps};
use super::security::CurveClient;
use crate::wire::{self, Caps, Id, Malformed, Message, Summary, Tail};

/// A session that is gone again so soon after it was made anew is not made anew before this.
const DRAIN_GAP: Millis = 500;
/// At most one log line per peer and interval about malformed messages or refused connections.
const WARNING_INTERVAL: Millis = 10_000;

impl Node {
    /// CONNECT: one remote per endpoint, however often the owner asks.
    pub(super) fn connect(&mut self, endpoint: &[u8], curve: Option<Box<CurveClient>>) {
        if let Some(id) = self.remotes.find(endpoint) {
            if self.remotes.get(id).is_some_and(|remote| remote.curve == curve) {
                return;
            }
            self.remotes.remove(id);
            self.outputs.push_back(Output::Disconnect { remote: id });
        }
        let remote = self.remotes.add(endpoint, curve.clone());
        self.outputs.push_back(Output::Connect { remote, endpoint: endpoint.to_vec(), curve });
    }

    /// DISCONNECT: the tuples that came from there stay.
    pub(super) fn disconnect(&mut self, endpoint: &[u8]) {
        match self.remotes.find(endpoint) {
            Some(id) => {
                self.remotes.remove(id);
                self.outputs.push_back(Output::Disconnect { remote: id });
            }
            None => {
                let reason = b"' refused: this node is not connected to it";
                self.log(Level::Refusal, &[b"DISCONNECT from '", endpoint, reason]);
            }
        }
    }

    pub(super) fn on_connect_failed(&mut self, id: RemoteId, reason: &str) {
        if let Some(remote) = self.remotes.remove(id) {
            let endpoint = remote.endpoint;
            self.log(
                Level::Refusal,
                &[b"bad zgossip endpoint '", &endpoint, b"' (", reason.as_bytes(), b")"],
            );
        }
    }

    pub(super) fn on_remote_up(&mut self, id: RemoteId) {
        self.first_contact();
        let source = self.new_source();
        if let Some(remote) = self.remotes.get_mut(id) {
            remote.reset(source);
            self.greet(id, true);
        }
    }

    pub(super) fn on_remote_down(&mut self, id: RemoteId) {
        if let Some(remote) = self.remotes.get_mut(id) {
            remote.phase = RemotePhase::Down;
        }
    }

    pub(super) fn on_remote_refused(&mut self, id: RemoteId, reason: &str) {
        let now = self.now;
        let Some(remote) = self.remotes.get_mut(id) else { return };
        if remote.refused.pass(now, WARNING_INTERVAL).is_some() {
            let endpoint = remote.endpoint.clone();
            self.log(
                Level::Warning,
                &[b"cannot connect to '", &endpoint, b"': ", reason.as_bytes()],
            );
        }
    }

    /// HELLO, and a PING whose PONG tells that the server's tuples are here. The server may hold them
    /// back where we offer to ask for a sketch of them first.
    pub(super) fn greet(&mut self, id: RemoteId, offers_sketches: bool) {
        let now = self.now;
        let Some(remote) = self.remotes.get_mut(id) else { return };
        let barrier = remote.count_ping(now);
        remote.phase = RemotePhase::Greeting { barrier, since: now, invalid: false };
        remote.greeted_with = (self.tuples.summary(), self.tuples.end());
        (remote.offers_sketches, remote.asked) = (offers_sketches, 0);
        let until = now.saturating_add(remote.patience);
        // Until it says otherwise it may be a C node.
        remote.legacy = (!remote.ours).then(|| Box::new(Legacy::new()));
        let node = self.options.node;
        let caps = Some(Caps { node, greeting: false, sketches: offers_sketches });
        let summary = Some(self.tuples.summary());
        let tail = Tail { caps, summary, ..Tail::default() };
        self.send_with_tail(LinkId::Remote(id), Id::Hello, tail);
        self.send_signal(LinkId::Remote(id), Id::Ping);
        self.wake_at(until);
    }

    /// The session may be gone: find out, and begin anew.
    fn drain(&mut self, id: RemoteId) {
        let now = self.now;
        let Some(remote) = self.remotes.get_mut(id) else { return };
        let barrier = remote.count_ping(now);
        remote.phase = RemotePhase::Draining { barrier, since: now };
        remote.drain_from = now.saturating_add(DRAIN_GAP);
        remote.drain_due = false;
        let until = now.saturating_add(remote.patience);
        self.send_signal(LinkId::Remote(id), Id::Ping);
        self.wake_at(until);
    }

    pub(super) fn on_remote_message(&mut self, id: RemoteId, message: Received<'_>) {
        let parsed = match message.frames {
            1 => wire::decode_with_tail(message.frame),
            frames => Err(Malformed::Frames(frames)),
        };
        let parsed = parsed.map(|(message, tail)| (message, Tail::read(tail)));
        match parsed {
            Ok((Message::Publish { key, value, .. }, tail)) => {
                self.take(key, value, tail.stamp, LinkId::Remote(id));
            }
            Ok((Message::Invalid, _)) => self.on_remote_invalid(id),
            Ok((Message::Pong, Tail { caps: Some(caps), summary, .. })) if caps.greeting => {
                self.on_greeting(id, summary, caps.sketches);
            }
            Ok((Message::Pong, tail)) => self.on_remote_pong(id, tail),
            // A server has no reason to say these; the C actor ignores them.
            Ok((Message::Hello | Message::Ping, _)) => {}
            Err(fault) => self.on_remote_malformed(id, fault),
        }
    }

    fn on_remote_invalid(&mut self, id: RemoteId) {
        let now = self.now;
        let Some(remote) = self.remotes.get_mut(id) else { return };
        match &mut remote.phase {
            _ if !keeps(Rule::GreetOnInvalid) => {}
            RemotePhase::Feeding(_) | RemotePhase::Live if remote.drain_from > now => {
                // Each resynchronisation may cost the whole set: a server cannot have them at will.
                if !std::mem::replace(&mut remote.drain_due, true) {
                    remote.is_stricter();
                }
                let from = remote.drain_from;
                self.wake_at(from);
            }
            RemotePhase::Feeding(_) | RemotePhase::Live => {
                remote.is_stricter();
                self.drain(id);
            }
            RemotePhase::Greeting { invalid, .. } => *invalid = true,
            // One INVALID for each message that met no session: all but the first tell nothing new.
            RemotePhase::Draining { .. } | RemotePhase::Down => {}
        }
    }

    /// The server is one of ours, and says what it holds in short. Where that is what we hold, only
    /// what has come since our HELLO is left to say; else it may want to be asked.
    fn on_greeting(&mut self, id: RemoteId, summary: Option<Summary>, sketches: bool) {
        let Some(remote) = self.remotes.get_mut(id) else { return };
        remote.is_ours();
        let (greeted_with, end) = remote.greeted_with;
        match summary {
            _ if !matches!(remote.phase, RemotePhase::Greeting { .. }) => {}
            Some(summary) if summary == greeted_with => {
                self.feed_link(LinkId::Remote(id), Feed::from(end));
                self.feed_all();
                self.joined(id);
            }
            Some(summary) if sketches => self.on_invitation(id, summary),
            _ => {}
        }
    }

    /// What the server held is here: tell the owner, once for each connection.
    pub(super) fn joined(&mut self, id: RemoteId) {
        let Some(remote) = self.remotes.get_mut(id) else { return };
        if !std::mem::replace(&mut remote.joined, true) {
            self.outbox.joined(remote.endpoint.as_slice().into());
        }
    }

    fn on_remote_pong(&mut self, id: RemoteId, tail: Tail) {
        let now = self.now;
        let Some(remote) = self.remotes.get_mut(id) else { return };
        remote.count_pong(now);
        self.compare(id, tail.summary);
        let Some(remote) = self.remotes.get_mut(id) else { return };
        let (pongs, asked) = (remote.pongs, remote.asked);
        let sketch = tail.sketch.filter(|sketch| sketch.len() == asked);
        match (remote.phase, sketch) {
            (RemotePhase::Greeting { .. }, Some(sketch)) => self.on_sketch(id, sketch),
            (phase, _) => self.on_pongs(id, phase, pongs),
        }
        let joins = self.remotes.get_mut(id).and_then(|it| it.joins_at.take_if(|at| pongs >= *at));
        if joins.is_some() {
            self.joined(id);
        }
    }

    /// So many PONGs have come.
    fn on_pongs(&mut self, id: RemoteId, phase: RemotePhase, pongs: u64) {
        let asked = self.remotes.get(id).is_some_and(|remote| remote.asked > 0);
        match phase {
            RemotePhase::Draining { barrier, .. } if pongs >= barrier => self.greet(id, true),
            RemotePhase::Greeting { barrier, invalid: true, .. } if pongs >= barrier => {
                self.greet(id, true);
            }
            // It does not want to be asked any more.
            RemotePhase::Greeting { barrier, .. } if asked && pongs >= barrier => {
                self.greet(id, false);
            }
            RemotePhase::Greeting { barrier, .. } if pongs >= barrier => {
                self.end_greeting(id);
                self.feed_all();
            }
            RemotePhase::Feeding(_) => {
                self.on_barrier(LinkId::Remote(id), pongs);
                self.feed_all();
            }
            RemotePhase::Live => self.on_barrier(LinkId::Remote(id), pongs),
            _ => {}
        }
    }

    fn on_remote_malformed(&mut self, id: RemoteId, fault: Malformed) {
        self.malformed_total += 1;
        let now = self.now;
        let Some(remote) = self.remotes.get_mut(id) else { return };
        if let Some(more) = remote.malformed.pass(now, WARNING_INTERVAL) {
            let endpoint = String::from_utf8_lossy(&remote.endpoint).into_owned();
            self.warn_malformed(format_args!("server '{endpoint}'"), fault, more);
        }
    }

    /// What remotes need as time passes: PINGs where nothing else was sent, and an end to waiting
    /// for a server that does not answer PING.
    pub(super) fn tend_remotes(&mut self) {
        let now = self.now;
        let mut todo = Vec::new();
        let mut wake = Millis::MAX;
        for (id, remote) in self.remotes.iter_mut() {
            match step(remote, now) {
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
    fn end_greeting(&mut self, id: RemoteId) {
        let link = LinkId::Remote(id);
        if self.remotes.get(id).is_some_and(|remote| remote.legacy.is_some()) {
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
            let Some(remote) = self.remotes.get(id) else { continue };
            if remote.pings > remote.pongs && !remote.mute {
                self.pings_due.push(id);
            } else if self.is_live(LinkId::Remote(id)) {
                self.ping(id, Vec::new());
            }
        }
    }

    /// A heartbeat; also one that asks for the tuples that have these digests.
    pub(super) fn ping(&mut self, id: RemoteId, wants: Vec<u64>) {
        let now = self.now;
        if let Some(remote) = self.remotes.get_mut(id) {
            remote.count_ping(now);
            let next = now.saturating_add(remote.heartbeat());
            let summary = remote.ours.then(|| self.tuples.summary());
            match summary {
                None => self.send_signal(LinkId::Remote(id), Id::Ping),
                summary => {
                    let tail = Tail { summary, wants, ..Tail::default() };
                    self.send_with_tail(LinkId::Remote(id), Id::Ping, tail);
                }
            }
            self.wake_at(next);
        }
    }
}

/// What a remote needs at this time.
enum Step {
    Nothing,
    Wait(Millis),
    Ping,
    Greet,
    Drain,
    Feed,
}

fn step(remote: &mut Remote, now: Millis) -> Step {
    match remote.phase {
        RemotePhase::Down => Step::Nothing,
        RemotePhase::Draining { since, .. } | RemotePhase::Greeting { since, .. }
            if now < since.saturating_add(remote.patience) =>
        {
            Step::Wait(since.saturating_add(remote.patience))
        }
        RemotePhase::Draining { .. } => Step::Greet,
        RemotePhase::Greeting { .. } => {
            remote.mute = true;
            Step::Feed
        }
        RemotePhase::Feeding(_) | RemotePhase::Live
            if remote.is_forgotten(now) || remote.drain_due && remote.drain_from <= now =>
        {
            Step::Drain
        }
        RemotePhase::Feeding(_) | RemotePhase::Live => {
            let interval = if keeps(Rule::Heartbeat) { remote.heartbeat() } else { Millis::MAX };
            let due = remote.sent_at.saturating_add(interval);
            if due <= now { Step::Ping } else { Step::Wait(due) }
        }
    }
}
