//! Sets that differ a little: two native peers find out in what they differ, and tell only that.
//!
//! A server invites its client in the answer to HELLO. The client asks for a sketch of the server's set, puts
//! its own set into it, and reads what is left: the digests of the tuples that only one of the two has. It
//! tells those that it has itself, and asks for the others by their digests. Between two messages nothing is
//! remembered but what was asked. Changes that come meanwhile are told as always; at worst a tuple is sent
//! twice.

use super::greeting;
use crate::core::alarms::Alarm;
use crate::core::input::Millis;
use crate::core::link::{ClientId, LinkId, ServerId};
use crate::core::peers::{Client, Cursor};
use crate::core::replica::Replica;
use crate::core::replication::{catch_up, heartbeat, turns};
use crate::wire::{Extension, MOST_CELLS, MessageType, Sketch, Summary, digest};

/// A sketch of more cells than these costs more than it saves.
fn most_cells(replica: &Replica) -> usize {
    let half = replica.tuples.summary().count as usize / 2;
    half.clamp(4 * replica.sketching.cells, MOST_CELLS)
}

/// How many cells the first sketch of a set gets, of which this summary is known: an estimate. None where
/// both had better tell everything.
pub(super) fn first_cells(replica: &Replica, theirs: Summary) -> Option<usize> {
    let ours = replica.tuples.summary();
    let apart = usize::try_from(ours.count.abs_diff(theirs.count)).ok()?;
    let cells = apart.saturating_mul(2).max(replica.sketching.cells);
    let cells = cells.checked_next_multiple_of(4)?;
    let large = ours.count.min(theirs.count) >= replica.sketching.from;
    (large && cells <= most_cells(replica)).then_some(cells)
}

/// A client asks for a sketch. False where it asks for too much, or too many do: then its PONG has none, and it has
/// itself told everything.
pub(super) fn on_ask(replica: &mut Replica, id: ClientId, cells: usize) -> bool {
    let (now, most) = (replica.io.now(), most_cells(replica));
    let peers = &mut replica.peers;
    if cells > most || !peers.asks().has_room() {
        return false;
    }
    if !peers.client_mut(id).is_some_and(|client| client.asks_for_sketch(cells, now)) {
        return false;
    }
    peers.asks().add(id, cells);
    send_due(replica);
    true
}

/// Send the sketches that can be afforded to those who wait for them.
pub(super) fn send_due(replica: &mut Replica) {
    while let Some((id, cells)) = replica.peers.asks().next(replica.io.now()) {
        send(replica, id, cells);
    }
    if let Some(at) = replica.peers.asks().next_at() {
        replica.io.set_alarm(at, Alarm::Sketches);
    }
}

/// A sketch for a client, unless it has gone meanwhile, or its session has ended.
fn send(replica: &mut Replica, id: ClientId, cells: usize) {
    let random = [replica.io.jitter(Millis::MAX), replica.seed].map(u64::to_be_bytes);
    if !replica.peers.client_mut(id).is_some_and(Client::takes_sketch) {
        return;
    }
    // Peers see this number: it must not tell them the seed.
    let mut sketch = Sketch::new(digest(&[&random[0], &random[1]]), cells);
    let looks = replica.tuples.sketch(&mut sketch);
    replica.peers.asks().pays(looks, replica.io.now());
    heartbeat::pong(replica, id, Some(sketch));
    catch_up::pay_pongs(replica, id);
}

/// Tell a peer the tuples that have these digests, which are in order. Returns the digests that none of our
/// tuples has.
fn tell_again(replica: &mut Replica, link: LinkId, digests: &[u64]) -> Vec<u64> {
    let end = replica.tuples.end();
    let (missing, looks) = replica.tuples.renew(digests);
    replica.peers.asks().pays(looks, replica.io.now());
    catch_up::begin(replica, link, Cursor::from(end));
    turns::take_one(replica, link);
    missing
}

/// A client asks for the tuples that have these digests, which are in order.
pub(super) fn on_want(replica: &mut Replica, id: ClientId, digests: &[u64]) {
    let Some(client) = replica.peers.client_mut(id) else { return };
    if client.takes_wanted() {
        tell_again(replica, LinkId::Client(id), digests);
    }
}

/// The server waits with its tuples until we have asked for a sketch, if we do.
pub(super) fn on_invitation(replica: &mut Replica, id: ServerId, theirs: Summary) {
    let cells = first_cells(replica, theirs);
    ask_or_greet(replica, id, cells);
}

/// Ask for a sketch of so many cells; None: say HELLO anew, so that both sides tell everything.
fn ask_or_greet(replica: &mut Replica, id: ServerId, cells: Option<usize>) {
    let Some(cells) = cells else { return greeting::greet(replica, id, false) };
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    let until = server.asks(cells, io.now());
    let extension = Extension { ask: u16::try_from(cells).ok(), ..Extension::default() };
    io.send_extended(LinkId::Server(id), MessageType::Ping, extension);
    io.set_alarm(until, Alarm::Server(id));
}

/// The sketch that was asked for is here. Once our own set is put into it, what is left is what we differ in.
pub(super) fn on_sketch(replica: &mut Replica, id: ServerId, mut sketch: Sketch) {
    let cells = sketch.len();
    replica.tuples.sketch(&mut sketch);
    match sketch.decode() {
        Ok(digests) => {
            let wants = tell_again(replica, LinkId::Server(id), &digests);
            if wants.is_empty() {
                return greeting::joined(replica, id);
            }
            heartbeat::ping(replica, id, wants);
            if let Some(server) = replica.peers.server_mut(id) {
                server.joins_at_last_ping();
            }
        }
        // Where some digests could be read, it was nearly large enough.
        Err(told) => {
            let more = if told == 0 { 4 * cells } else { 2 * cells };
            let more = Some(more).filter(|more| *more <= most_cells(replica));
            ask_or_greet(replica, id, more);
        }
    }
}
