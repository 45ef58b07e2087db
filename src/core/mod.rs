//! The node as a pure state machine.
//!
//! One [`Input`] at a time goes in; what it causes is appended to one ordered list of [`Output`]s,
//! and messages for the owner to the [`Outbox`]. The node knows no sockets, no threads and no
//! clock: the time comes with each input, and [`Node::next_deadline`] tells when it wants to be
//! told again. The same code runs behind the C symbols and, by the thousand, in tests.

mod command;
mod connect;
mod endpoint;
mod feed;
mod feeding;
mod flow;
mod heard;
mod hlc;
mod input;
mod legacy;
mod link;
mod outbox;
mod output;
mod owner;
mod pair;
mod provenance;
mod reconcile;
mod relay;
mod rules;
mod security;
mod serve;
mod server;
mod service;
mod session;
mod settings;
#[cfg(test)]
mod sim;
mod throttle;
mod timers;
mod trace;
mod tuples;
mod zpl;

#[cfg(test)]
mod tests;

pub(crate) use endpoint::{PortChoice, is_inproc};
pub(crate) use input::{Input, Millis, Purpose, Received, Unsent};
pub(crate) use link::{ClientId, LinkId, ServerId};
pub(crate) use outbox::{Outbox, OwnerMessage};
pub(crate) use output::{Frame, Level, Output};
pub(crate) use pair::Pair;
pub(crate) use reconcile::Sketching;
pub(crate) use security::{CurveClient, Key, Security};
#[cfg(any(test, fuzzing))]
pub(crate) use tuples::key_and_value;

use hlc::Hlc;
use link::Source;
use provenance::Provenance;
use security::OwnKeys;
use server::Servers;
use session::Sessions;
use settings::Settings;
use std::collections::VecDeque;
use timers::Alarms;
use tuples::Tuples;

/// How often sessions are looked over, in milliseconds.
const HOUSEKEEPING: Millis = 1000;

/// What a node is born with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Name of the node in traces: the actor's argument.
    pub(crate) label: Vec<u8>,
    /// Secret randomness: keeps peers from choosing keys that collide.
    pub(crate) seed: u64,
    /// Random number of the node's life, told to peers.
    pub(crate) node: u64,
    /// Milliseconds since 1970 at the time that `Node::new` is told.
    pub(crate) epoch: Millis,
    /// Ignore CURVE keys, as the released CZMQ does (environment: ZGOSSIP_IGNORE_KEYS).
    pub(crate) ignore_keys: bool,
    pub(crate) sketching: Sketching,
}

/// One gossip node.
#[derive(Debug)]
pub(crate) struct Node {
    options: Options,
    label: Vec<u8>,
    now: Millis,
    verbose: bool,
    settings: Settings,

    tuples: Tuples,
    hlc: Hlc,
    newborn_until: Option<Millis>,
    sessions: Sessions,
    servers: Servers,
    last_source: Source,
    /// Links that are being told what they lack.
    feeding: Vec<LinkId>,

    /// There has been a C node among our neighbours.
    met_legacy: bool,
    provenance: Provenance,
    /// How long C neighbours take to answer, about.
    legacy_rtt: Millis,
    alarms: Alarms,
    /// Servers to be sent a PING as a barrier, once they have answered the one before.
    pings_due: Vec<ServerId>,
    random: u64,

    /// What PORT answers: the last TCP port, or -1 after a BIND that failed.
    port: i64,
    last_tcp_port: i64,
    /// Endpoints bound so far.
    bound: Vec<Vec<u8>>,
    keys: OwnKeys,
    zap_domain: Option<Vec<u8>>,
    configured_security: Security,
    certificate_domain: Vec<u8>,
    said_keys_are_ignored: bool,

    /// Malformed messages from anybody, ever; how many of them were logged in this interval.
    malformed_total: u64,
    malformed_lines: u32,
    malformed_until: Millis,

    /// Memory to encode frames in.
    scratch: Vec<u8>,
    wake: Option<Millis>,
    housekeeping: Millis,
    outputs: VecDeque<Output>,
    outbox: Outbox,
}

impl Node {
    /// A node without tuples, clients or servers.
    pub(crate) fn new(options: Options, now: Millis) -> Node {
        let mut settings = Settings::new();
        let fits = settings.put(b"server/timeout", service::DEFAULT_TIMEOUT);
        debug_assert!(fits.is_ok());
        Node {
            label: options.label.clone(),
            now,
            verbose: false,
            settings,
            tuples: Tuples::new(options.seed),
            hlc: Hlc::new(options.node, options.epoch.saturating_sub(now)),
            // The C actor numbers its sessions from a random number below 1000.
            sessions: Sessions::new(options.seed % 1000),
            newborn_until: None,
            servers: Servers::default(),
            last_source: 0,
            feeding: Vec::new(),
            met_legacy: false,
            provenance: Provenance::default(),
            legacy_rtt: 0,
            alarms: Alarms::default(),
            pings_due: Vec::new(),
            random: options.seed | 1,
            port: 0,
            last_tcp_port: 0,
            bound: Vec::new(),
            keys: OwnKeys::default(),
            zap_domain: None,
            configured_security: Security::Null { domain: None },
            certificate_domain: Vec::new(),
            said_keys_are_ignored: false,
            malformed_total: 0,
            malformed_lines: 0,
            malformed_until: 0,
            scratch: Vec::new(),
            wake: None,
            housekeeping: now.saturating_add(HOUSEKEEPING),
            outputs: VecDeque::new(),
            outbox: Outbox::default(),
            options,
        }
    }

    /// Something happened. Time never runs backwards here, whatever the caller says.
    pub(crate) fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = self.now.max(now);
        if self.outputs.is_empty() && input.is_first() {
            self.compact_if_worth_it();
        }
        match input {
            Input::Command(frames) => self.on_command(frames),
            Input::FromClient { routing_id, message } => {
                self.on_client_message(routing_id, message)
            }
            Input::ClientGone(client) => self.forget_client(client),
            Input::FromServer { server, message } => self.on_server_message(server, message),
            Input::ServerUp(server) => self.on_server_up(server),
            Input::ServerDown(server) => self.on_server_down(server),
            Input::ServerRefused { server, reason } => self.on_server_refused(server, reason),
            Input::ConnectFailed { server, reason } => self.on_connect_failed(server, reason),
            Input::Blocked { link, unsent } => self.on_blocked(link, unsent),
            Input::Bound { endpoint, by_file, outcome } => {
                self.on_bound(endpoint, by_file, outcome);
            }
            Input::Loaded { path, purpose, content } => self.on_loaded(path, purpose, content),
            Input::SaveFailed { path, reason } => self.on_save_failed(path, reason),
            Input::SecureFailed { reason } => {
                self.refuse(&[b"security was refused: ", reason.as_bytes()]);
            }
            Input::Tick => self.on_tick(),
        }
        self.send_barriers();
    }

    fn on_tick(&mut self) {
        self.wake = None;
        if self.now >= self.housekeeping {
            self.housekeeping = self.now.saturating_add(HOUSEKEEPING);
            self.tend_sessions();
            self.sweep_legacy();
        }
        self.tend_servers();
        self.tend_legacy();
        self.feed_all();
    }

    /// When to be told the time again. `Some` of a time in the past: as soon as there is time.
    pub(crate) fn next_deadline(&self) -> Option<Millis> {
        let sessions = self.sessions.iter().next().map(|_| self.housekeeping);
        self.wake.into_iter().chain(sessions).min()
    }

    fn wake_at(&mut self, at: Millis) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }

    /// Take all outputs so far, for a caller that has to carry out what one of them causes before
    /// the next.
    pub(crate) fn take_outputs(&mut self, into: &mut VecDeque<Output>) {
        into.append(&mut self.outputs);
    }

    /// Whether there are any.
    pub(crate) fn has_outputs(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Messages for the owner.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// The address of a client on the ROUTER.
    pub(crate) fn routing_id(&self, client: ClientId) -> Option<&[u8]> {
        self.sessions.routing_id(client)
    }

    /// How many tuples are held: what STATUS tells.
    pub(crate) fn tuple_count(&self) -> usize {
        self.tuples.len()
    }

    /// The tuple that is held of a key.
    pub(crate) fn tuple(&self, key: &[u8]) -> Option<Pair> {
        self.tuples.found(key).map(|found| Pair::new(found.key, found.value))
    }

    /// All tuples that are held, in the order of their last change.
    pub(crate) fn snapshot(&self) -> Vec<Pair> {
        self.tuples.shown().map(|(key, value)| Pair::new(key, value)).collect()
    }

    /// What PORT tells.
    pub(crate) fn port(&self) -> i64 {
        self.port
    }

    /// A number below `limit`, to keep nodes from doing things at the same time.
    fn jitter(&mut self, limit: Millis) -> Millis {
        // Xorshift (Marsaglia, 2003): nothing secret depends on it.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit.max(1)
    }

    /// A mark for the tuples that will come by a new connection. After four thousand million
    /// connections they are marked as the owner's, and may be sent back once.
    fn new_source(&mut self) -> Source {
        self.last_source = self.last_source.checked_add(1).unwrap_or(0);
        self.last_source
    }

    fn log(&mut self, level: Level, parts: &[&[u8]]) {
        self.outputs.push_back(Output::Log(level, parts.concat()));
    }

    /// Something that the owner asked for is not done, and this is why.
    fn refuse(&mut self, parts: &[&[u8]]) {
        self.outputs.push_back(Output::Refused(parts.concat()));
    }
}
