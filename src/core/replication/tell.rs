//! A value for one CZMQ peer: sent now, later or not at all, as the rules in `czmq` decide.

use super::catch_up;
use crate::core::alarms::{Alarm, AlarmNumber};
use crate::core::czmq::Tell;
use crate::core::io::Io;
use crate::core::link::LinkId;
use crate::core::log::REPLICATED;
use crate::core::peers::{Cursor, Peers};
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};
use crate::core::tuples::{Found, TupleSet};
use crate::wire::Stamp;

/// R7: tell a CZMQ peer our value of a key. `replicated`: the value came from a peer. If that was a CZMQ peer
/// too, it waits a little.
pub(super) fn tell(replica: &mut Replica, link: LinkId, key: &[u8], replicated: bool) {
    let Replica { tuples, peers, pace, io, .. } = replica;
    let pauses = pace.pauses(|limit| io.jitter(limit));
    let Some((value, stamp)) = tuples.get(key) else { return };
    let Some(source) = peers.source(link) else { return };
    let Some(czmq) = peers.czmq(link) else { return };
    let waits = replicated && stamp.is_minted() && keeps(Rule::ReplicationWaits);
    match czmq.tell(key, value, waits, pauses, io.now()) {
        Tell::Not => {}
        Tell::Now => send(replica, link, key),
        Tell::At(at) => {
            let alarm = io.set_alarm(at, Alarm::Paced(link, source, key.into()));
            czmq.is_paced(key, alarm);
        }
    }
}

/// The alarm of that number rang: the value of this key has waited long enough, unless it was sent since.
pub(in crate::core) fn on_paced(
    replica: &mut Replica,
    link: LinkId,
    key: &[u8],
    alarm: AlarmNumber,
) {
    let due = replica.peers.czmq(link).is_some_and(|czmq| czmq.stops_waiting(key, alarm));
    if due && replica.peers.is_told(link) {
        tell(replica, link, key, false);
    }
}

/// Send at once all that waits.
pub(in crate::core) fn send_paced(replica: &mut Replica, link: LinkId) {
    let Some(czmq) = replica.peers.czmq(link) else { return };
    for key in czmq.take_paced() {
        send(replica, link, &key);
    }
}

/// Send our present value of a key.
fn send(replica: &mut Replica, link: LinkId, key: &[u8]) {
    let Replica { tuples, peers, io, .. } = replica;
    if let LinkId::Client(id) = link {
        if let Some(client) = peers.client(id) {
            io.trace_all(client.number(), &REPLICATED);
        }
    }
    let Some(found) = tuples.found(key) else { return };
    if let LinkId::Server(id) = link {
        if peers.server(id).is_some_and(|server| server.window_opens(io.now()).is_some()) {
            let cursor = Cursor::from(found.position);
            return catch_up::begin(replica, link, cursor);
        }
    }
    let stamp = Some(found.stamp).filter(|_| !keeps(Rule::BareToCzmq));
    send_found(peers, io, link, found, stamp);
}

/// Send a value to a CZMQ peer that is catching up, unless the peer is known to hold it.
pub(super) fn send_if_lacking(
    tuples: &TupleSet,
    peers: &mut Peers,
    io: &mut Io,
    link: LinkId,
    found: Found<'_>,
) {
    let said = tuples.source(found.key) == peers.source(link) && keeps(Rule::NotToldBack);
    if peers.czmq(link).is_some_and(|czmq| czmq.lacks(found.key, found.value, said)) {
        send_found(peers, io, link, found, None);
    }
}

/// Send a tuple to a CZMQ peer, and remember that it is under way and which PONG acknowledges it.
fn send_found(
    peers: &mut Peers,
    io: &mut Io,
    link: LinkId,
    found: Found<'_>,
    stamp: Option<Stamp>,
) {
    let frame = io.encode(found.key, found.value, found.stamp);
    io.send_tuple(link, &frame, found.position, stamp);
    let mut barrier = None;
    if let LinkId::Server(id) = link {
        if let Some(server) = peers.server_mut(id) {
            server.window_mut().count_tuple(io.now());
            if !server.window().is_mute() {
                // The PING that follows when this input has been dealt with: see `heartbeat::confirm`.
                barrier = Some(server.window().pings() + 1);
                peers.wants_confirmation(id);
            }
        }
    }
    let Some(czmq) = peers.czmq(link) else { return };
    if let Some(until) = czmq.is_sent(found.key, found.value.into(), barrier, io.now()) {
        io.set_alarm(until, Alarm::Acknowledged(link));
    }
}
