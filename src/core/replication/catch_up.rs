//! Peers that have to catch up: a new one must be told everything, a slow one what it missed.

use crate::core::alarms::Alarm;
use crate::core::input::{Millis, Unsent};
use crate::core::link::{ClientId, LinkId};
use crate::core::peers::{Client, Cursor, Peers};
use crate::core::replica::Replica;
use crate::wire::MessageType;

/// Have a peer told what follows this cursor.
pub(in crate::core) fn begin(replica: &mut Replica, link: LinkId, cursor: Cursor) {
    let Replica { peers, io, .. } = replica;
    peers.set_cursor(link, cursor);
    if let LinkId::Server(id) = link {
        if let Some(server) = peers.server(id) {
            io.set_alarm(server.heartbeat_at(), Alarm::Server(id));
        }
    }
    peers.takes_turns(link);
    io.set_alarm(io.now(), Alarm::CatchUp);
}

/// Tell a peer the whole set: at once, or as soon as it may have that again.
pub(in crate::core) fn tell_everything(replica: &mut Replica, link: LinkId) {
    let Replica { peers, io, .. } = replica;
    let now = io.now();
    let at = match link {
        LinkId::Client(id) => peers.client_mut(id).map(|it| it.is_told_everything_at(now)),
        LinkId::Server(id) => peers.server_mut(id).map(|it| it.is_told_everything_at(now)),
    };
    rest(peers, link, at);
    begin(replica, link, Cursor::from(0));
}

fn rest(peers: &mut Peers, link: LinkId, until: Option<Millis>) {
    if let (Some(flow), Some(until)) = (peers.flow(link), until) {
        flow.rests_until(until);
    }
}

/// Tell a peer this tuple again. It waits as a place in the log, not as a message, so what a peer may ask for again
/// and again is told once, with the latest value.
pub(in crate::core) fn tell_again(replica: &mut Replica, link: LinkId, position: usize) {
    let Replica { tuples, peers, io, .. } = replica;
    let cursor = peers.cursor(link);
    if cursor.is_some_and(|cursor| cursor.position() <= position) {
        return;
    }
    let at = peers.peer_mut(link).map(|peer| peer.is_answered_at(io.now()));
    rest(peers, link, at);
    let end = tuples.end();
    tuples.move_to_end(position);
    begin(replica, link, cursor.unwrap_or(Cursor::from(end)));
}

/// The PONGs that a client was not sent while it waited for something else.
pub(in crate::core) fn pay_pongs(replica: &mut Replica, id: ClientId) {
    let link = LinkId::Client(id);
    let end = replica.tuples.end();
    let owed = |client: &Client| client.is_owed_pongs() && client.cursor().is_none();
    if replica.peers.client(id).is_some_and(owed) {
        begin(replica, link, Cursor::from(end));
    }
}

/// A frame could not be queued, or too many bytes wait for that peer. From now on it is a cursor, and costs a
/// position instead of a queue.
pub(in crate::core) fn on_blocked(replica: &mut Replica, link: LinkId, unsent: Unsent) {
    let Replica { tuples, peers, io, .. } = replica;
    let position = match (unsent, link) {
        (Unsent::Tuple(position), _) => {
            if let (Some(key), Some(czmq)) = (tuples.key(position), peers.czmq(link)) {
                czmq.forget_pending(key);
            }
            position
        }
        (Unsent::Signal(MessageType::Pong), LinkId::Client(id)) => {
            // Without a session it is told nothing, and its next HELLO begins one.
            let client = peers.client_mut(id).filter(|client| !client.has_no_session());
            let Some(client) = client else { return };
            client.is_owed_pong();
            tuples.end()
        }
        (Unsent::Signal(_), _) => return,
    };
    let Some(retry_at) = peers.falls_behind(link, position, io.now()) else { return };
    peers.takes_turns(link);
    io.set_alarm(retry_at, Alarm::CatchUp);
}

/// Close the holes in the log. Only while no output waits to be carried out, as outputs name positions.
pub(in crate::core) fn compact_if_worth_it(replica: &mut Replica) {
    if replica.tuples.wants_compaction() {
        replica.tuples.compact(replica.peers.positions_mut());
    }
}
