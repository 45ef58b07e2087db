//! How a session with a server begins, and begins anew.

use crate::core::alarms::Alarm;
use crate::core::link::{LinkId, ServerId};
use crate::core::replica::Replica;
use crate::core::replication::{believe, catch_up};
use crate::wire::{Caps, Extension, MessageType};

/// HELLO, and a PING whose PONG tells that the server's tuples are here. The server may hold them
/// back where we offer to ask for a sketch of them first.
pub(super) fn greet(replica: &mut Replica, id: ServerId, offers_sketches: bool) {
    let Replica { tuples, peers, io, node, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    // Without an offer it goes on with the greeting that made one.
    if offers_sketches {
        if let Err(until) = server.may_be_greeted(io.now()) {
            io.set_alarm(until, Alarm::Server(id));
            return;
        }
    }
    let until = server.greets(offers_sketches, tuples.summary(), tuples.end(), io.now());
    let caps = Some(Caps { node: *node, greeting: false, sketches: offers_sketches });
    let summary = Some(tuples.summary());
    let extension = Extension { caps, summary, ..Extension::default() };
    io.send_extended(LinkId::Server(id), MessageType::Hello, extension);
    io.send_signal(LinkId::Server(id), MessageType::Ping);
    io.set_alarm(until, Alarm::Server(id));
}

/// The session may be gone: find out, and begin anew.
pub(super) fn drain(replica: &mut Replica, id: ServerId) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    let until = server.drains(io.now());
    io.send_signal(LinkId::Server(id), MessageType::Ping);
    io.set_alarm(until, Alarm::Server(id));
}

/// The server's set is here, as far as it can be known: tell it what it lacks.
pub(super) fn end(replica: &mut Replica, id: ServerId) {
    let link = LinkId::Server(id);
    if replica.peers.server(id).is_some_and(|server| server.peer().is_czmq()) {
        replica.history.begins();
        // What is known of its keys is forgotten when they are at rest.
        replica.io.keep_house();
        believe::end_collecting(replica, link);
    } else {
        catch_up::tell_everything(replica, link);
    }
    joined(replica, id);
}

/// What the server held is here: tell the owner, once for each connection.
pub(super) fn joined(replica: &mut Replica, id: ServerId) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    if server.has_joined() {
        io.outbox().joined(server.endpoint().into());
    }
}
