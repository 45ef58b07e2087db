//! Turns of catch-up: each peer that is catching up is told a chunk of what it lacks.

use super::heartbeat;
use super::tell;
use crate::core::alarms::Alarm;
use crate::core::input::Millis;
use crate::core::link::{LinkId, NOBODY};
use crate::core::log::{CAUGHT_UP, TOLD};
use crate::core::peers::{CHUNK, Cursor};
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};

/// Give everybody who is catching up, and can take more, a turn.
pub(in crate::core) fn take_all(replica: &mut Replica) {
    for link in replica.peers.take_catching_up() {
        if let Some(again_at) = take_turn(replica, link) {
            replica.peers.takes_turns(link);
            replica.io.set_alarm(again_at, Alarm::CatchUp);
        }
    }
}

/// Send a peer its next chunk. Returns when to go on; None when it has been told everything.
fn take_turn(replica: &mut Replica, link: LinkId) -> Option<Millis> {
    let mut cursor = replica.peers.cursor(link)?;
    if replica.io.now() < cursor.retry_at() {
        return Some(cursor.retry_at());
    }
    for sent in 0..CHUNK {
        if let Some(opens_at) = window_opens(replica, link) {
            replica.peers.set_cursor(link, cursor);
            return Some(opens_at);
        }
        if !tell_next(replica, link, &mut cursor) {
            has_caught_up(replica, link, sent);
            return None;
        }
    }
    replica.peers.set_cursor(link, cursor);
    trace_told(replica, link, CHUNK);
    Some(replica.io.now())
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
    if czmq {
        tell::send_if_lacking(tuples, peers, io, link, found);
        return true;
    }
    let frame = io.encode(found.key, found.value);
    io.send_tuple(link, &frame, found.position, native.then_some(found.stamp));
    heartbeat::after_tuple(peers, io, link);
    true
}

/// The peer has been told everything. A PONG that was asked for meanwhile is sent now.
fn has_caught_up(replica: &mut Replica, link: LinkId, sent: usize) {
    let now = replica.io.now();
    match link {
        LinkId::Server(id) => {
            if let Some(server) = replica.peers.server_mut(id) {
                server.has_caught_up();
            }
        }
        LinkId::Client(id) => {
            let Some(client) = replica.peers.client_mut(id) else { return };
            let (session, owed) = (client.number(), client.has_caught_up(now));
            for _ in 0..owed {
                heartbeat::pong(replica, id, None);
            }
            trace_told(replica, link, sent);
            replica.io.trace_all(session, &CAUGHT_UP);
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
