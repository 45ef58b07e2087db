//! The node as a pure state machine.
//!
//! One [`Input`] at a time goes in. What it causes is appended to one ordered list of [`Output`]s, and
//! messages for the owner are put into the [`Outbox`]. The node knows no sockets, no threads and no clock:
//! the time comes with each input, and [`Node::next_deadline`] tells when it wants to be told the time again.
//! The same code runs behind the C symbols and, by the thousand, in tests.
//!
//! This is the face: it hands each input to the module that deals with it. Behind it, from the top down:
//!
//! * `commands`: the owner's commands, carried out;
//! * `config`: all that can be configured, and what is bound;
//! * `protocol`: what is said with clients and servers, and what the time calls for;
//! * `replication`: the way of a tuple to everybody who lacks it;
//! * `replica`: the parts that `protocol` and `replication` work on;
//! * `peers`: who is connected, and what each has been told;
//! * `czmq`: the rules for CZMQ peers, as decisions;
//! * `tuples`: what is held;
//! * `io`: the time, the outputs, the alarms, the log.

mod admission;
mod alarms;
mod commands;
mod config;
mod czmq;
mod flushes;
mod input;
mod io;
mod limits;
mod link;
mod log;
mod memory;
mod outbox;
mod output;
mod pair;
mod peers;
mod protocol;
mod replica;
mod replication;
mod rules;
mod security;
mod setup;
#[cfg(test)]
mod sim;
mod tuple_frame;
mod tuples;

#[cfg(test)]
mod tests;

pub(crate) use admission::Admission;
pub(crate) use config::{PortChoice, is_inproc};
pub(crate) use input::{Input, Millis, Purpose, Received, Unsent};
pub(crate) use limits::{Limit, Limits};
pub(crate) use link::{ClientId, LinkId, ServerId};
pub(crate) use memory::has_room;
pub(crate) use outbox::{Outbox, OwnerMessage};
pub(crate) use output::{Frame, Level, Output};
pub(crate) use pair::Pair;
pub(crate) use security::{CurveClient, Key, Security, Zap};
pub(crate) use setup::{Setup, Sketching};
#[cfg(test)]
pub(crate) use tuple_frame::TupleFrame;

use alarms::Alarm;
use config::Config;
use protocol::{time, with_clients, with_servers};
use replica::Replica;
use replication::{catch_up, heartbeat};
use std::collections::VecDeque;

/// One gossip node.
#[derive(Debug)]
pub(crate) struct Node {
    config: Config,
    replica: Replica,
}

impl Node {
    /// A node without tuples, clients or servers.
    pub(crate) fn new(setup: Setup, now: Millis) -> Node {
        Node { config: Config::new(&setup), replica: Replica::new(setup, now) }
    }

    /// What the machine's clock says, in milliseconds since 1970. Told as often as the time, as it may be set.
    pub(crate) fn is_told_date(&mut self, now: Millis, date: Millis) {
        let Replica { clock, io, .. } = &mut self.replica;
        if clock.is_set(now, date) {
            io.set_alarm(now, Alarm::ClockSet);
        }
    }

    /// Something happened, at this time.
    pub(crate) fn handle(&mut self, now: Millis, input: Input<'_>) {
        let Node { config, replica } = self;
        replica.io.is_told_time(now);
        if !replica.io.has_outputs() && input.is_first() {
            catch_up::compact_if_worth_it(replica);
        }
        let io = &mut replica.io;
        match input {
            Input::Command(frames) => commands::execute(config, replica, frames),
            Input::FromClient { routing_id, message } => {
                with_clients::on_message(replica, routing_id, message);
            }
            Input::ClientGone(id) => with_clients::forget(replica, id),
            Input::FromServer { server, message } => {
                with_servers::on_message(replica, server, message);
            }
            Input::ServerUp(id) => with_servers::on_up(replica, id),
            Input::ServerDown(id) => with_servers::on_down(replica, id),
            Input::ServerRefused { server, reason } => {
                with_servers::on_refused(replica, server, reason);
            }
            Input::ConnectFailed { server, reason } => {
                with_servers::on_connect_failed(replica, server, reason);
            }
            Input::Blocked { link, unsent } => catch_up::on_blocked(replica, link, unsent),
            Input::Bound { endpoint, by_file, outcome } => {
                config.on_bound(io, endpoint, by_file, outcome);
            }
            Input::Loaded { path, purpose, content } => {
                config.on_loaded(io, path, purpose, content);
            }
            Input::SaveFailed { path, reason } => config::save_failed(io, path, reason),
            Input::SecureFailed { reason } => {
                io.refuse(&[b"security was refused: ", reason.as_bytes()]);
            }
            Input::Admitted(outcome) => config.on_admitted(io, outcome),
            Input::Certificates { path, files } => config.on_certificates(io, path, files),
            Input::NoZapHandler { domain } => config.on_no_zap_handler(io, domain),
            Input::TurnedAway { address } => config.on_turned_away(io, address),
            Input::Moved => replica.flushes.moves(),
            Input::Tick => time::on_tick(replica),
        }
        heartbeat::confirm(replica);
    }

    /// Whether a FLUSH, or the end of the node, waits for neighbours: then it should be told by `Input::Moved` that they
    /// take something.
    pub(crate) fn is_flushing(&self) -> bool {
        self.replica.flushes.first().is_some()
    }

    /// Whether the owner has ended the node, which only waits for its neighbours.
    pub(crate) fn is_ending(&self) -> bool {
        self.replica.flushes.is_ending()
    }

    /// When to be told the time again, by `Input::Tick`. A time in the past means: at once.
    pub(crate) fn next_deadline(&self) -> Option<Millis> {
        self.replica.io.alarms().next()
    }

    /// Take all outputs so far. The caller carries out each of them, with all that it causes, before the
    /// next.
    pub(crate) fn take_outputs(&mut self, into: &mut VecDeque<Output>) {
        into.append(self.replica.io.outputs_mut());
    }

    /// Whether there are outputs to take.
    pub(crate) fn has_outputs(&self) -> bool {
        self.replica.io.has_outputs()
    }

    /// Messages for the owner, for a caller that hands them over.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        self.replica.io.outbox()
    }

    /// The address of a client on the ROUTER.
    pub(crate) fn routing_id(&self, client: ClientId) -> Option<&[u8]> {
        self.replica.peers.client(client).map(|client| client.routing_id())
    }

    /// The number of this link's connection, which no other has.
    pub(crate) fn connection(&self, link: LinkId) -> u64 {
        self.replica.peers.source(link).map_or(0, u64::from)
    }

    /// How high a limit is; `usize::MAX` where there is none.
    pub(crate) fn most(&self, limit: Limit) -> usize {
        self.replica.io.limits().most(limit)
    }

    /// How many tuples are held. STATUS tells this number.
    pub(crate) fn tuple_count(&self) -> usize {
        self.replica.tuples.len()
    }

    /// The tuple that is held of a key.
    pub(crate) fn tuple(&self, key: &[u8]) -> Option<Pair> {
        self.replica.tuples.found(key).map(|found| Pair::new(found.key, found.value))
    }

    /// All tuples that are held, in the order of their last change.
    pub(crate) fn snapshot(&self) -> Vec<Pair> {
        self.replica.tuples.shown().map(|(key, value)| Pair::new(key, value)).collect()
    }

    /// The number that PORT tells.
    pub(crate) fn port(&self) -> i64 {
        self.config.port()
    }
}
