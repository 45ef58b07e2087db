//! The way of a tuple: stored, delivered, and told to everybody but its source.

use super::limits;
use super::newborn;
use super::tell;
use crate::core::link::{LinkId, Source};
use crate::core::log::REPLICATED;
use crate::core::pair::Pair;
use crate::core::peers::Cursor;
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};
use crate::core::tuple_frame::{TupleFrame, wants_long};
use crate::core::tuples::{Accepted, Found, Place, Refusal};
use crate::wire::{MAX_KEY, MessageType, Stamp, digest};

/// The source of a tuple that this node published itself, and gave a new stamp while it was newborn.
const REAUTHORED: Source = Source::MAX;

/// The owner's PUBLISH: the value is written here and now. One that is held already changes nothing.
pub(in crate::core) fn publish(
    replica: &mut Replica,
    key: &[u8],
    value: &[u8],
) -> Result<(), Refusal> {
    let place = replica.tuples.place(key);
    let (held, over) = replica.tuples.last(place);
    // Peers may hold a newer value that was refused here: the owner writes later than that.
    let refused = replica.peers.refused_stamp(key).unwrap_or_default();
    if held == Some(value) && refused <= over {
        return Ok(());
    }
    limits::allow(replica, key, value)?;
    let stamp = replica.clock.author(replica.io.now(), over.max(refused));
    accept(replica, place, (key, value), stamp, None)
}

/// The owner's UNPUBLISH: the tuple is gone for the owner. Its value counts as replaced: a CZMQ peer that still says
/// it when there is another one does not write it anew.
pub(in crate::core) fn unpublish(replica: &mut Replica, key: &[u8]) {
    let Replica { tuples, history, .. } = replica;
    if let Some((value, _)) = tuples.get(key).filter(|_| history.is_kept()) {
        history.remember(key, digest(&[value]));
    }
    tuples.hide(key);
}

/// A tuple with a stamp, from a native peer: the largest stamp wins, everywhere (R1).
pub(in crate::core) fn take_stamped(
    replica: &mut Replica,
    key: &[u8],
    value: &[u8],
    stamp: Stamp,
    link: LinkId,
) {
    let now = replica.io.now();
    replica.clock.witness(now, stamp);
    let place = replica.tuples.place(key);
    // Most of what comes in a mesh has come before, and changes nothing.
    if replica.tuples.holds(place, value, stamp) && !replica.history.is_kept() {
        return;
    }
    let outcome = match newborn::outlives(replica, key, value, stamp) {
        Some(own) => {
            let stamp = replica.clock.author(now, stamp);
            accept_from(replica, place, (key, &own), stamp, None, REAUTHORED)
        }
        None => accept(replica, place, (key, value), stamp, Some(link)),
    };
    if let Err(refusal) = outcome {
        warn_refused(replica, key, refusal);
    }
}

/// Take a tuple if its stamp is larger than that of the one held: store it, deliver it if the value is
/// another one, and replicate it to everybody but its source.
///
/// A tuple is never sent back there. With CZMQ's actor such echoes are half of all traffic, and they keep the
/// values of two writers going round for ever.
pub(super) fn accept(
    replica: &mut Replica,
    place: Place,
    (key, value): (&[u8], &[u8]),
    stamp: Stamp,
    from: Option<LinkId>,
) -> Result<(), Refusal> {
    let source = from.and_then(|link| replica.peers.source(link)).unwrap_or(0);
    accept_from(replica, place, (key, value), stamp, from, source)
}

fn accept_from(
    replica: &mut Replica,
    place: Place,
    (key, value): (&[u8], &[u8]),
    stamp: Stamp,
    from: Option<LinkId>,
    source: Source,
) -> Result<(), Refusal> {
    let Replica { tuples, history, io, .. } = replica;
    // Only CZMQ peers say old values again. Without such peers nothing has to be remembered.
    let held = if history.is_kept() { tuples.get(key) } else { None };
    let replaced = held.map(|(held, _)| digest(&[held]));
    match tuples.accept(place, key, value, stamp, source)? {
        Accepted::New { position, changed } => {
            // The owner and the peers share the memory of a long frame.
            let mut frame = None;
            if changed || !keeps(Rule::DeliverChanges) {
                frame = wants_long(key, value).then(|| io.encode(key, value, stamp));
                io.outbox().deliver(Pair::of(key, value, frame.as_ref()));
                replaced.into_iter().for_each(|replaced| history.remember(key, replaced));
            }
            replicate(replica, Found { position, key, value, stamp }, frame, from, changed);
        }
        Accepted::Old if history.is_kept() && replaced != Some(digest(&[value])) => {
            history.remember(key, digest(&[value]));
        }
        Accepted::Old => {}
    }
    Ok(())
}

/// Tell everybody who is live; those who are catching up will come to this tuple by their cursors. CZMQ peers
/// know no stamps, so they are told only where the value has changed. The frame is encoded when the first peer is sent it,
/// where that has not been done, and then used for all.
fn replicate(
    replica: &mut Replica,
    tuple: Found<'_>,
    mut encoded: Option<TupleFrame>,
    from: Option<LinkId>,
    changed: bool,
) {
    let Found { position, key, value, stamp } = tuple;
    let source = from.filter(|_| keeps(Rule::NotBack));
    let mut czmq = Vec::new();
    let mut traced = Vec::new();
    let Replica { peers, io, .. } = replica;
    for (id, client) in peers.clients().iter() {
        let link = LinkId::Client(id);
        if !client.is_live() || Some(link) == source {
            continue;
        }
        let peer = client.peer();
        if peer.is_czmq() {
            czmq.push(link);
        } else if peer.is_native() || changed {
            let frame = encoded.get_or_insert_with(|| io.encode(key, value, stamp));
            io.send_tuple(link, frame, position, peer.is_native().then_some(stamp));
            if io.is_verbose() {
                traced.push(client.number());
            }
        }
    }
    traced.into_iter().for_each(|session| io.trace_all(session, &REPLICATED));
    let mut behind = Vec::new();
    for (id, server) in peers.servers_mut().iter_mut() {
        let link = LinkId::Server(id);
        if !server.is_live() || Some(link) == source {
            continue;
        }
        if server.peer().is_czmq() {
            czmq.push(link);
        } else if server.window_opens(io.now()).is_some() {
            server.catches_up(Cursor::from(position));
            behind.push(link);
        } else {
            let frame = encoded.get_or_insert_with(|| io.encode(key, value, stamp));
            io.send_tuple(link, frame, position, server.peer().is_native().then_some(stamp));
            if server.window_mut().count_tuple_and_ping(io.now()) {
                io.send_signal(link, MessageType::Ping);
            }
        }
    }
    behind.into_iter().for_each(|link| peers.takes_turns(link));
    if changed {
        let replicated = source.is_some();
        czmq.into_iter().for_each(|link| tell::tell(replica, link, key, replicated));
    }
}

/// Say that a tuple is not stored, and why.
#[cold]
pub(in crate::core) fn warn_refused(replica: &mut Replica, key: &[u8], refusal: Refusal) {
    let io = &mut replica.io;
    let shown = limits::shown(key);
    match refusal {
        Refusal::KeyTooLong => {
            let (size, most) = (key.len().to_string(), MAX_KEY.to_string());
            io.refuse(&[
                b"PUBLISH refused: the key '",
                shown,
                b"...' has ",
                size.as_bytes(),
                b" bytes, at most ",
                most.as_bytes(),
                b" are possible",
            ]);
        }
        Refusal::ValueTooLong => io.refuse(&[
            b"PUBLISH refused: the value of '",
            shown,
            b"' is longer than a frame can say",
        ]),
        Refusal::Limit(limit) => {
            let most = io.limits().most(limit).to_string();
            io.refuse(&[
                b"PUBLISH of '",
                shown,
                b"' refused: zgossip/limits/",
                limit.name(),
                b" is ",
                most.as_bytes(),
            ]);
        }
        Refusal::NoMemory => {
            io.refuse(&[b"PUBLISH of '", shown, b"' refused: there is no memory for its value"])
        }
    }
}
