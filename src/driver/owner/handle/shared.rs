//! What callers and the node's thread share: requests on their way in, events on their way out.

use super::call::{Failure, Request};
use crate::core::{Level, Limit, Limits, Outbox, OwnerMessage, Pair};
use crate::driver::ffi::{Signal, ZmqError};
use std::collections::VecDeque;
use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// So many requests may wait for the node's thread before their callers do.
const MOST_REQUESTS: usize = 10_000;
/// So many events wait as they came; of those beyond, the latest of each tuple.
const FULL: usize = 2_000;
/// So many lines for the log wait; the oldest make room.
const MOST_LINES: usize = 100;

/// What happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A tuple is new or has a new value.
    Tuple(Pair),
    /// The server at this endpoint has told all that it holds.
    Joined(Arc<[u8]>),
    Line(Level, Vec<u8>),
}

#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    /// There is room for requests again.
    room: Condvar,
    /// Set exactly while requests wait.
    requests: Signal,
    /// Set exactly while events wait, or after the end.
    events: Signal,
    /// The longest value that the node takes, so that a longer one is refused by the call itself.
    longest_value: AtomicUsize,
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
    pub(super) fn new() -> io::Result<Shared> {
        Ok(Shared {
            state: Mutex::default(),
            room: Condvar::new(),
            requests: Signal::new()?,
            events: Signal::new()?,
            longest_value: AtomicUsize::new(Limits::default().most(Limit::Value)),
        })
    }

    pub(super) fn longest_value(&self) -> usize {
        self.longest_value.load(Ordering::Relaxed)
    }

    pub(super) fn set_longest_value(&self, bytes: usize) {
        self.longest_value.store(bytes, Ordering::Relaxed);
    }

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

    /// Queue a request, once there is room for it.
    pub(super) fn queue(&self, request: Request) -> Result<(), Failure> {
        let mut state = self.lock();
        while state.requests.len() >= MOST_REQUESTS && state.ended.is_none() {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(reason) = &state.ended {
            return Err(Failure::Ended(reason.clone()));
        }
        if state.requests.is_empty() {
            self.requests.set();
        }
        state.requests.push_back(request);
        Ok(())
    }

    /// All requests that wait, into an empty queue.
    pub(super) fn take_requests(&self, queue: &mut VecDeque<Request>) {
        let mut state = self.lock();
        std::mem::swap(queue, &mut state.requests);
        if !queue.is_empty() {
            self.requests.clear();
            self.room.notify_all();
        }
    }

    /// Readable exactly while requests wait.
    pub(super) fn requests(&self) -> RawFd {
        self.requests.descriptor()
    }

    /// Move what waits in the node's outbox into this one. The answers of FLUSH, which take another way.
    pub(super) fn deliver(&self, outbox: &mut Outbox) -> Vec<i64> {
        let mut flushed = Vec::new();
        self.change(|state| {
            while let Some(message) = outbox.pop() {
                match message {
                    OwnerMessage::Deliver(tuple) => state.outbox.deliver(tuple),
                    OwnerMessage::Joined(endpoint) => state.outbox.joined(endpoint),
                    OwnerMessage::Reply { word: "FLUSH", number } => flushed.push(number),
                    // The other calls have their answers from the node itself.
                    OwnerMessage::Reply { .. } | OwnerMessage::Answer { .. } => {}
                }
            }
            if state.outbox.len() >= FULL {
                state.outbox.pipe_is_full();
            }
        });
        flushed
    }

    /// A line for the log that becomes an event.
    pub(super) fn log(&self, level: Level, text: &[u8]) {
        self.change(|state| {
            if state.lines.len() >= MOST_LINES {
                state.lines.pop_front();
            }
            state.lines.push_back((level, text.to_vec()));
        });
    }

    /// The end: nothing is queued any more. What is left in the queue.
    pub(super) fn end(&self, reason: &str) -> VecDeque<Request> {
        let left = self.change(|state| {
            state.ended.get_or_insert_with(|| reason.to_string());
            std::mem::take(&mut state.requests)
        });
        self.room.notify_all();
        left
    }

    /// The next event, None where none waits.
    pub(super) fn next_event(&self) -> Result<Option<Event>, Failure> {
        self.change(|state| {
            if let Some((level, line)) = state.lines.pop_front() {
                return Ok(Some(Event::Line(level, line)));
            }
            match state.outbox.pop() {
                Some(OwnerMessage::Deliver(tuple)) => Ok(Some(Event::Tuple(tuple))),
                Some(OwnerMessage::Joined(endpoint)) => Ok(Some(Event::Joined(endpoint))),
                Some(OwnerMessage::Reply { .. } | OwnerMessage::Answer { .. }) | None => {
                    match &state.ended {
                        Some(reason) => Err(Failure::Ended(reason.clone())),
                        None => Ok(None),
                    }
                }
            }
        })
    }

    /// Wait so many milliseconds for an event, or for ever.
    pub(super) fn wait_for_event(&self, timeout: Option<i32>) -> Result<(), Failure> {
        self.events.wait(timeout).map_err(|error| match error {
            ZmqError::INTR => Failure::Interrupted,
            error => Failure::Ended(error.to_string()),
        })
    }

    /// Readable exactly while `next_event` has something to say.
    pub(super) fn events(&self) -> BorrowedFd<'_> {
        self.events.as_fd()
    }
}
