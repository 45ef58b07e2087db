//! The actor: a node, its sockets, and the loop between them.

use super::afterlife::{self, LastWords};
use super::binder::random64;
use super::ffi::{Borrowed, Poller, Sockets, ZmqError};
use super::files::Files;
use super::log::log_line;
use super::owner::{Owner, Pipe};
use super::panics::contain;
use super::router::{FromClient, Router};
use crate::core::{Input, Level, Millis, Node, Output, ServerId, Setup, Sketching};
use look::Looks;
use servers::Server;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Most messages taken from one socket before the others get their turn: one flooding client must
/// not keep the owner waiting.
const TURN: usize = 100;
/// The loop looks around at least so often, in milliseconds: for interrupts, for a configuration
/// file that has changed, for servers that stay down.
const LOOK_AROUND: Millis = 1000;
/// The sockets are polled at least after so many rounds in which there was something to do.
const POLL_AFTER: u32 = 16;

/// Poller numbers: the owner, the ROUTER, and from here on the servers.
const OWNER: u64 = 0;
const ROUTER: u64 = 1;
const SERVERS: u64 = 2;

/// Be an actor at this end of a pipe until the owner says `$TERM`.
///
/// Whatever goes wrong in here, the owner is never left waiting for a reply.
pub(crate) fn run(pipe: Borrowed, label: &[u8]) {
    let mut pipe = match Pipe::open(pipe) {
        Ok(pipe) => pipe,
        Err(error) => {
            let line = format!("zgossip: the actor's pipe cannot be used: {error}");
            return log_line(Level::Error, line.as_bytes());
        }
    };
    let outlived = match live(&mut pipe, label) {
        Ok(last) => last,
        Err(reason) => {
            let line = format!("zgossip: the actor cannot start: {reason}");
            log_line(Level::Error, line.as_bytes());
            Some(LastWords::default())
        }
    };
    if let Some(last) = outlived {
        let _ = afterlife::answer(&mut pipe, last);
    }
    let _ = pipe.leave_room();
}

/// Work for this owner until it has had enough. What the node said last, where it did not end as it
/// should; an error where it could not start.
pub(crate) fn live(owner: &mut dyn Owner, label: &[u8]) -> Result<Option<LastWords>, String> {
    let mut actor = Actor::new(owner, label)?;
    // An error ends the loop only with the sockets' context: then there is no owner any more.
    let panicked = contain(|| actor.work()).is_none();
    let last = actor.last_words();
    // Closing the sockets runs the same code that has just failed.
    contain(|| drop(actor));
    Ok(panicked.then_some(last))
}

fn setup(label: &[u8]) -> Setup {
    Setup {
        label: label.to_vec(),
        seed: random64(),
        node: random64(),
        epoch: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as Millis),
        ignore_keys: std::env::var_os("ZGOSSIP_IGNORE_KEYS")
            .is_some_and(|value| !value.is_empty() && value != "0"),
        sketching: Sketching::default(),
    }
}

struct Actor<'a> {
    node: Node,
    owner: &'a mut dyn Owner,
    owner_ready: bool,
    owner_looks: Looks,
    router: Option<Router>,
    router_ready: bool,
    router_looks: Looks,
    servers: BTreeMap<ServerId, Server>,
    ready_servers: VecDeque<ServerId>,
    /// Sockets that are looked at no later than at this time.
    later: Vec<u64>,
    look_at: Millis,
    /// Messages and commands since the loop last waited for something to come, and when that was.
    taken: u32,
    waited: Millis,
    files: Files,
    outputs: VecDeque<Output>,
    stopping: bool,
    start: Instant,
    /// The time when the present turn began.
    now: Millis,
    looked_around: Millis,
    /// Rounds of the loop since the sockets were polled; one of them had no time for all that came.
    rounds: u32,
    turn_over: bool,
    poller: Poller,
    // Last, so that all sockets are closed before a context of our own is.
    sockets: Sockets,
}

mod look;
mod outputs;
mod servers;

impl<'a> Actor<'a> {
    /// Put together apart and kept in the heap: idle threads keep the pages of their stacks, and the
    /// deepest call is made from here on.
    #[inline(never)]
    fn new(owner: &'a mut dyn Owner, label: &[u8]) -> Result<Box<Actor<'a>>, String> {
        let mut poller = Poller::new();
        let descriptor = owner.descriptor().map_err(|error| error.to_string())?;
        poller.add(descriptor, OWNER).map_err(|error| error.to_string())?;
        Ok(Box::new(Actor {
            node: Node::new(setup(label), 0),
            owner,
            owner_ready: true,
            owner_looks: Looks::default(),
            router: None,
            router_ready: false,
            router_looks: Looks::default(),
            servers: BTreeMap::new(),
            ready_servers: VecDeque::new(),
            later: Vec::new(),
            look_at: 0,
            taken: 0,
            waited: 0,
            files: Files::default(),
            outputs: VecDeque::new(),
            stopping: false,
            start: Instant::now(),
            now: 0,
            looked_around: 0,
            rounds: 0,
            turn_over: false,
            poller,
            sockets: Sockets::of_process().map_err(|error| error.to_string())?,
        }))
    }

    fn last_words(&self) -> LastWords {
        LastWords { tuples: self.node.tuple_count() as i64, port: self.node.port() }
    }

    fn read_clock(&mut self) {
        self.now = self.start.elapsed().as_millis() as Millis;
    }

    /// From here on much is kept out of line that the deepest call, libzmq's connecting, does not need:
    /// its frames would lie below that call in every node's stack, and a page of it stays resident.
    #[inline(never)]
    fn work(&mut self) -> Result<(), ZmqError> {
        loop {
            if self.owner.interrupted() {
                return Ok(());
            }
            self.read_clock();
            self.serve_owner()?;
            if self.stopping {
                return Ok(());
            }
            self.serve_router()?;
            self.serve_servers()?;
            self.read_clock();
            self.look_around()?;
            if self.node.next_deadline().is_some_and(|deadline| deadline <= self.now) {
                self.handle(Input::Tick)?;
            }
            self.flush()?;
            self.look_if_due();
            self.wait();
        }
    }

    /// Until something is readable or due. Returns at once where a socket may have more: mostly one
    /// that was sent to, and that it is cheaper to look at than to poll them all.
    #[inline(never)]
    fn wait(&mut self) {
        let busy = self.owner_ready || self.router_ready || !self.ready_servers.is_empty();
        self.rounds += 1;
        if busy && !self.turn_over && self.rounds < POLL_AFTER {
            return;
        }
        self.rounds = 0;
        self.turn_over = false;
        let now = self.now;
        let until_around = (self.looked_around + LOOK_AROUND).saturating_sub(now);
        let deadline = self.node.next_deadline().unwrap_or(Millis::MAX);
        let until_due = until_around.min(deadline.saturating_sub(now)).min(self.until_look());
        let timeout = if busy { 0 } else { until_due };
        if timeout > 0 {
            self.let_others_go_first();
        }
        let (servers, ready) = (&mut self.servers, &mut self.ready_servers);
        self.poller.wait(timeout as i32, |number| match number {
            OWNER => self.owner_ready = true,
            ROUTER => self.router_ready = true,
            _ => {
                let id = ServerId((number - SERVERS) as u32);
                if let Some(server) = servers.get_mut(&id) {
                    if !std::mem::replace(&mut server.ready, true) {
                        ready.push_back(id);
                    }
                }
            }
        });
    }

    fn serve_owner(&mut self) -> Result<(), ZmqError> {
        for _ in 0..TURN {
            if !self.owner_ready || self.stopping {
                return Ok(());
            }
            self.owner_ready = self.owner.take(&mut self.node, self.now)?;
            self.owner_looks.note(self.now, self.owner_ready);
            self.taken += u32::from(self.owner_ready);
            self.settle()?;
            self.flush()?;
            self.owner.taken(&self.node);
        }
        self.turn_over = true;
        Ok(())
    }

    #[inline(never)]
    fn serve_router(&mut self) -> Result<(), ZmqError> {
        let mut message = FromClient::new();
        for _ in 0..TURN {
            let Some(router) = self.router.as_ref().filter(|_| self.router_ready) else {
                return Ok(());
            };
            self.router_ready = router.receive(&mut message)?;
            self.router_looks.note(self.now, self.router_ready);
            self.taken += u32::from(self.router_ready);
            if self.router_ready {
                self.on_client_message(&message)?;
            }
        }
        self.turn_over = true;
        Ok(())
    }

    /// What is done once a second.
    #[inline(never)]
    fn look_around(&mut self) -> Result<(), ZmqError> {
        let now = self.now;
        if now < self.looked_around + LOOK_AROUND {
            return Ok(());
        }
        self.looked_around = now;
        self.reload_if_changed()?;
        self.look_at_those_down()
    }

    fn flush(&mut self) -> Result<(), ZmqError> {
        if self.node.outbox().front().is_some() {
            self.owner.flush(self.node.outbox())?;
            // Sending may have taken notice of a command's arrival, and so have used up its signal.
            self.sent_to(OWNER);
        }
        Ok(())
    }
}
