//! A client: a peer that has connected to our ROUTER.
//!
//! ```text
//!            HELLO of a CZMQ peer                            its PING, or 25 ms
//!   Start ------------------------------> Collecting -----------------------------+
//!     | ^                                                                         |
//!     | +--- PONG or INVALID, in any phase                                        v
//!     +----- HELLO of a native peer, sets differ --------------------------> CatchingUp
//!     |                                                                       ^     |
//!     |      its queue was full, or it says HELLO again, or asks for tuples   |     | told all
//!     |                                                                       |     v
//!     +----- HELLO of a native peer, sets are equal or it is invited --------> Live
//! ```
//!
//! HELLO of a native peer does in Collecting what it does in Start.

use super::cursor::Cursor;
use super::peer::Peer;
use super::progress::Progress;
use super::restraint::{Limits, Restraint};
use crate::core::czmq::CzmqPeer;
use crate::core::input::Millis;
use crate::core::link::Source;
use crate::core::rules::{Rule, keeps};
use crate::wire::Summary;

/// A client that says HELLO again and again is told everything ever more seldom, in whatever sessions: four bytes
/// in must not be worth the whole set out as often as a client likes.
const TELLINGS: Limits =
    Limits { rule: Rule::FewTellings, at_once: 1, first: 200, longest: 60_000, forgiven: 5000 };
/// A client that has not said HELLO is forgotten after so much silence, whatever the settings say. It loses
/// nothing: its next message makes it known again.
const START_LIFETIME: Millis = 10_000;
/// A client that has been silent for so long is sent a PONG, which every client ignores. Only by sending can
/// one learn from a ROUTER whether a connection is still there.
const SILENCE: Millis = 30_000;
/// A client may begin to ask again for small sketches after so long; until then each must have twice the cells of
/// the one before, and there are so many at most, as each costs a look at the whole set.
const SKETCH_GAP: Millis = 500;
const MOST_SKETCHES: u32 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It has not said HELLO, or its session has ended: it is told nothing.
    Start,
    /// A CZMQ peer that has said HELLO: what it tells behind that is collected first.
    Collecting,
    /// It is told what it lacks. Changes reach it by way of its cursor.
    CatchingUp(Cursor),
    /// It knows everything. Changes are sent at once.
    Live,
}

/// What is known of one client.
#[derive(Debug)]
pub(in crate::core) struct Client {
    routing_id: Box<[u8]>,
    /// The number of its session in traces.
    number: u64,
    phase: Phase,
    peer: Peer,
    /// When it last sent anything.
    heard: Millis,
    /// PONGs to send once it has been told everything: a PONG comes behind all tuples that the client lacked
    /// when it asked.
    owed_pongs: u32,
    /// When it may be told everything again.
    tellings: Restraint,
    /// When it will be told everything again, where it has said HELLO again.
    tell_again: Option<Millis>,
    /// It was invited to ask for what it lacks, and so was not told everything.
    may_lack: bool,
    /// How many cells the last sketch had that it asked for, how many sketches it has asked for in a row, and when
    /// it asked for the first of them.
    sketched: (usize, u32, Millis),
    /// It waits for a sketch; it has been sent one, and may ask for tuples once.
    awaits_sketch: bool,
    may_want: bool,
    /// The summary of its set that came last.
    summary: Option<Summary>,
    /// The last FLUSH that waits for it, and the last that it has answered.
    asked: u64,
    answered: u64,
}

/// What a HELLO calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Hello {
    /// Nothing more: the client knows everything, or is being told.
    Nothing,
    /// Tell it everything.
    Tell,
    /// Tell it everything once more.
    TellAgain,
    /// Tell it everything once more at this time.
    TellAgainAt(Millis),
}

/// What has to be done with a client, as is checked once a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Look {
    Nothing,
    /// It has no session and has been silent for long: forget it.
    Gone,
    /// It is time to tell it everything again.
    TellAgain,
    /// It has been silent for so long that its connection may be gone: find out.
    Silent,
}

impl Client {
    pub(super) fn new(routing_id: &[u8], number: u64, source: Source, now: Millis) -> Client {
        Client {
            routing_id: routing_id.into(),
            number,
            phase: Phase::Start,
            peer: Peer::new(source),
            heard: now,
            owed_pongs: 0,
            tellings: Restraint::new(&TELLINGS),
            tell_again: None,
            may_lack: false,
            sketched: (0, 0, 0),
            awaits_sketch: false,
            may_want: false,
            summary: None,
            asked: 0,
            answered: 0,
        }
    }

    pub(in crate::core) fn routing_id(&self) -> &[u8] {
        &self.routing_id
    }

    pub(in crate::core) fn number(&self) -> u64 {
        self.number
    }

    pub(in crate::core) fn peer(&self) -> &Peer {
        &self.peer
    }

    pub(in crate::core) fn peer_mut(&mut self) -> &mut Peer {
        &mut self.peer
    }

    /// The name of its state in the traces of CZMQ's actor.
    pub(in crate::core) fn state_name(&self) -> &'static str {
        match self.phase {
            Phase::Start => "start",
            Phase::Collecting | Phase::CatchingUp(_) => "have tuple",
            Phase::Live => "connected",
        }
    }

    /// It has not said HELLO, or its session has ended.
    pub(in crate::core) fn has_no_session(&self) -> bool {
        self.phase == Phase::Start
    }

    /// Its set is being collected, or it is being told what it lacks, or it waits for a sketch: a PONG has to wait.
    pub(in crate::core) fn is_behind(&self) -> bool {
        matches!(self.phase, Phase::Collecting | Phase::CatchingUp(_)) || self.awaits_sketch
    }

    pub(in crate::core) fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }

    /// Whether tuples may be sent to it.
    pub(super) fn is_told(&self) -> bool {
        matches!(self.phase, Phase::Live | Phase::CatchingUp(_))
    }

    /// Its cursor, while it is catching up.
    pub(in crate::core) fn cursor(&self) -> Option<Cursor> {
        match self.phase {
            Phase::CatchingUp(cursor) => Some(cursor),
            _ => None,
        }
    }

    pub(super) fn position_mut(&mut self) -> Option<&mut usize> {
        match &mut self.phase {
            Phase::CatchingUp(cursor) => Some(cursor.position_mut()),
            _ => None,
        }
    }

    /// A message has come from it.
    pub(in crate::core) fn is_heard(&mut self, now: Millis) {
        self.heard = now;
    }

    /// It said PING, with the summary of its set, and the number that it was asked to send back.
    pub(in crate::core) fn says_ping(&mut self, summary: Option<Summary>, echo: Option<u64>) {
        self.summary = summary;
        self.answered = self.answered.max(echo.unwrap_or(0).min(self.asked));
    }

    /// How far it is with what it was told before the FLUSH of that number; None where it is told nothing.
    pub(super) fn flushed(&self, number: u64) -> Option<Progress> {
        match self.phase {
            Phase::Start => None,
            Phase::Live if self.peer.is_native() && self.answered >= number => {
                Some(Progress::Taken)
            }
            Phase::Live if self.peer.is_native() && self.asked < number => {
                Some(Progress::Told(self.summary))
            }
            Phase::Live if self.peer.is_czmq() && !self.peer.is_taking() => Some(Progress::Taken),
            _ => Some(Progress::Waits),
        }
    }

    /// It was asked to send that number back.
    pub(in crate::core) fn is_asked(&mut self, number: u64) {
        self.asked = number;
    }

    /// A number that changes whenever it has taken something.
    pub(super) fn moved(&self) -> u64 {
        let position = self.cursor().map_or(0, |cursor| cursor.position() as u64);
        self.answered.wrapping_add(position)
    }

    /// It said HELLO as a CZMQ peer does.
    pub(in crate::core) fn greets_as_czmq(&mut self, now: Millis) -> Hello {
        match self.phase {
            Phase::Start => {
                self.phase = Phase::Collecting;
                self.peer.becomes_czmq(CzmqPeer::collecting());
                Hello::Tell
            }
            Phase::Live => self.greets_again(now),
            // It is about to be told everything anyway.
            Phase::Collecting | Phase::CatchingUp(_) => Hello::Nothing,
        }
    }

    /// It said HELLO as a native peer. `equal`: its set equals our set; `invited`: it was invited to ask for
    /// what it lacks. Otherwise it has to be told everything.
    pub(in crate::core) fn greets_as_native(
        &mut self,
        equal: bool,
        invited: bool,
        now: Millis,
    ) -> Hello {
        self.peer.becomes_native();
        self.may_lack = invited || self.may_lack && !equal;
        match self.phase {
            Phase::CatchingUp(_) if self.may_lack => self.greets_too_soon(now),
            Phase::CatchingUp(_) => Hello::Nothing,
            _ if equal || invited => {
                self.phase = Phase::Live;
                Hello::Nothing
            }
            Phase::Start | Phase::Collecting => Hello::Tell,
            Phase::Live => self.greets_again(now),
        }
    }

    /// It said HELLO in a living session. CZMQ's actor answers INVALID and forgets the client. Here it is
    /// told everything again, though perhaps not at once.
    fn greets_again(&mut self, now: Millis) -> Hello {
        if self.tellings.next(now) <= now { Hello::TellAgain } else { self.greets_too_soon(now) }
    }

    fn greets_too_soon(&mut self, now: Millis) -> Hello {
        Hello::TellAgainAt(*self.tell_again.get_or_insert(self.tellings.next(now)))
    }

    /// It is going to be told everything: when.
    pub(in crate::core) fn is_told_everything_at(&mut self, now: Millis) -> Millis {
        self.tellings.counts(now)
    }

    /// It is going to be told everything once more, whatever we believe that it knows.
    pub(in crate::core) fn is_told_again(&mut self) {
        if self.peer.is_czmq() {
            self.peer.becomes_czmq(CzmqPeer::default());
        }
        (self.tell_again, self.may_lack) = (None, false);
    }

    /// It is told what follows this cursor.
    pub(super) fn catches_up(&mut self, cursor: Cursor) {
        self.phase = Phase::CatchingUp(cursor);
    }

    /// It has been told everything, and is sent at most so many of the PONGs that were asked for meanwhile: how
    /// many. With the last of them it has caught up.
    pub(in crate::core) fn takes_owed_pongs(&mut self, most: usize) -> usize {
        let pongs = most.min(self.owed_pongs as usize);
        self.owed_pongs -= pongs as u32;
        if self.owed_pongs == 0 {
            self.phase = Phase::Live;
        }
        pongs
    }

    /// A PONG has to wait until it has been told everything.
    pub(in crate::core) fn is_owed_pong(&mut self) {
        self.owed_pongs = self.owed_pongs.saturating_add(1);
    }

    /// The tuple at this position did not fit into what may wait for the peer. False where it is told nothing anyway.
    pub(super) fn falls_behind(&mut self, position: usize) -> bool {
        match &mut self.phase {
            Phase::CatchingUp(cursor) => cursor.goes_back_to(position),
            Phase::Live => self.phase = Phase::CatchingUp(Cursor::from(position)),
            Phase::Start | Phase::Collecting => return false,
        }
        true
    }

    /// It was told that it has to say HELLO.
    pub(in crate::core) fn session_ends(&mut self) {
        (self.phase, self.tell_again, self.awaits_sketch) = (Phase::Start, None, false);
        (self.summary, self.asked) = (None, 0);
        self.peer.is_gone();
    }

    /// It asks for a sketch of so many cells: whether it will be sent one.
    pub(in crate::core) fn asks_for_sketch(&mut self, cells: usize, now: Millis) -> bool {
        let (before, count, since) = match self.sketched {
            (.., since) if now >= since.saturating_add(SKETCH_GAP) => (0, 0, now),
            lately => lately,
        };
        let larger = cells > 0 && cells >= 2 * before && count < MOST_SKETCHES;
        if !self.peer.is_native() || self.has_no_session() || !larger && keeps(Rule::FewSketches) {
            return false;
        }
        self.sketched = (cells, count + 1, since);
        self.awaits_sketch = true;
        true
    }

    /// It is sent the sketch, and may then ask for tuples once. False where it waits for none.
    pub(in crate::core) fn takes_sketch(&mut self) -> bool {
        self.may_want |= self.awaits_sketch;
        std::mem::take(&mut self.awaits_sketch)
    }

    /// Whether PONGs were asked for that had to wait.
    pub(in crate::core) fn is_owed_pongs(&self) -> bool {
        self.owed_pongs > 0
    }

    /// It asks for tuples: once for each sketch, as this costs a look at the whole set as well.
    pub(in crate::core) fn takes_wanted(&mut self) -> bool {
        std::mem::take(&mut self.may_want) && self.phase == Phase::Live
    }

    /// What has to be done with it, as is checked once a second.
    pub(in crate::core) fn look(&mut self, now: Millis) -> Look {
        let silent = now.saturating_sub(self.heard);
        match self.phase {
            Phase::Start if silent >= START_LIFETIME => Look::Gone,
            Phase::Live if self.tell_again.is_some_and(|at| at <= now) => Look::TellAgain,
            Phase::Live if silent >= SILENCE => {
                self.heard = now;
                Look::Silent
            }
            _ => Look::Nothing,
        }
    }
}
