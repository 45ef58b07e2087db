//! The actor: one node, its sockets, and the event loop between them.
//!
//! * `mod.rs`: the event loop;
//! * `readiness.rs`: which sockets may have something to read, and when the loop reads them;
//! * `inputs.rs`: what comes from the owner, the clients, the clock and the files, told to the node;
//! * `names.rs`: names of servers, looked up;
//! * `outputs.rs`: what the node wants done, done;
//! * `backlog.rs`: how much waits for each peer;
//! * `doorkeeper.rs`: who may come in;
//! * `servers.rs`: the servers: read, found down, connected again.

mod backlog;
mod doorkeeper;
mod inputs;
mod names;
mod outputs;
mod pauses;
mod readiness;
mod servers;

use super::ffi::{Poller, SocketFactory, ZmqError};
use super::files::Files;
use super::panics::contain;
use super::random::random64;
use super::sockets::{Resolver, Router};
use crate::core::{Input, Level, Millis, Node, Outbox, Output, Setup, Sketching};
use backlog::Backlog;
use doorkeeper::Doorkeeper;
use pauses::Pauses;
use readiness::{Pace, Postponed, Readiness, SocketId};
use servers::Servers;
use std::collections::VecDeque;
use std::os::fd::RawFd;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Most messages taken from one socket in one turn, before the others get theirs: a client that
/// floods the node must not keep the owner waiting.
const TURN: usize = 100;
/// How often the loop does its chores, in milliseconds: has a configuration file changed, are servers
/// still down. It wakes for them, and so never takes longer to see that the program was told to end.
const CHORES: Millis = 1000;

/// How often it is looked whether neighbours that are waited for have taken anything, in milliseconds.
const PROGRESS: Millis = 100;
/// So many bytes make a difference: PINGs are fewer, and a peer that is stopped has a kernel that takes those.
const MOVED: u64 = 512;

/// Errors of libzmq make one line in so many milliseconds.
const ERRORS: Millis = 60_000;

/// Whom an actor works for.
pub(crate) trait Owner {
    /// Readable when `take` is worth calling again, once it has found nothing.
    fn descriptor(&self) -> Result<RawFd, ZmqError>;

    /// Where its node's sockets come from.
    fn sockets(&self) -> Result<SocketFactory, ZmqError>;

    /// For how long the node's end waits for neighbours that take nothing, in milliseconds.
    fn linger(&self) -> Millis;

    /// Give the node the next command; false when there is none.
    fn take(&mut self, node: &mut Node, now: Millis) -> Result<bool, ZmqError>;

    /// That command has been carried out, with all that it causes.
    fn taken(&mut self, node: &Node);

    /// Hand over what waits for the owner, as much as it takes.
    fn flush(&mut self, outbox: &mut Outbox) -> Result<(), ZmqError>;

    /// A line for the log.
    fn log(&mut self, level: Level, text: &[u8]);

    /// Why the present command is not done.
    fn refused(&mut self, reason: &[u8]);

    /// The reason that comes next is that the system has no more of something.
    fn short_of_resources(&mut self);

    /// Whether the program was told to end, and with it the node.
    fn interrupted(&self) -> bool;
}

/// The last numbers that a node told of itself before a panic.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LastWords {
    pub(crate) tuples: i64,
    pub(crate) port: i64,
}

/// Work for this owner until it has had enough. The node's last words where a panic has ended it; an
/// error where it could not start.
pub(crate) fn live(owner: &mut dyn Owner, label: &[u8]) -> Result<Option<LastWords>, String> {
    let mut actor = Actor::new(owner, label)?;
    // An error ends the loop only with the sockets' context: then there is no owner any more.
    let panicked = contain(|| actor.work()).is_none();
    let last = actor.last_words();
    // Closing the sockets runs the same code that has just failed.
    contain(|| drop(actor));
    Ok(panicked.then_some(last))
}

fn setup(label: &[u8], linger: Millis) -> Setup {
    Setup {
        label: label.to_vec(),
        seed: random64(),
        node: random64(),
        epoch: date(),
        ignore_keys: std::env::var_os("ZGOSSIP_IGNORE_KEYS")
            .is_some_and(|value| !value.is_empty() && value != "0"),
        sketching: Sketching::default(),
        linger,
    }
}

/// Milliseconds since 1970.
fn date() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}

struct Actor<'a> {
    node: Node,
    owner: &'a mut dyn Owner,
    owner_readiness: Readiness,
    router: Option<Router>,
    router_readiness: Readiness,
    servers: Servers,
    /// Made when a server is given by name.
    resolver: Option<Resolver>,
    /// It has answers.
    names_came: bool,
    doorkeeper: Doorkeeper,
    backlog: Backlog,
    postponed: Postponed,
    pauses: Pauses,
    pace: Pace,
    poller: Poller,
    files: Files,
    /// Empty between calls of `settle`, kept for its memory.
    outputs: VecDeque<Output>,
    /// The owner has said `$TERM`.
    stopping: bool,
    start: Instant,
    /// Milliseconds since the start, when the clock was read last.
    now: Millis,
    chores_done: Millis,
    /// While somebody waits for the neighbours: what they had acknowledged at the last look, and when that was.
    acknowledged: (u64, Millis),
    /// From when on the log may be told that libzmq fails.
    error_told: Millis,
    /// The context may have ended.
    context_has_news: bool,
    // Last, so that all sockets are closed before a context of our own is.
    factory: SocketFactory,
}

impl<'a> Actor<'a> {
    /// Put together apart, and kept in the heap.
    ///
    /// An idle thread keeps the pages that its stack has ever reached. The deepest call is libzmq's connecting, and
    /// whatever functions are inlined into the event loop make the frame larger that lies below that call. Three
    /// functions with large frames, which that call does not need, are therefore kept out of line: this one, `save`
    /// and `serve_names`. Together they save 4 kB a node (the idle cases of benches/run).
    #[inline(never)]
    fn new(owner: &'a mut dyn Owner, label: &[u8]) -> Result<Box<Actor<'a>>, String> {
        let mut poller = Poller::default();
        let descriptor = owner.descriptor().map_err(|error| error.to_string())?;
        let number = SocketId::Owner.number();
        poller.add(descriptor, number).map_err(|error| error.to_string())?;
        let factory = owner.sockets().map_err(|error| error.to_string())?;
        if let Some(descriptor) = factory.descriptor() {
            let number = SocketId::Context.number();
            poller.add(descriptor, number).map_err(|error| error.to_string())?;
        }
        Ok(Box::new(Actor {
            node: Node::new(setup(label, owner.linger()), 0),
            owner,
            owner_readiness: Readiness::ready(),
            router: None,
            router_readiness: Readiness::default(),
            servers: Servers::default(),
            resolver: None,
            names_came: false,
            doorkeeper: Doorkeeper::default(),
            backlog: Backlog::default(),
            postponed: Postponed::default(),
            pauses: Pauses::default(),
            pace: Pace::default(),
            poller,
            files: Files::default(),
            outputs: VecDeque::new(),
            stopping: false,
            start: Instant::now(),
            now: 0,
            chores_done: 0,
            acknowledged: (0, 0),
            error_told: 0,
            context_has_news: true,
            factory,
        }))
    }

    fn last_words(&self) -> LastWords {
        LastWords { tuples: self.node.tuple_count() as i64, port: self.node.port() }
    }

    pub(super) fn read_clock(&mut self) {
        self.now = self.start.elapsed().as_millis() as Millis;
        // The date on its own: it may be set, and goes on while the machine sleeps.
        self.node.is_told_date(self.now, date());
    }

    /// The event loop.
    fn work(&mut self) -> Result<(), ZmqError> {
        loop {
            if self.owner.interrupted() {
                return Ok(());
            }
            self.read_clock();
            if std::mem::take(&mut self.context_has_news) {
                self.factory.check()?;
            }
            self.outlive(Actor::serve_owner)?;
            if self.stopping {
                return Ok(());
            }
            self.outlive(Actor::serve_clients)?;
            self.outlive(Actor::serve_servers)?;
            self.outlive(Actor::serve_names)?;
            self.outlive(Actor::serve_door)?;
            self.read_clock();
            self.outlive(Actor::do_chores)?;
            self.outlive(Actor::look_for_progress)?;
            if self.node.next_deadline().is_some_and(|deadline| deadline <= self.now) {
                self.handle(Input::Tick)?;
            }
            self.outlive(Actor::flush)?;
            self.end_postponement();
            self.end_pauses();
            self.wait();
        }
    }

    /// A step of the loop. Only the end of the sockets ends the node.
    #[inline]
    fn outlive(&mut self, step: fn(&mut Self) -> Result<(), ZmqError>) -> Result<(), ZmqError> {
        match step(self) {
            Ok(()) => Ok(()),
            Err(error) => self.survive(error),
        }
    }

    /// libzmq has failed, at a message or at a peer. The error comes back if it is the end of the sockets.
    #[cold]
    fn survive(&mut self, error: ZmqError) -> Result<(), ZmqError> {
        if error.is_end() {
            return Err(error);
        }
        // One line in a while: what fails once may fail at every message.
        if self.now >= self.error_told {
            self.error_told = self.now + ERRORS;
            let line = format!("ZeroMQ cannot send or receive for now: {error}");
            self.owner.log(Level::Error, line.as_bytes());
        }
        Ok(())
    }

    /// A large value on a slow line takes long, and only the kernel knows that it moves.
    fn look_for_progress(&mut self) -> Result<(), ZmqError> {
        let (before, looked_at) = self.acknowledged;
        if !self.node.is_flushing() || self.now < looked_at + PROGRESS {
            return Ok(());
        }
        let acknowledged = self.acknowledged();
        self.acknowledged = (acknowledged, self.now);
        let more = acknowledged.saturating_sub(before);
        if more < MOVED { Ok(()) } else { self.handle(Input::Moved) }
    }

    /// What is done once a second.
    fn do_chores(&mut self) -> Result<(), ZmqError> {
        if self.now < self.chores_done + CHORES {
            return Ok(());
        }
        self.chores_done = self.now;
        self.reload_if_changed()?;
        self.take_the_door_if_nobody_does()?;
        self.warn_if_nobody_answers()?;
        self.end_half_open_connections();
        self.tend_servers_that_are_down()
    }

    /// Until something may be readable, or due. Does not wait, and mostly does not even ask, where a
    /// socket is ready already: mostly it is one that was sent to, and reading that is cheaper than
    /// polling them all.
    fn wait(&mut self) {
        let ready = self.is_any_ready();
        if !self.pace.polls(ready) {
            return;
        }
        let timeout = if ready { 0 } else { self.until_due() };
        if timeout > 0 {
            self.pace.sleep(self.now);
        }
        let mut poller = std::mem::take(&mut self.poller);
        poller.wait(timeout as i32, |number| self.mark_ready(SocketId::of(number)));
        self.poller = poller;
    }

    /// How long there is nothing to do unless something comes.
    fn until_due(&self) -> Millis {
        let chores = self.chores_done + CHORES;
        let deadline = self.node.next_deadline().unwrap_or(Millis::MAX);
        let waits = self.postponed.due().min(self.pauses.due());
        chores.min(deadline).min(waits).saturating_sub(self.now)
    }
}
