//! Sets that differ a little: two of our nodes find out in what, and say only that.
//!
//! A client that was told so in the greeting asks for a sketch of the server's set, puts its own into
//! it, and reads what is left: tuples that only it has, which it says, and tuples that only the server
//! has, which it asks for by their digests. Nothing is remembered between two messages but that there
//! was a question; a set that changes meanwhile is said as always, and makes a tuple go twice at worst.

use super::Node;
use super::feed::Feed;
use super::input::Millis;
use super::link::{ClientId, LinkId, ServerId};
use super::rules::{Rule, keeps};
use super::server::ServerPhase;
use super::session::ClientPhase;
use crate::wire::{Extension, MOST_CELLS, MessageType, Sketch, Summary, digest};

/// A client may begin to ask again after so long; until then, for more cells than before only: each
/// sketch costs a look at the whole set.
const SKETCH_GAP: Millis = 500;
/// Sets that stay different after a repair are repaired again, twice as long apart each time.
const REPAIR_GAP: Millis = 1000;
const LONGEST_REPAIR_GAP: Millis = 60_000;

/// From when on sketches are used.
#[derive(Debug, Clone)]
pub(crate) struct Sketching {
    /// Smaller sets are said whole: that costs little more, and no question.
    pub(crate) from: u64,
    /// Cells of the first sketch.
    pub(crate) cells: usize,
}

impl Default for Sketching {
    fn default() -> Sketching {
        Sketching { from: 128, cells: 64 }
    }
}

impl Node {
    /// More cells than these cost more than they spare.
    fn most_cells(&self) -> usize {
        let half = self.tuples.summary().count as usize / 2;
        half.clamp(4 * self.options.sketching.cells, MOST_CELLS)
    }

    /// How many cells may do for the difference to a set, as far as can be told; None where both had
    /// better say everything.
    pub(super) fn first_cells(&self, theirs: Summary) -> Option<usize> {
        let ours = self.tuples.summary();
        let apart = usize::try_from(ours.count.abs_diff(theirs.count)).ok()?;
        let cells = apart.saturating_mul(2).max(self.options.sketching.cells);
        let cells = cells.checked_next_multiple_of(4)?;
        let large = ours.count.min(theirs.count) >= self.options.sketching.from;
        (large && cells <= self.most_cells()).then_some(cells)
    }

    /// A sketch for a client that asks for one, unless it asks for too much.
    pub(super) fn sketch_for(&mut self, client: ClientId, cells: usize) -> Option<Sketch> {
        let (now, most) = (self.now, self.most_cells());
        let random = [self.jitter(Millis::MAX), self.options.seed].map(u64::to_be_bytes);
        let session = self.sessions.get_mut(client).filter(|session| session.ours)?;
        let (before, at) = session.sketched;
        let rested = now >= at.saturating_add(SKETCH_GAP);
        if cells > most || cells <= before && !rested {
            return None;
        }
        session.sketched = (cells, now);
        session.may_want = true;
        // What peers see must not tell the seed.
        let mut sketch = Sketch::new(digest(&[&random[0], &random[1]]), cells);
        self.tuples.sketch(&mut sketch);
        Some(sketch)
    }

    /// Tell a peer the tuples that have these digests, which are in order; the digests of those that
    /// we lack ourselves.
    fn say_again(&mut self, link: LinkId, ids: &[u64]) -> Vec<u64> {
        let end = self.tuples.end();
        let missing = self.tuples.renew(ids);
        self.feed_link(link, Feed::from(end));
        self.feed_all();
        missing
    }

    /// A client lacks the tuples that have these digests, which are in order. Once for each sketch:
    /// this costs a look at the whole set, too.
    pub(super) fn on_want(&mut self, client: ClientId, ids: &[u64]) {
        let Some(session) = self.sessions.get_mut(client) else { return };
        let live = session.phase == ClientPhase::Live;
        if std::mem::take(&mut session.may_want) && live {
            self.say_again(LinkId::Client(client), ids);
        }
    }

    /// The server holds back its set until it is asked what we lack.
    pub(super) fn on_invitation(&mut self, id: ServerId, theirs: Summary) {
        let cells = self.first_cells(theirs);
        let Some(server) = self.servers.get_mut(id) else { return };
        if server.offers_sketches && server.asked == 0 {
            self.ask_or_greet(id, cells);
        }
    }

    /// Ask for a sketch, or have both sides say everything.
    fn ask_or_greet(&mut self, id: ServerId, cells: Option<usize>) {
        let Some(cells) = cells else { return self.greet(id, false) };
        let now = self.now;
        let Some(server) = self.servers.get_mut(id) else { return };
        let barrier = server.count_ping(now);
        server.phase = ServerPhase::Greeting { barrier, since: now, invalid: false };
        server.asked = cells;
        let until = now.saturating_add(server.patience);
        let extension = Extension { ask: u16::try_from(cells).ok(), ..Extension::default() };
        self.send_with_extension(LinkId::Server(id), MessageType::Ping, extension);
        self.wake_at(until);
    }

    /// The sketch that was asked for: what is left of it besides our own set is what we differ in.
    pub(super) fn on_sketch(&mut self, id: ServerId, mut sketch: Sketch) {
        let cells = sketch.len();
        self.tuples.sketch(&mut sketch);
        match sketch.decode() {
            Ok(ids) => {
                let wants = self.say_again(LinkId::Server(id), &ids);
                if wants.is_empty() {
                    return self.joined(id);
                }
                self.ping(id, wants);
                if let Some(server) = self.servers.get_mut(id) {
                    server.joins_at = Some(server.pings);
                }
            }
            // Where some could be told, it was nearly enough.
            Err(told) => {
                let more = if told == 0 { 4 * cells } else { 2 * cells };
                self.ask_or_greet(id, Some(more).filter(|more| *more <= self.most_cells()));
            }
        }
    }

    /// Sets that stay different from one heartbeat to the next, although neither changes, have lost
    /// something on the way, whatever the cause: begin anew.
    pub(super) fn compare(&mut self, id: ServerId, theirs: Option<Summary>) {
        let (now, ours) = (self.now, self.tuples.summary());
        let Some(server) = self.servers.get_mut(id) else { return };
        let differ = theirs
            .filter(|theirs| *theirs != ours && keeps(Rule::Compare))
            .map(|theirs| (ours, theirs));
        let before = std::mem::replace(&mut server.differs, differ);
        if theirs == Some(ours) {
            server.repair_gap = 0;
        } else if server.phase == ServerPhase::Live
            && differ.is_some()
            && before == differ
            && now >= server.repair_from
        {
            server.differs = None;
            server.repair_gap = (2 * server.repair_gap).clamp(REPAIR_GAP, LONGEST_REPAIR_GAP);
            server.repair_from = now.saturating_add(server.repair_gap);
            self.greet(id, true);
        }
    }
}
