//! An owner that calls functions, from any thread: the other kind than a pipe.
//!
//! Calls wait in a queue for the node's thread; each has a place for its answer. Events wait in an
//! `Outbox` of their own, so a node whose events nobody takes costs what the set of tuples costs.

mod call;
mod served;

use super::actor::live;
use super::ffi::os::blocked;
use super::ffi::{Signal, ZmqError};
use crate::core::{Level, Outbox, OwnerMessage, Pair};
pub(crate) use call::{Answer, Failure, Order};
use call::{Call, Request};
use served::Served;
use std::collections::VecDeque;
use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// So many publications may wait for the node's thread before the caller does.
const MOST_REQUESTS: usize = 10_000;
/// So many events wait as they came; of those beyond, the latest of each tuple.
const FULL: usize = 2_000;
/// So many lines for the log wait; the oldest make room.
const MOST_LINES: usize = 100;
/// The node's stack. The deepest calls are those that parse a configuration of 64 levels.
const STACK: usize = 512 << 10;

/// Where lines for the log go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogTo {
    /// CZMQ's log, or standard error.
    Process,
    /// The events.
    Events,
    Nowhere,
}

/// What happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A tuple is new or has a new value.
    Tuple(Pair),
    /// The server at this endpoint has told all that it holds.
    Joined(Arc<[u8]>),
    Line(Level, Vec<u8>),
}

/// What callers and the node's thread share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// There is room for requests again.
    room: Condvar,
    /// Set exactly while requests wait.
    requests: Signal,
    /// Set exactly while events wait, or after the end.
    events: Signal,
    log: LogTo,
    /// Its number tells a fork.
    process: u32,
}

#[derive(Debug, Default)]
struct State {
    requests: VecDeque<Request>,
    outbox: Outbox,
    lines: VecDeque<(Level, Vec<u8>)>,
    /// Why the node's thread has ended.
    ended: Option<String>,
}

impl State {
    fn has_events(&self) -> bool {
        self.outbox.front().is_some() || !self.lines.is_empty() || self.ended.is_some()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Change what waits for the owner, and keep the signal in step.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let before = state.has_events();
        let result = change(&mut state);
        match (before, state.has_events()) {
            (false, true) => self.events.set(),
            (true, false) => self.events.clear(),
            _ => {}
        }
        result
    }
}

/// The owner's side of a node.
#[derive(Debug)]
pub(crate) struct Handle {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Handle {
    /// Start a node on a thread of its own.
    pub(crate) fn start(label: &[u8], log: LogTo) -> io::Result<Handle> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            room: Condvar::new(),
            requests: Signal::new()?,
            events: Signal::new()?,
            log,
            process: std::process::id(),
        });
        let mut served = Served::new(Arc::clone(&shared));
        let label = label.to_vec();
        let builder = std::thread::Builder::new().name("zgossip".to_string()).stack_size(STACK);
        let thread = blocked(|| {
            builder.spawn(move || {
                if let Err(reason) = live(&mut served, &label) {
                    served.end(reason);
                }
            })
        })?;
        Ok(Handle { shared, thread: Mutex::new(Some(thread)) })
    }

    /// A fork has none of its parent's threads.
    fn is_forked(&self) -> bool {
        std::process::id() != self.shared.process
    }

    fn queue(&self, request: Request) -> Result<(), Failure> {
        if self.is_forked() {
            return Err(Failure::Ended("a node does not survive a fork".to_string()));
        }
        let mut state = self.shared.lock();
        while state.requests.len() >= MOST_REQUESTS && state.ended.is_none() {
            state = self.shared.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(reason) = &state.ended {
            return Err(Failure::Ended(reason.clone()));
        }
        if state.requests.is_empty() {
            self.shared.requests.set();
        }
        state.requests.push_back(request);
        Ok(())
    }

    /// Have the node do something, later.
    pub(crate) fn post(&self, order: Order) -> Result<(), Failure> {
        self.queue(Request { order, call: None })
    }

    /// Have the node do something, and wait until it is done.
    pub(crate) fn call(&self, order: Order) -> Result<Answer, Failure> {
        let call = Arc::new(Call::default());
        self.queue(Request { order, call: Some(Arc::clone(&call)) })?;
        call.wait()
    }

    fn next_event(&self) -> Result<Option<Event>, Failure> {
        self.shared.change(|state| {
            if let Some((level, line)) = state.lines.pop_front() {
                return Ok(Some(Event::Line(level, line)));
            }
            match state.outbox.pop() {
                Some(OwnerMessage::Deliver(tuple)) => Ok(Some(Event::Tuple(tuple))),
                Some(OwnerMessage::Joined(endpoint)) => Ok(Some(Event::Joined(endpoint))),
                Some(OwnerMessage::Reply { .. }) | None => match &state.ended {
                    Some(reason) => Err(Failure::Ended(reason.clone())),
                    None => Ok(None),
                },
            }
        })
    }

    /// The next event, waited for; None if none comes in time.
    pub(crate) fn receive(&self, timeout: Option<Duration>) -> Result<Option<Event>, Failure> {
        if self.is_forked() {
            return Err(Failure::Ended("a node does not survive a fork".to_string()));
        }
        // A time-out beyond what the clock can say is none.
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            if let Some(event) = self.next_event()? {
                return Ok(Some(event));
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(None);
            }
            // Rounded up, so as not to spin through the last millisecond.
            let wait = left.map(|left| i32::try_from(left.as_millis() + 1).unwrap_or(i32::MAX));
            match self.shared.events.wait(wait) {
                Err(ZmqError::INTR) => return Err(Failure::Interrupted),
                Err(error) => return Err(Failure::Ended(error.to_string())),
                Ok(()) => {}
            }
        }
    }

    /// Readable exactly while `receive` has something to say at once.
    pub(crate) fn readable(&self) -> BorrowedFd<'_> {
        self.shared.events.as_fd()
    }

    /// End the node, once; returns when its thread has ended and its sockets are closed.
    pub(crate) fn close(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        if self.is_forked() {
            return std::mem::forget(thread);
        }
        let _ = self.post(Order::Command(vec![b"$TERM".to_vec()]));
        let _ = thread.join();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close();
    }
}
