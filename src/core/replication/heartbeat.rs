//! PING and PONG. With native peers they carry a summary of the set, so that whatever was lost on the way
//! shows.

use crate::core::alarms::Alarm;
use crate::core::io::Io;
use crate::core::link::{ClientId, LinkId, ServerId};
use crate::core::peers::Peers;
use crate::core::replica::Replica;
use crate::wire::{Extension, MessageType, Sketch};

/// Send a PING, which also asks for the tuples that have these digests.
pub(in crate::core) fn ping(replica: &mut Replica, id: ServerId, wants: Vec<u64>) {
    send_ping(replica, id, Extension { wants, ..Extension::default() });
}

/// A server has asked for a sign that all it has said before is here: send its number back.
pub(in crate::core) fn echo(replica: &mut Replica, id: ServerId, number: u64) {
    send_ping(replica, id, Extension { echo: Some(number), ..Extension::default() });
}

fn send_ping(replica: &mut Replica, id: ServerId, extension: Extension) {
    let summary = replica.summary_for(LinkId::Server(id));
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    server.window_mut().count_ping(io.now());
    let next = io.now().saturating_add(server.heartbeat());
    let link = LinkId::Server(id);
    if server.peer().is_native() {
        let extension = Extension { summary, ..extension };
        io.send_extended(link, MessageType::Ping, extension);
    } else {
        io.send_signal(link, MessageType::Ping);
    }
    io.set_alarm(next, Alarm::Server(id));
}

/// Ask a native client to send this number back, once all that it was told is there.
pub(in crate::core) fn ask_client(replica: &mut Replica, id: ClientId, number: u64) {
    let extension = Extension { echo: Some(number), ..Extension::default() };
    replica.io.send_extended(LinkId::Client(id), MessageType::Ping, extension);
}

/// Send a PONG, with the sketch that was asked for.
pub(in crate::core) fn pong(replica: &mut Replica, id: ClientId, sketch: Option<Sketch>) {
    let link = LinkId::Client(id);
    if replica.peers.is_native(link) {
        let summary = replica.summary_for(link);
        let extension = Extension { summary, sketch, ..Extension::default() };
        replica.io.send_extended(link, MessageType::Pong, extension);
    } else {
        replica.io.send_signal(link, MessageType::Pong);
    }
}

/// A tuple was sent to a native peer. A server is sent a PING behind every so many tuples: its PONG moves the
/// window on.
pub(in crate::core) fn after_tuple(peers: &mut Peers, io: &mut Io, link: LinkId) {
    let LinkId::Server(id) = link else { return };
    let Some(server) = peers.server_mut(id) else { return };
    if server.window_mut().count_tuple_and_ping(io.now()) {
        io.send_signal(link, MessageType::Ping);
    }
}

/// Send a PING to each CZMQ server that was sent tuples: its PONG is the acknowledgement. There is one PING
/// at a time, so that a burst of tuples does not cause a burst of PINGs.
pub(in crate::core) fn confirm(replica: &mut Replica) {
    for id in replica.peers.take_unconfirmed() {
        ping(replica, id, Vec::new());
    }
}
