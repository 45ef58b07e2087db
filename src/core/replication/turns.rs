//! Turns of catch-up: each peer that is catching up is told a chunk of what it lacks.

use super::heartbeat;
use super::tell;
use crate::core::alarms::Alarm;
use crate::core::input::Millis;
use crate::core::link::{LinkId, NOBODY};
use crate::core::log::{CAUGHT_UP, TOLD};
use crate::core::peers::Cursor;
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};

/// Everybody else has had a turn: now those who are catching up have theirs, one after the other, as far as one round
/// goes.
pub(in crate::core) fn take_all(replica: &mut Replica) {
    let turns = replica.peers.turns();
    turns.begins_round();
    let mut again_at = None;
    for _ in 0..turns.len() {
        let now = replica.io.now();
        if replica.peers.turns().left() == 0 {
            again_at = Some(now);
            break;
        }
        let Some(link) = replica.peers.next_turn() else { break };
        if let Some(at) = take_turn(replica, link) {
            replica.peers.takes_turns(link);
            again_at = Some(again_at.map_or(at, |first: Millis| first.min(at)));
        }
    }
    if let Some(at) = again_at {
        replica.io.set_alarm(at, Alarm::CatchUp);
    }
}

/// A peer that is catching up is told more at once, if this round has room for that. Its place among the others it has
/// already.
pub(in crate::core) fn take_one(replica: &mut Replica, link: LinkId) {
    let again_at = match replica.peers.turns().left() {
        0 => replica.peers.cursor(link).map(|_| replica.io.now()),
        _ => take_turn(replica, link),
    };
    if let Some(at) = again_at {
        replica.io.set_alarm(at, Alarm::CatchUp);
    }
}

/// Send a peer its next chunk. Returns when to go on; None when it has been told everything.
fn take_turn(replica: &mut Replica, link: LinkId) -> Option<Millis> {
    let now = replica.io.now();
    let mut cursor = replica.peers.cursor(link)?;
    let flow = replica.peers.flow(link)?;
    if now < flow.not_before() {
        return Some(flow.not_before());
    }
    let most = flow.begins_turn();
    let mut sent = 0;
    while sent < most && replica.peers.turns().left() > 0 {
        if let Some(opens_at) = window_opens(replica, link) {
            replica.peers.set_cursor(link, cursor);
            return Some(opens_at);
        }
        if !tell_next(replica, link, &mut cursor) {
            replica.peers.set_cursor(link, cursor);
            return has_caught_up(replica, link, sent, most);
        }
        sent += 1;
    }
    replica.peers.set_cursor(link, cursor);
    trace_told(replica, link, sent);
    Some(now)
}

/// When to try a server again whose window is full; None where it can take more.
fn window_opens(replica: &Replica, link: LinkId) -> Option<Millis> {
    let LinkId::Server(id) = link else { return None };
    replica.peers.server(id)?.window_opens(replica.io.now())
}

/// Send the next tuple that the peer may lack. False where there is none.
fn tell_next(replica: &mut Replica, link: LinkId, cursor: &mut Cursor) -> bool {
    let Replica { tuples, peers, io, .. } = replica;
    let Some(peer) = peers.peer(link) else { return false };
    let (native, czmq) = (peer.is_native(), peer.is_czmq());
    // With a CZMQ peer it matters what it holds now, not what it once said.
    let not_from = if czmq || !keeps(Rule::NotToldBack) { NOBODY } else { peer.source() };
    let Some(found) = tuples.next(cursor.position(), not_from, native) else { return false };
    cursor.moves_to(found.position + 1);
    peers.turns().counts(found.key.len() + found.value.len());
    if czmq {
        tell::send_if_lacking(tuples, peers, io, link, found);
        return true;
    }
    let frame = io.encode(found.key, found.value, found.stamp);
    io.send_tuple(link, &frame, found.position, native.then_some(found.stamp));
    heartbeat::after_tuple(peers, io, link);
    true
}

/// Told everything, by so many messages of the most that go out in this turn. The PONGs that were asked for meanwhile
/// say so; when to go on where there are more of them.
fn has_caught_up(replica: &mut Replica, link: LinkId, sent: usize, most: usize) -> Option<Millis> {
    let now = replica.io.now();
    match link {
        LinkId::Server(id) => {
            replica.peers.server_mut(id)?.has_caught_up();
            None
        }
        LinkId::Client(id) => {
            let client = replica.peers.client_mut(id)?;
            let (session, pongs) = (client.number(), client.takes_owed_pongs(most - sent));
            let goes_on = client.is_owed_pongs();
            for _ in 0..pongs {
                replica.peers.turns().counts(0);
                heartbeat::pong(replica, id, None);
            }
            trace_told(replica, link, sent);
            if goes_on {
                return Some(now);
            }
            replica.io.trace_all(session, &CAUGHT_UP);
            None
        }
    }
}

/// Write traces of so many tuples that were sent to a client.
fn trace_told(replica: &mut Replica, link: LinkId, tuples: usize) {
    let Replica { peers, io, .. } = replica;
    let LinkId::Client(id) = link else { return };
    let Some(client) = peers.client(id).filter(|_| io.is_verbose()) else { return };
    for _ in 0..tuples {
        io.trace_all(client.number(), &TOLD);
    }
}
