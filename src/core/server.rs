//! Servers: the servers that we connected to, one DEALER each.

use super::feed::Feed;
use super::input::Millis;
use super::legacy::Legacy;
use super::link::{ServerId, Source};
use super::rules::{Rule, keeps};
use super::security::CurveClient;
use super::throttle::Throttle;
use crate::wire::Summary;
use std::collections::VecDeque;

/// A link on which nothing was sent for so long gets a PING. A C server forgets a client that is
/// silent for a second (its default).
const PING_INTERVAL: Millis = 300;
/// The same for one of ours, which forgets nobody: only to find what was lost on the way. A thousand
/// quiet links at the interval above would cost a hub a third of a core.
const QUIET_INTERVAL: Millis = 1500;
/// A C server that has not heard from us for so long may have forgotten us.
const STALL: Millis = 800;
/// However strict a server proves to be, we do not PING more often than this.
const SHORTEST_PING_INTERVAL: Millis = 20;
/// A server that has not answered a PING by then never will: we go on without.
const MUTE_AFTER: Millis = 500;
/// The same for one that was one of ours when we last met it: those do answer, and may be busy.
const PATIENCE: Millis = 5000;
/// Most tuples under way to a server before it must have answered a PING that came behind them.
const WINDOW: u64 = 20_000;
/// So many tuples after the last PING there is another, to move the window on.
const PING_EVERY: u64 = WINDOW / 8;

/// Where the session with a server stands, as far as a client can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerPhase {
    /// No connection.
    Down,
    /// The session may be gone. Before a new HELLO we wait until all that the server says of the
    /// old session has arrived: until it has answered the PING of that number.
    Draining { barrier: u64, since: Millis },
    /// HELLO and PING were sent. The PONG of that number tells that the server's tuples are here,
    /// and INVALID before it that the HELLO met a living session and ended it.
    Greeting { barrier: u64, since: Millis, invalid: bool },
    /// Being told what it may lack.
    Feeding(Feed),
    /// Knows everything; new tuples are sent at once.
    Live,
}

/// What is known of one server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) endpoint: Vec<u8>,
    pub(crate) curve: Option<Box<CurveClient>>,
    pub(crate) phase: ServerPhase,
    /// It is one of ours: it understands stamps.
    pub(crate) ours: bool,
    /// What we know of it as long as it may be a C node.
    pub(crate) legacy: Option<Box<Legacy>>,
    /// The set as it was when we said HELLO: in short, and the end of its log.
    pub(crate) greeted_with: (Summary, usize),
    /// Its set and ours, in short, when they differed at the last heartbeat.
    pub(crate) differs: Option<(Summary, Summary)>,
    /// Sets that differ are repaired from then on, and how long after the repair before.
    pub(crate) repair_from: Millis,
    pub(crate) repair_gap: Millis,
    /// Our HELLO said that we can ask for sketches; cells of the one that we wait for, or 0.
    pub(crate) offers_sketches: bool,
    pub(crate) asked: usize,
    /// How long we wait for a PONG before we go on without.
    pub(crate) patience: Millis,
    /// The owner knows that all that it held has come by this connection.
    pub(crate) joined: bool,
    /// The PING whose PONG comes behind the tuples that we have asked for.
    pub(crate) joins_at: Option<u64>,
    /// Marks the tuples that came by this connection.
    pub(crate) source: Source,
    /// When anything was last sent.
    pub(crate) sent_at: Millis,
    pub(crate) ping_interval: Millis,
    /// PINGs sent and PONGs received on this connection: the k-th answers the k-th.
    pub(crate) pings: u64,
    pub(crate) pongs: u64,
    /// The session was given up before this; when it may be again, and whether it must.
    pub(crate) drain_from: Millis,
    pub(crate) drain_due: bool,
    /// It left a PING unanswered and so cannot pace us.
    pub(crate) mute: bool,
    /// Tuples sent, and how many of them it must have taken.
    tuples: u64,
    taken: u64,
    tuples_at_ping: u64,
    /// Of PINGs not yet answered: their number, how many tuples went before, and when.
    unanswered: VecDeque<(u64, u64, Millis)>,
    /// How long the last PONG took.
    pub(crate) last_rtt: Option<Millis>,
    pub(crate) malformed: Throttle,
    pub(crate) refused: Throttle,
}

impl Server {
    fn new(endpoint: Vec<u8>, curve: Option<Box<CurveClient>>) -> Server {
        Server {
            endpoint,
            curve,
            phase: ServerPhase::Down,
            ours: false,
            legacy: None,
            greeted_with: (Summary::default(), 0),
            differs: None,
            repair_from: 0,
            repair_gap: 0,
            offers_sketches: false,
            asked: 0,
            patience: MUTE_AFTER,
            joined: false,
            joins_at: None,
            source: 0,
            sent_at: 0,
            ping_interval: PING_INTERVAL,
            pings: 0,
            pongs: 0,
            drain_from: 0,
            drain_due: false,
            mute: false,
            tuples: 0,
            taken: 0,
            tuples_at_ping: 0,
            unanswered: VecDeque::new(),
            last_rtt: None,
            malformed: Throttle::default(),
            refused: Throttle::default(),
        }
    }

    /// The connection is new: nothing of the old one counts.
    pub(crate) fn reset(&mut self, source: Source) {
        let fresh = Server::new(std::mem::take(&mut self.endpoint), self.curve.take());
        let old = std::mem::replace(self, fresh);
        self.source = source;
        self.ping_interval = old.ping_interval;
        self.patience = old.patience;
        self.malformed = old.malformed;
        self.drain_from = old.drain_from;
        self.refused = old.refused;
    }

    /// It greeted us as one of ours.
    pub(crate) fn is_ours(&mut self) {
        self.ours = true;
        self.legacy = None;
        self.patience = PATIENCE;
    }

    /// The server forgot us although we were connected: it wants to hear from us more often.
    pub(crate) fn is_stricter(&mut self) {
        self.ping_interval = (self.ping_interval / 2).max(SHORTEST_PING_INTERVAL);
    }

    /// A C server may have forgotten us: we were held up and have been silent for too long.
    pub(crate) fn is_forgotten(&self, now: Millis) -> bool {
        !self.ours && now.saturating_sub(self.sent_at) >= STALL && keeps(Rule::GreetAfterStall)
    }

    /// How long nothing may be sent before a PING is.
    pub(crate) fn heartbeat(&self) -> Millis {
        if self.ours { QUIET_INTERVAL } else { self.ping_interval }
    }

    /// A PING is going out; its number.
    pub(crate) fn count_ping(&mut self, now: Millis) -> u64 {
        self.pings += 1;
        self.sent_at = now;
        self.tuples_at_ping = self.tuples;
        // A mute server must not make this grow; a later PONG says what an earlier one would have.
        if self.unanswered.len() < 64 {
            self.unanswered.push_back((self.pings, self.tuples, now));
        }
        self.pings
    }

    /// A PONG came in.
    pub(crate) fn count_pong(&mut self, now: Millis) {
        self.pongs = (self.pongs + 1).min(self.pings);
        self.mute = false;
        while let Some(&(_, tuples, sent_at)) =
            self.unanswered.front().filter(|(number, ..)| *number <= self.pongs)
        {
            self.taken = tuples;
            self.last_rtt = Some(now.saturating_sub(sent_at));
            self.unanswered.pop_front();
        }
    }

    /// A tuple is going out. True when a PING should follow it.
    pub(crate) fn count_tuple(&mut self, now: Millis) -> bool {
        self.tuples += 1;
        self.sent_at = now;
        self.tuples - self.tuples_at_ping >= PING_EVERY
    }

    /// A tuple is going out. True when a PING follows it, which is counted as well.
    pub(crate) fn count_tuple_and_ping(&mut self, now: Millis) -> bool {
        let due = self.count_tuple(now);
        if due {
            self.count_ping(now);
        }
        due
    }

    /// Whether it has to catch up before it is sent more.
    pub(crate) fn window_is_full(&self) -> bool {
        !self.mute && self.tuples - self.taken >= WINDOW
    }
}

/// The table of servers. A server's id is never used again.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    slots: Vec<Option<Box<Server>>>,
}

impl Servers {
    pub(crate) fn add(&mut self, endpoint: &[u8], curve: Option<Box<CurveClient>>) -> ServerId {
        self.slots.push(Some(Box::new(Server::new(endpoint.to_vec(), curve))));
        ServerId((self.slots.len() - 1) as u32)
    }

    pub(crate) fn find(&self, endpoint: &[u8]) -> Option<ServerId> {
        self.iter().find(|(_, server)| server.endpoint == endpoint).map(|(id, _)| id)
    }

    pub(crate) fn get_mut(&mut self, server: ServerId) -> Option<&mut Server> {
        self.slots.get_mut(server.0 as usize)?.as_deref_mut()
    }

    pub(crate) fn get(&self, server: ServerId) -> Option<&Server> {
        self.slots.get(server.0 as usize)?.as_deref()
    }

    pub(crate) fn remove(&mut self, server: ServerId) -> Option<Box<Server>> {
        self.slots.get_mut(server.0 as usize)?.take()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ServerId, &Server)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(slot, server)| Some((ServerId(slot as u32), server.as_deref()?)))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (ServerId, &mut Server)> {
        let slots = self.slots.iter_mut().enumerate();
        slots.filter_map(|(slot, server)| Some((ServerId(slot as u32), server.as_deref_mut()?)))
    }
}
