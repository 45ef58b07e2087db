//! How a session with a server begins, and begins anew: the phases greeting and draining.

use super::clocks;
use crate::core::alarms::Alarm;
use crate::core::link::{LinkId, ServerId};
use crate::core::replica::Replica;
use crate::core::replication::{believe, catch_up};
use crate::wire::{Extension, MessageType};

/// The session begins anew because of something that the server has said: at once, or as soon as it may make us greet
/// it again. A new connection is greeted at once, always.
pub(super) fn greet_again(replica: &mut Replica, id: ServerId) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    match server.may_be_greeted_again(io.now()) {
        Ok(()) => greet(replica, id, true),
        Err(until) => {
            io.set_alarm(until, Alarm::Server(id));
        }
    }
}

/// Say HELLO, and PING behind it, whose PONG tells that the server's tuples are here. Where we offer
/// sketches, the server may wait with its tuples until we have asked for a sketch.
pub(super) fn greet(replica: &mut Replica, id: ServerId, offers_sketches: bool) {
    let caps = clocks::caps(replica, false, offers_sketches);
    let summary = replica.summary_for(LinkId::Server(id));
    let Replica { tuples, peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    let until = server.greets(offers_sketches, summary, tuples.end(), io.now());
    let extension = Extension { caps, summary, ..Extension::default() };
    io.send_extended(LinkId::Server(id), MessageType::Hello, extension);
    io.send_signal(LinkId::Server(id), MessageType::Ping);
    io.set_alarm(until, Alarm::Server(id));
}

/// The session may be gone. Wait until all that the server says of the old one is here, then begin a new one.
pub(super) fn drain(replica: &mut Replica, id: ServerId) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    let until = server.drains(io.now());
    io.send_signal(LinkId::Server(id), MessageType::Ping);
    io.set_alarm(until, Alarm::Server(id));
}

/// The server's set is here, as far as can be known: tell the server what it lacks.
pub(super) fn end(replica: &mut Replica, id: ServerId) {
    let link = LinkId::Server(id);
    if replica.peers.server(id).is_some_and(|server| server.peer().is_czmq()) {
        replica.history.begins();
        // Housekeeping forgets the registers that are at rest.
        replica.io.keep_house();
        believe::end_collecting(replica, link);
    } else {
        catch_up::tell_everything(replica, link);
    }
    joined(replica, id);
}

/// All that the server held is here: tell the owner, once for each connection.
pub(super) fn joined(replica: &mut Replica, id: ServerId) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    if server.has_joined() {
        io.outbox().joined(server.endpoint().into());
    }
}
