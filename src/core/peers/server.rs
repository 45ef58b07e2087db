//! A server: a peer that we have connected to, with a DEALER of its own.
//!
//! ```text
//!                                  its tuples are here (PONG), or it does not answer:
//!                                  it is told everything;
//!          connection up           its set equals our set: it is told changes since HELLO
//!   Down ----------------> Greeting ------------------------------------------> CatchingUp
//!    ^                        ^                                                  ^     |
//!    | connection down,       | PONG, or                              its window |     | told all
//!    | in any phase           | too late                                was full |     v
//!    |                     Draining <-------------------------------------------- Live
//!                                    INVALID, or we were silent for too long
//! ```
//!
//! INVALID and silence do in CatchingUp what they do in Live. Greeting begins anew where the server has said
//! INVALID meanwhile, and where it is asked for a sketch. It also follows on Live, where the two sets stay
//! different.
//! What the server says makes it be greeted anew only so often: then it is Resting, before the next Greeting.

use super::cursor::Cursor;
use super::peer::Peer;
use super::progress::Progress;
use super::repair::Repair;
use super::restraint::{Limits, Restraint};
use super::window::Window;
use crate::core::czmq::CzmqPeer;
use crate::core::input::Millis;
use crate::core::link::Source;
use crate::core::log::Throttle;
use crate::core::rules::{Rule, keeps};
use crate::core::security::CurveClient;
use crate::wire::Summary;

/// A CZMQ server is sent a PING when it has been sent nothing for so long: by default it forgets a client
/// that is silent for a second.
const PING_INTERVAL: Millis = 300;
/// The same for a native server. It forgets nobody, so this is only to find what was lost on the way. A
/// thousand quiet links at the interval above would cost a hub a third of a core.
const QUIET_INTERVAL: Millis = 1500;
/// However soon a server forgets us, we send PINGs no more often than this.
const SHORTEST_PING_INTERVAL: Millis = 20;
/// A CZMQ server that was sent nothing for so long may have forgotten us.
const STALL: Millis = 800;
/// A server that has not answered a PING after so long may never answer: we go on without its PONG. But a native
/// one that has answered before, and was sent tuples, is waited for as long as the connection stands: its PONG
/// may be behind a large value on a slow line, in either direction, and to go on without it would send everything
/// once more.
const MUTE_AFTER: Millis = 500;
/// The same for a server that is known as a native peer: those do answer, but may be busy.
const PATIENCE: Millis = 5000;
/// A session is not given up again sooner than this after the last time.
const DRAIN_GAP: Millis = 500;
/// What a server says makes us greet it anew only so often, whatever it is.
const GREETINGS: Limits =
    Limits { rule: Rule::FewTellings, at_once: 8, first: 500, longest: 10_000, forgiven: 4000 };
/// A server that is greeted again and again, by whatever connections, is told everything ever more seldom. One that is
/// lost and found a few times is told at once.
const TELLINGS: Limits =
    Limits { rule: Rule::FewTellings, at_once: 8, first: 500, longest: 5000, forgiven: 4000 };
/// At most one line in so many milliseconds about connections that are refused.
const REFUSED_INTERVAL: Millis = 10_000;

/// HELLO and PING have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Greeting {
    /// The PONG of this number tells that the server's tuples are here.
    barrier: u64,
    since: Millis,
    /// The server has said INVALID: HELLO met a living session, and ended it.
    invalid: bool,
    /// Our HELLO said that we can ask for sketches.
    offers_sketches: bool,
    /// How many cells the sketch has that we have asked for, or 0.
    asked: usize,
    /// The summary of our set when we said HELLO, and the end of the log then.
    summary: Option<Summary>,
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No connection.
    Down,
    /// The session may be gone. Before a new HELLO we wait until all that the server says of the old session
    /// is here: until it has answered the PING of this number.
    Draining { barrier: u64, since: Millis },
    /// It was greeted too often, and is not greeted again before this time.
    Resting { until: Millis },
    /// It has been asked what it holds, and tells it.
    Greeting(Greeting),
    /// It is told what it may lack. Changes reach it by way of its cursor.
    CatchingUp(Cursor),
    /// It knows everything. Changes are sent at once.
    Live,
}

/// Whether the owner has been told that all that the server held has come by this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    No,
    /// It will be when the PONG of this number is here, which comes behind the tuples that we have asked for.
    At(u64),
    Yes,
}

/// What is known of one server.
#[derive(Debug)]
pub(in crate::core) struct Server {
    endpoint: Vec<u8>,
    curve: Option<Box<CurveClient>>,
    phase: Phase,
    peer: Peer,
    window: Window,
    repair: Repair,
    greetings: Restraint,
    tellings: Restraint,
    joined: Joined,
    /// For how long we wait for the first PONG before we go on without it.
    patience: Millis,
    ping_interval: Millis,
    /// The session is not given up before this time.
    drain_from: Millis,
    /// It has to be given up then.
    drain_due: bool,
    refused: Throttle,
    /// When the owner said CONNECT.
    since: Millis,
    /// How many messages have come from it.
    heard: u64,
    /// The last FLUSH that waits for it, and the PING whose PONG tells that it has taken everything.
    asked: (u64, u64),
}

/// What the answer to our HELLO calls for, from a native server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Greeted {
    /// Its tuples will come.
    Wait,
    /// Its set was equal to our set: only what follows this position of our log is left to tell.
    Equal(usize),
    /// It waits until we have asked for a sketch.
    Invited,
}

/// What has to be done with a server now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum NextStep {
    Nothing,
    /// Nothing before this time.
    WaitUntil(Millis),
    /// Say PING, so that it does not forget us.
    Ping,
    /// Say HELLO anew, as soon as that may be.
    GreetAgain,
    /// Go on with the greeting, but without sketches.
    GreetWithoutSketches,
    /// Our session may be gone: find out.
    Drain,
    /// Its tuples are here, as far as can be known: tell it what it lacks.
    EndGreeting,
    /// It has taken all that was sent before the PING that it answered. `goes_on`: it is catching up, and may
    /// be told more.
    Confirmed {
        goes_on: bool,
    },
}

impl Server {
    pub(super) fn new(endpoint: &[u8], curve: Option<Box<CurveClient>>, now: Millis) -> Server {
        Server {
            endpoint: endpoint.to_vec(),
            curve,
            phase: Phase::Down,
            peer: Peer::new(0),
            window: Window::default(),
            repair: Repair::default(),
            greetings: Restraint::new(&GREETINGS),
            tellings: Restraint::new(&TELLINGS),
            joined: Joined::No,
            patience: MUTE_AFTER,
            ping_interval: PING_INTERVAL,
            drain_from: 0,
            drain_due: false,
            refused: Throttle::default(),
            since: now,
            heard: 0,
            asked: (0, 0),
        }
    }

    pub(in crate::core) fn endpoint(&self) -> &[u8] {
        &self.endpoint
    }

    pub(in crate::core) fn curve(&self) -> Option<&CurveClient> {
        self.curve.as_deref()
    }

    pub(in crate::core) fn peer(&self) -> &Peer {
        &self.peer
    }

    pub(in crate::core) fn peer_mut(&mut self) -> &mut Peer {
        &mut self.peer
    }

    pub(in crate::core) fn window(&self) -> &Window {
        &self.window
    }

    pub(in crate::core) fn window_mut(&mut self) -> &mut Window {
        &mut self.window
    }

    pub(in crate::core) fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }

    /// Whether tuples may be sent to it.
    pub(super) fn is_told(&self) -> bool {
        matches!(self.phase, Phase::Live | Phase::CatchingUp(_))
    }

    /// Its cursor, while it is catching up.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        match self.phase {
            Phase::CatchingUp(cursor) => Some(cursor),
            _ => None,
        }
    }

    pub(super) fn position_mut(&mut self) -> Option<&mut usize> {
        match &mut self.phase {
            Phase::CatchingUp(cursor) => Some(cursor.position_mut()),
            Phase::Greeting(greeting) => Some(&mut greeting.end),
            Phase::Down | Phase::Draining { .. } | Phase::Resting { .. } | Phase::Live => None,
        }
    }

    /// When to try it again because its window is full; None while it can take more. The PONG that opens the
    /// window comes as a message and does not wait for this time.
    pub(in crate::core) fn window_opens(&self, now: Millis) -> Option<Millis> {
        self.window.is_full().then(|| now + self.ping_interval)
    }

    /// For how long nothing may be sent to it before a PING is.
    pub(in crate::core) fn heartbeat(&self) -> Millis {
        if self.peer.is_native() { QUIET_INTERVAL } else { self.ping_interval }
    }

    /// When the next heartbeat is due, by the interval for CZMQ servers.
    pub(in crate::core) fn heartbeat_at(&self) -> Millis {
        self.window.sent_at().saturating_add(self.ping_interval)
    }

    /// The connection is up. Nothing of the one before counts.
    pub(in crate::core) fn comes_up(&mut self, source: Source) {
        self.peer.connected_again(source);
        (self.window, self.repair) = (Window::default(), Repair::default());
        (self.phase, self.joined, self.drain_due) = (Phase::Down, Joined::No, false);
        self.asked = (0, 0);
    }

    /// The connection is down.
    pub(in crate::core) fn goes_down(&mut self) {
        self.phase = Phase::Down;
        self.peer.is_gone();
    }

    /// It is going to be told everything: when.
    pub(in crate::core) fn is_told_everything_at(&mut self, now: Millis) -> Millis {
        self.tellings.counts(now)
    }

    /// It has made us greet it anew. Where it does that too often, it rests: until when.
    pub(in crate::core) fn may_be_greeted_again(&mut self, now: Millis) -> Result<(), Millis> {
        let until = self.greetings.next(now);
        if until > now {
            self.phase = Phase::Resting { until };
            return Err(until);
        }
        self.greetings.counts(now);
        Ok(())
    }

    /// HELLO and PING are sent now, while our set is this. Returns until when to wait for the PONG.
    pub(in crate::core) fn greets(
        &mut self,
        offers_sketches: bool,
        summary: Option<Summary>,
        end: usize,
        now: Millis,
    ) -> Millis {
        let barrier = self.window.count_ping(now);
        self.phase = Phase::Greeting(Greeting {
            barrier,
            since: now,
            invalid: false,
            offers_sketches,
            asked: 0,
            summary,
            end,
        });
        if !self.peer.is_native() {
            self.peer.becomes_czmq(CzmqPeer::collecting());
        }
        now.saturating_add(self.patience)
    }

    /// A PING is sent now that asks for a sketch of so many cells. Returns until when to wait for the PONG.
    pub(in crate::core) fn asks(&mut self, cells: usize, now: Millis) -> Millis {
        let barrier = self.window.count_ping(now);
        if let Phase::Greeting(greeting) = &mut self.phase {
            (greeting.barrier, greeting.since) = (barrier, now);
            (greeting.invalid, greeting.asked) = (false, cells);
        }
        now.saturating_add(self.patience)
    }

    /// The session is given up, and a PING sent now. Returns until when to wait for the PONG.
    pub(in crate::core) fn drains(&mut self, now: Millis) -> Millis {
        let barrier = self.window.count_ping(now);
        self.phase = Phase::Draining { barrier, since: now };
        self.drain_from = now.saturating_add(DRAIN_GAP);
        self.drain_due = false;
        now.saturating_add(self.patience)
    }

    /// It answered our HELLO as a native peer, with a summary of its set.
    pub(in crate::core) fn answers_as_native(
        &mut self,
        theirs: Option<Summary>,
        invites: bool,
    ) -> Greeted {
        self.peer.becomes_native();
        self.patience = PATIENCE;
        match (&self.phase, theirs) {
            (Phase::Greeting(greeting), Some(_)) if theirs == greeting.summary => {
                Greeted::Equal(greeting.end)
            }
            (Phase::Greeting(greeting), Some(_))
                if invites && greeting.offers_sketches && greeting.asked == 0 =>
            {
                Greeted::Invited
            }
            _ => Greeted::Wait,
        }
    }

    /// Whether it was asked for a sketch of so many cells.
    pub(in crate::core) fn was_asked_for(&self, cells: usize) -> bool {
        matches!(&self.phase, Phase::Greeting(greeting) if greeting.asked == cells && cells > 0)
    }

    /// It said INVALID: it has no session for us.
    pub(in crate::core) fn says_invalid(&mut self, now: Millis) -> NextStep {
        match &mut self.phase {
            Phase::CatchingUp(_) | Phase::Live if self.drain_from > now => {
                // Each new session may cost the whole set, so a server does not get one as often as it likes.
                if !std::mem::replace(&mut self.drain_due, true) {
                    self.forgot_us();
                }
                NextStep::WaitUntil(self.drain_from)
            }
            Phase::CatchingUp(_) | Phase::Live => {
                self.forgot_us();
                NextStep::Drain
            }
            Phase::Greeting(greeting) => {
                greeting.invalid = true;
                NextStep::Nothing
            }
            // There is one INVALID for each message that met no session. All but the first tell nothing new.
            Phase::Draining { .. } | Phase::Resting { .. } | Phase::Down => NextStep::Nothing,
        }
    }

    /// It has forgotten us although we were connected, so it needs PINGs more often.
    fn forgot_us(&mut self) {
        self.ping_interval = (self.ping_interval / 2).max(SHORTEST_PING_INTERVAL);
    }

    /// A PONG came, with a summary of its set. Whether the sets have to be repaired.
    pub(in crate::core) fn says_pong(
        &mut self,
        ours: Summary,
        theirs: Option<Summary>,
        now: Millis,
    ) -> bool {
        self.window.count_pong(now);
        // While something is under way to it, its set is another for that reason alone.
        let comparable = self.is_live() && self.window.is_all_taken();
        self.repair.is_due(ours, theirs, comparable, now)
    }

    /// What the PONGs that have come so far call for.
    pub(in crate::core) fn after_pong(&self) -> NextStep {
        let pongs = self.window.pongs();
        match &self.phase {
            Phase::Draining { barrier, .. } if pongs >= *barrier => NextStep::GreetAgain,
            Phase::Greeting(greeting) if pongs >= greeting.barrier => match greeting {
                Greeting { invalid: true, .. } => NextStep::GreetAgain,
                // It was asked for a sketch and has sent none: do without sketches.
                Greeting { asked: 1.., .. } => NextStep::GreetWithoutSketches,
                _ => NextStep::EndGreeting,
            },
            Phase::CatchingUp(_) => NextStep::Confirmed { goes_on: true },
            Phase::Live => NextStep::Confirmed { goes_on: false },
            Phase::Draining { .. } | Phase::Resting { .. } | Phase::Greeting(_) | Phase::Down => {
                NextStep::Nothing
            }
        }
    }

    /// What the time calls for.
    pub(in crate::core) fn at(&mut self, now: Millis) -> NextStep {
        match &self.phase {
            Phase::Down => NextStep::Nothing,
            Phase::Draining { since, .. } | Phase::Greeting(Greeting { since, .. })
                if now < since.saturating_add(self.patience) =>
            {
                NextStep::WaitUntil(since.saturating_add(self.patience))
            }
            Phase::Resting { until } if now < *until => NextStep::WaitUntil(*until),
            Phase::Draining { .. } | Phase::Greeting(_) if self.answers_for_certain() => {
                self.next_heartbeat(now)
            }
            Phase::Draining { .. } | Phase::Resting { .. } => NextStep::GreetAgain,
            Phase::Greeting(_) => {
                if !self.peer.is_native() {
                    self.window.falls_mute();
                }
                NextStep::EndGreeting
            }
            Phase::CatchingUp(_) | Phase::Live
                if self.has_forgotten_us(now) || self.drain_due && self.drain_from <= now =>
            {
                NextStep::Drain
            }
            Phase::CatchingUp(_) | Phase::Live => self.next_heartbeat(now),
        }
    }

    /// Whether the PONG that is awaited can only be late. A CZMQ server answers INVALID instead where it has
    /// forgotten us.
    fn answers_for_certain(&self) -> bool {
        self.peer.is_native() && self.window.is_in_use()
    }

    fn next_heartbeat(&self, now: Millis) -> NextStep {
        let interval = if keeps(Rule::Heartbeat) { self.heartbeat() } else { Millis::MAX };
        let due = self.window.sent_at().saturating_add(interval);
        if due <= now { NextStep::Ping } else { NextStep::WaitUntil(due) }
    }

    /// Whether a CZMQ server may have forgotten us: we could do nothing for a while, and were silent for too
    /// long.
    fn has_forgotten_us(&self, now: Millis) -> bool {
        let silent = now.saturating_sub(self.window.sent_at());
        !self.peer.is_native() && silent >= STALL && keeps(Rule::GreetAfterStall)
    }

    /// It is told what follows this cursor.
    pub(in crate::core) fn catches_up(&mut self, cursor: Cursor) {
        self.phase = Phase::CatchingUp(cursor);
    }

    /// The tuple at this position did not fit into what may wait for the peer. False where it is told nothing anyway.
    pub(super) fn falls_behind(&mut self, position: usize) -> bool {
        match &mut self.phase {
            Phase::CatchingUp(cursor) => cursor.goes_back_to(position),
            Phase::Live => self.phase = Phase::CatchingUp(Cursor::from(position)),
            Phase::Down | Phase::Draining { .. } | Phase::Resting { .. } | Phase::Greeting(_) => {
                return false;
            }
        }
        true
    }

    /// How far it is with what it was told before the FLUSH of that number.
    pub(super) fn flushed(&self, number: u64) -> Progress {
        let (asked, barrier) = self.asked;
        match self.phase {
            Phase::Down => Progress::Absent(self.since),
            Phase::Live if self.peer.is_taking() => Progress::Waits,
            Phase::Live if self.window.is_all_taken() => Progress::Taken,
            Phase::Live if asked < number => Progress::Told(None),
            Phase::Live if self.window.pongs() >= barrier => Progress::Taken,
            _ => Progress::Waits,
        }
    }

    /// A PING was sent behind what it was told before the FLUSH of that number.
    pub(in crate::core) fn is_asked(&mut self, number: u64) {
        self.asked = (number, self.window.pings());
    }

    /// A message has come from it.
    pub(in crate::core) fn is_heard(&mut self) {
        self.heard = self.heard.wrapping_add(1);
    }

    /// A number that changes whenever it has taken something, or has told more of what it tells before that.
    pub(super) fn moved(&self) -> u64 {
        let position = self.cursor().map_or(0, |cursor| cursor.position() as u64);
        let told = if matches!(self.phase, Phase::Greeting(_)) { self.heard } else { 0 };
        self.window.pongs().wrapping_add(position).wrapping_add(told)
    }

    /// It has been told everything.
    pub(in crate::core) fn has_caught_up(&mut self) {
        self.phase = Phase::Live;
    }

    /// The last PING has asked for the tuples that we lack. Its PONG tells that they are here.
    pub(in crate::core) fn joins_at_last_ping(&mut self) {
        if self.joined != Joined::Yes {
            self.joined = Joined::At(self.window.pings());
        }
    }

    /// Whether that PONG has come.
    pub(in crate::core) fn joins_now(&self) -> bool {
        matches!(self.joined, Joined::At(ping) if self.window.pongs() >= ping)
    }

    /// All that it held is here. False where the owner has been told so.
    pub(in crate::core) fn has_joined(&mut self) -> bool {
        std::mem::replace(&mut self.joined, Joined::Yes) != Joined::Yes
    }

    /// The connection was refused. Whether there may be a line about it.
    pub(in crate::core) fn is_refused(&mut self, now: Millis) -> bool {
        self.refused.pass(now, REFUSED_INTERVAL).is_some()
    }
}
