//! The node as a client: what servers say, and when they are connected, lost and connected again.

use super::clocks;
use super::greeting::{drain, end, greet, greet_again, joined};
use super::receive::{allow_set, drop_malformed, keep_rate, parse, stamp, take};
use super::sketches;
use crate::core::alarms::Alarm;
use crate::core::config::connect_flaw;
use crate::core::input::{Millis, Received};
use crate::core::io::Io;
use crate::core::limits::Limit;
use crate::core::link::{LinkId, ServerId};
use crate::core::output::{Level, Output};
use crate::core::peers::{Cursor, Greeted, NextStep};
use crate::core::replica::Replica;
use crate::core::replication::{believe, catch_up, flush, heartbeat, newborn, turns};
use crate::core::rules::{Rule, keeps};
use crate::core::security::CurveClient;
use crate::wire::{Extension, Malformed, Message, MessageType, Summary};

/// A server that was left alone for a while and could not be connected again is tried again after so long.
const RETRY: Millis = 1000;

/// CONNECT: there is one server for each endpoint, however often the owner asks for it.
pub(in crate::core) fn connect(
    replica: &mut Replica,
    endpoint: &[u8],
    curve: Option<Box<CurveClient>>,
) {
    let Replica { peers, io, .. } = replica;
    if let Some(reason) = connect_flaw(endpoint) {
        return refuse_to_connect(io, endpoint, &reason);
    }
    let servers = peers.servers_mut();
    if let Some(id) = servers.find(endpoint) {
        if peers.server(id).is_some_and(|server| server.curve() == curve.as_deref()) {
            return;
        }
        peers.servers_mut().remove(id);
        io.push(Output::Disconnect { server: id });
    }
    let server = peers.servers_mut().add(endpoint, curve.clone(), io.now());
    io.push(Output::Connect { server, endpoint: endpoint.to_vec(), curve });
}

/// DISCONNECT: the tuples that came from that server stay.
pub(in crate::core) fn disconnect(replica: &mut Replica, endpoint: &[u8]) {
    let Replica { peers, io, .. } = replica;
    match peers.servers().find(endpoint) {
        Some(id) => {
            peers.servers_mut().remove(id);
            io.push(Output::Disconnect { server: id });
        }
        None => {
            let reason = b"' refused: this node is not connected to it";
            io.refuse(&[b"DISCONNECT from '", endpoint, reason]);
        }
    }
}

/// Its DEALER could not be made or connected.
pub(in crate::core) fn on_connect_failed(replica: &mut Replica, id: ServerId, reason: &str) {
    let Replica { peers, io, .. } = replica;
    // One that was left alone for a while was connected before, and will be.
    if let Some(server) =
        peers.server_mut(id).filter(|server| server.peer().conduct().was_shut_out())
    {
        let again = io.now().saturating_add(RETRY);
        server.peer_mut().conduct_mut().stays_shut(again);
        io.set_alarm(again, Alarm::Server(id));
        return;
    }
    if let Some(server) = peers.servers_mut().remove(id) {
        refuse_to_connect(io, server.endpoint(), reason);
    }
}

fn refuse_to_connect(io: &mut Io, endpoint: &[u8], reason: &str) {
    io.refuse(&[b"bad zgossip endpoint '", endpoint, b"' (", reason.as_bytes(), b")"]);
}

/// The connection is up, for the first time or again.
pub(in crate::core) fn on_up(replica: &mut Replica, id: ServerId) {
    newborn::first_contact(replica);
    let source = replica.peers.new_source();
    if let Some(server) = replica.peers.server_mut(id) {
        server.comes_up(source);
        greet(replica, id, true);
    }
}

/// The connection is down; libzmq goes on trying.
pub(in crate::core) fn on_down(replica: &mut Replica, id: ServerId) {
    if let Some(server) = replica.peers.server_mut(id) {
        server.goes_down();
    }
}

/// The connection is refused, for this reason; libzmq goes on trying.
pub(in crate::core) fn on_refused(replica: &mut Replica, id: ServerId, reason: &str) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    if server.is_refused(io.now()) {
        let endpoint = server.endpoint();
        io.log(Level::Warning, &[b"cannot connect to '", endpoint, b"': ", reason.as_bytes()]);
    }
}

/// A message on its DEALER.
pub(in crate::core) fn on_message(replica: &mut Replica, id: ServerId, message: Received<'_>) {
    if let Some(server) = replica.peers.server_mut(id) {
        server.is_heard();
    }
    keep_rate(replica, LinkId::Server(id));
    if let Err(fault) =
        parse(message).and_then(|(message, rest)| on_parsed(replica, id, message, rest))
    {
        on_malformed(replica, id, fault);
    }
}

fn on_parsed(
    replica: &mut Replica,
    id: ServerId,
    message: Message<'_>,
    rest: &[u8],
) -> Result<(), Malformed> {
    if let Message::Publish { key, value, .. } = message {
        let stamp = stamp(replica, rest)?;
        take(replica, key, value, stamp, LinkId::Server(id));
        return Ok(());
    }
    let extension = Extension::read(rest)?;
    match (message.id(), extension.caps) {
        (MessageType::Invalid, _) => on_invalid(replica, id),
        (MessageType::Pong, Some(caps)) if caps.greeting => {
            clocks::compare(replica, LinkId::Server(id), Some(caps));
            allow_set(replica, LinkId::Server(id), extension.summary);
            on_greeting(replica, id, extension.summary, caps.sketches);
        }
        (MessageType::Pong, _) => on_pong(replica, id, extension),
        (MessageType::Ping, _) => on_ping(replica, id, extension.echo),
        // A server has no reason to say these; CZMQ's actor ignores them.
        (MessageType::Hello | MessageType::Publish, _) => {}
    }
    Ok(())
}

fn on_invalid(replica: &mut Replica, id: ServerId) {
    let now = replica.io.now();
    let Some(server) = replica.peers.server_mut(id) else { return };
    if keeps(Rule::GreetOnInvalid) {
        let step = server.says_invalid(now);
        take_step(replica, id, step);
    }
}

/// The answer of a native server to our HELLO, with a summary of its set. Where the sets were equal, only
/// what has changed here since our HELLO is left to tell. Where they differ a little, we may be invited to
/// ask.
fn on_greeting(replica: &mut Replica, id: ServerId, theirs: Option<Summary>, invites: bool) {
    let Some(server) = replica.peers.server_mut(id) else { return };
    let greeted = server.answers_as_native(theirs, invites);
    if !matches!(greeted, Greeted::Equal(_)) {
        server.peer_mut().refused_mut().forget();
    }
    match (greeted, theirs) {
        (Greeted::Equal(end), _) => {
            catch_up::begin(replica, LinkId::Server(id), Cursor::from(end));
            turns::take_one(replica, LinkId::Server(id));
            joined(replica, id);
        }
        (Greeted::Invited, Some(theirs)) => sketches::on_invitation(replica, id, theirs),
        (Greeted::Invited | Greeted::Wait, _) => {}
    }
}

fn on_pong(replica: &mut Replica, id: ServerId, extension: Extension) {
    let (now, ours) = (replica.io.now(), replica.summary_for(LinkId::Server(id)));
    let theirs = extension.summary.filter(|_| ours.is_some() && keeps(Rule::Compare));
    let Some(server) = replica.peers.server_mut(id) else { return };
    // Where sets stay different, something was lost on the way: begin anew.
    if server.says_pong(ours.unwrap_or_default(), theirs, now) {
        greet_again(replica, id);
    }
    let Some(server) = replica.peers.server(id) else { return };
    match extension.sketch.filter(|sketch| server.was_asked_for(sketch.len())) {
        Some(sketch) => sketches::on_sketch(replica, id, sketch),
        None => {
            let step = server.after_pong();
            take_step(replica, id, step);
            if matches!(step, NextStep::EndGreeting | NextStep::Confirmed { goes_on: true }) {
                turns::take_one(replica, LinkId::Server(id));
            }
        }
    }
    if replica.peers.server(id).is_some_and(|server| server.joins_now()) {
        joined(replica, id);
    }
    flush::look(replica);
}

/// A native server tries whether we are there, or wants to know whether all that it has said is here.
fn on_ping(replica: &mut Replica, id: ServerId, echo: Option<u64>) {
    let native = replica.peers.is_native(LinkId::Server(id));
    if let Some(number) = echo.filter(|_| native) {
        heartbeat::echo(replica, id, number);
    }
}

fn on_malformed(replica: &mut Replica, id: ServerId, fault: Malformed) {
    let Replica { peers, io, .. } = replica;
    let Some(server) = peers.server_mut(id) else { return };
    let endpoint = String::from_utf8_lossy(server.endpoint()).into_owned();
    let now = io.now();
    let conduct = server.peer_mut().conduct_mut();
    let name = format_args!("server '{endpoint}'");
    if let Some(until) = drop_malformed(conduct, io, name, fault) {
        let seconds = (until - now) / 1000;
        let what = format_args!("server '{endpoint}' is left alone for {seconds} s");
        io.reached(Limit::Malformed, what);
        server.goes_down();
        io.push(Output::Disconnect { server: id });
        io.set_alarm(until, Alarm::Server(id));
    }
}

/// It was left alone for a while, and is connected again.
fn connect_again(replica: &mut Replica, id: ServerId) {
    let Replica { peers, io, .. } = replica;
    if let Some(server) = peers.server_mut(id) {
        let (endpoint, curve) = (server.endpoint().to_vec(), server.curve().cloned());
        io.push(Output::Connect { server: id, endpoint, curve: curve.map(Box::new) });
    }
}

/// The alarm of a server rang: it may be sent a PING, or we no longer wait for its PONG.
pub(super) fn look_at(replica: &mut Replica, id: ServerId) {
    let now = replica.io.now();
    let Some(server) = replica.peers.server_mut(id) else { return };
    if let Some(until) = server.peer().conduct().is_shut_until(now) {
        replica.io.set_alarm(until, Alarm::Server(id));
        return;
    }
    if server.peer_mut().conduct_mut().returns(now) {
        return connect_again(replica, id);
    }
    let step = server.at(now);
    take_step(replica, id, step);
}

fn take_step(replica: &mut Replica, id: ServerId, step: NextStep) {
    match step {
        NextStep::Nothing => {}
        NextStep::WaitUntil(at) => {
            replica.io.set_alarm(at, Alarm::Server(id));
        }
        NextStep::Ping => heartbeat::ping(replica, id, Vec::new()),
        NextStep::GreetAgain => greet_again(replica, id),
        NextStep::GreetWithoutSketches => greet(replica, id, false),
        NextStep::Drain => drain(replica, id),
        NextStep::EndGreeting => end(replica, id),
        NextStep::Confirmed { .. } => believe::on_pong(replica, id),
    }
}
