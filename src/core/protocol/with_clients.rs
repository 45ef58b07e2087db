//! The node as a server: what clients say, and when they are forgotten.

use super::clocks;
use super::receive::{allow_set, drop_malformed, keep_rate, parse, stamp, take};
use super::sketches;
use crate::core::alarms::Alarm;
use crate::core::input::Received;
use crate::core::limits::Limit;
use crate::core::link::{ClientId, LinkId};
use crate::core::peers::{Hello, Look};
use crate::core::replica::Replica;
use crate::core::replication::{believe, catch_up, flush, heartbeat, newborn, tell, turns};
use crate::wire::{Extension, Malformed, Message, MessageType, Stamp};
use std::fmt::Arguments;

/// A message on the ROUTER.
pub(in crate::core) fn on_message(replica: &mut Replica, routing_id: &[u8], message: Received<'_>) {
    let Replica { peers, io, .. } = replica;
    let id = match peers.clients().find(routing_id) {
        Some(id) => id,
        None if peers.clients().count() >= io.limits().most(Limit::Peers) => {
            return io.reached(Limit::Peers, format_args!("no more clients are listened to"));
        }
        None => {
            io.keep_house();
            peers.add_client(routing_id, io.now())
        }
    };
    if let Some(client) = peers.client_mut(id) {
        client.is_heard(io.now());
        if client.peer().conduct().was_shut_out() && !is_listened_to(replica, id) {
            return;
        }
    }
    keep_rate(replica, LinkId::Client(id));
    if let Err(fault) =
        parse(message).and_then(|(message, rest)| on_parsed(replica, id, message, rest))
    {
        on_malformed(replica, id, fault);
    }
}

/// Whether a client that has sent too much that is malformed is listened to again.
fn is_listened_to(replica: &mut Replica, id: ClientId) -> bool {
    let now = replica.io.now();
    let Some(client) = replica.peers.client_mut(id) else { return false };
    let conduct = client.peer_mut().conduct_mut();
    if conduct.is_shut_until(now).is_some() {
        return false;
    }
    // It has said things meanwhile that nobody has heard: its next HELLO brings them again.
    if conduct.returns(now) {
        end_session(replica, id);
    }
    true
}

fn on_parsed(
    replica: &mut Replica,
    id: ClientId,
    message: Message<'_>,
    rest: &[u8],
) -> Result<(), Malformed> {
    match message {
        Message::Publish { key, value, .. } => {
            let stamp = stamp(replica, rest)?;
            trace_message(replica, id, message.id());
            on_publish(replica, id, key, value, stamp);
        }
        _ => on_signal(replica, id, message.id(), &Extension::read(rest)?),
    }
    Ok(())
}

fn on_signal(replica: &mut Replica, id: ClientId, message: MessageType, extension: &Extension) {
    if message == MessageType::Ping {
        // All that a client tells behind its HELLO comes before its PING.
        if believe::end_collecting(replica, LinkId::Client(id)) {
            turns::take_one(replica, LinkId::Client(id));
        }
        if !extension.wants.is_empty() {
            sketches::on_want(replica, id, &extension.wants);
        }
        if let Some(client) = replica.peers.client_mut(id) {
            client.says_ping(extension.summary, extension.echo);
        }
        flush::look(replica);
    }
    trace_message(replica, id, message);
    match message {
        MessageType::Hello if extension.caps.is_some() => on_native_hello(replica, id, extension),
        MessageType::Hello => on_czmq_hello(replica, id),
        MessageType::Ping => on_ping(replica, id, extension.ask),
        // Tuples do not come here.
        MessageType::Publish => {}
        MessageType::Pong | MessageType::Invalid => end_session(replica, id),
    }
}

fn trace_message(replica: &mut Replica, id: ClientId, message: MessageType) {
    let Some(client) = replica.peers.client(id) else { return };
    let state = client.state_name();
    trace(replica, id, format_args!("{state}:"));
    trace(replica, id, format_args!("    {}", message.name()));
}

/// HELLO of a client that does not say what it is: it is a CZMQ peer.
fn on_czmq_hello(replica: &mut Replica, id: ClientId) {
    let now = replica.io.now();
    let Some(client) = replica.peers.client_mut(id) else { return };
    match client.greets_as_czmq(now) {
        Hello::Tell => {
            newborn::first_contact(replica);
            replica.history.begins();
            trace(replica, id, format_args!("        $ get first tuple"));
            trace(replica, id, format_args!("        > have tuple"));
            believe::begin_collecting(replica, LinkId::Client(id));
        }
        hello => answer_hello(replica, id, hello),
    }
}

/// HELLO of a native client. The answer comes before anything else, so that the client knows what we are
/// before the first tuple. Where the sets are equal, nothing else has to be said. Where they differ a little,
/// the client is invited to ask for a sketch.
fn on_native_hello(replica: &mut Replica, id: ClientId, extension: &Extension) {
    newborn::first_contact(replica);
    clocks::compare(replica, LinkId::Client(id), extension.caps);
    allow_set(replica, LinkId::Client(id), extension.summary);
    let now = replica.io.now();
    let summary = replica.summary_for(LinkId::Client(id));
    let equal = summary.is_some() && extension.summary == summary;
    let cells = extension.summary.and_then(|theirs| sketches::first_cells(replica, theirs));
    let asks = extension.caps.is_some_and(|caps| caps.sketches) && cells.is_some();
    let catching_up = replica.peers.cursor(LinkId::Client(id)).is_some();
    let invited = asks && !equal && !catching_up;
    let caps = clocks::caps(replica, true, invited);
    let greeting = Extension { caps, summary, ..Extension::default() };
    replica.io.send_extended(LinkId::Client(id), MessageType::Pong, greeting);
    let Some(client) = replica.peers.client_mut(id) else { return };
    if !equal {
        client.peer_mut().refused_mut().forget();
    }
    let hello = client.greets_as_native(equal, invited, now);
    answer_hello(replica, id, hello);
}

fn answer_hello(replica: &mut Replica, id: ClientId, hello: Hello) {
    match hello {
        Hello::Nothing => {}
        Hello::Tell => {
            trace(replica, id, format_args!("        $ get first tuple"));
            catch_up::tell_everything(replica, LinkId::Client(id));
            trace(replica, id, format_args!("        > have tuple"));
            turns::take_one(replica, LinkId::Client(id));
        }
        Hello::TellAgain => {
            tell_again(replica, id);
            turns::take_one(replica, LinkId::Client(id));
        }
        Hello::TellAgainAt(at) => {
            replica.io.set_alarm(at, Alarm::Housekeeping);
        }
    }
}

/// Tell everything once more, whatever we believe that the client knows.
fn tell_again(replica: &mut Replica, id: ClientId) {
    if let Some(client) = replica.peers.client_mut(id) {
        client.is_told_again();
    }
    catch_up::tell_everything(replica, LinkId::Client(id));
}

/// A tuple from a client. Without a HELLO before it the answer is INVALID, from which clients learn that a
/// server has started again. Unlike with CZMQ's actor, the tuple is not lost.
fn on_publish(replica: &mut Replica, id: ClientId, key: &[u8], value: &[u8], stamp: Option<Stamp>) {
    trace(replica, id, format_args!("        $ store tuple if new"));
    take(replica, key, value, stamp, LinkId::Client(id));
    let Some(client) = replica.peers.client(id) else { return };
    if client.has_no_session() {
        return end_session(replica, id);
    }
    let state = client.state_name();
    trace(replica, id, format_args!("        > {state}"));
}

/// A PING. Its PONG comes behind all tuples that the client lacks at this time.
fn on_ping(replica: &mut Replica, id: ClientId, ask: Option<u16>) {
    let link = LinkId::Client(id);
    let Some(client) = replica.peers.client_mut(id) else { return };
    if client.is_behind() {
        return client.is_owed_pong();
    }
    let state = client.state_name();
    tell::send_paced(replica, link);
    trace(replica, id, format_args!("        $ send PONG"));
    let waits = ask.is_some_and(|cells| sketches::on_ask(replica, id, usize::from(cells)));
    if !waits {
        heartbeat::pong(replica, id, None);
    }
    trace(replica, id, format_args!("        > {state}"));
}

/// Tell the client that it has to say HELLO.
pub(super) fn end_session(replica: &mut Replica, id: ClientId) {
    trace(replica, id, format_args!("        $ send INVALID"));
    replica.io.send_signal(LinkId::Client(id), MessageType::Invalid);
    trace(replica, id, format_args!("        $ terminate"));
    if let Some(client) = replica.peers.client_mut(id) {
        client.session_ends();
    }
}

fn on_malformed(replica: &mut Replica, id: ClientId, fault: Malformed) {
    let Replica { peers, io, .. } = replica;
    let Some(client) = peers.client_mut(id) else { return };
    let (now, number) = (io.now(), client.number());
    let conduct = client.peer_mut().conduct_mut();
    let name = format_args!("client {number}");
    if let Some(until) = drop_malformed(conduct, io, name, fault) {
        let seconds = (until - now) / 1000;
        let what = format_args!("client {number} is not listened to for {seconds} s");
        io.reached(Limit::Malformed, what);
    }
}

/// The ROUTER has no route to it any more.
pub(in crate::core) fn forget(replica: &mut Replica, id: ClientId) {
    trace(replica, id, format_args!("        $ terminate"));
    replica.peers.clients_mut().forget(id);
}

/// Check all clients, once a second.
pub(super) fn look_at_all(replica: &mut Replica) {
    let now = replica.io.now();
    let clients = replica.peers.clients_mut().iter_mut();
    let looks: Vec<_> = clients.map(|(id, client)| (id, client.look(now))).collect();
    let those = |what: Look| looks.iter().filter(move |(_, look)| *look == what).map(|(id, _)| *id);
    those(Look::Gone).for_each(|id| forget(replica, id));
    those(Look::TellAgain).for_each(|id| tell_again(replica, id));
    those(Look::Silent).for_each(|id| try_whether_it_is_there(replica, id));
}

/// Send what the client ignores: it shows whether the connection is still there. CZMQ's actor ignores a PONG. A
/// native client would take a PONG for the answer to one of its PINGs, but ignores a PING.
fn try_whether_it_is_there(replica: &mut Replica, id: ClientId) {
    let link = LinkId::Client(id);
    let ignored = if replica.peers.is_native(link) { MessageType::Ping } else { MessageType::Pong };
    replica.io.send_signal(link, ignored);
}

fn trace(replica: &mut Replica, id: ClientId, what: Arguments<'_>) {
    let Replica { peers, io, .. } = replica;
    if !io.is_verbose() {
        return;
    }
    if let Some(client) = peers.client(id) {
        io.trace(client.number(), what);
    }
}
