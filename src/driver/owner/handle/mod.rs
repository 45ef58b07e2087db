//! An owner that calls functions, from any thread.
//!
//! Requests wait in a queue for the node's thread; each call has a place for its answer. Events wait in
//! an `Outbox` of their own, so where nobody takes them, no more waits than one for each tuple.

mod call;
mod served;
mod shared;

pub(crate) use call::{Answer, Failure, Order};
pub(crate) use shared::Event;

use crate::driver::actor::live;
use crate::driver::ffi::os::blocked;
use call::{Call, Request};
use served::Served;
use shared::Shared;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

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

/// The owner's side of a node.
#[derive(Debug)]
pub(crate) struct Handle {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// The process that started the node: a fork has none of its parent's threads.
    process: u32,
}

impl Handle {
    /// Start a node on a thread of its own.
    pub(crate) fn start(label: &[u8], log: LogTo) -> io::Result<Handle> {
        let shared = Arc::new(Shared::new()?);
        let mut served = Served::new(Arc::clone(&shared), log);
        let label = label.to_vec();
        let builder = std::thread::Builder::new().name("zgossip".to_string()).stack_size(STACK);
        let thread = blocked(|| {
            builder.spawn(move || {
                if let Err(reason) = live(&mut served, &label) {
                    served.end(&reason);
                }
            })
        })?;
        Ok(Handle { shared, thread: Mutex::new(Some(thread)), process: std::process::id() })
    }

    fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }

    /// What is shared with the node's thread, where there is one.
    fn shared(&self) -> Result<&Shared, Failure> {
        match self.is_forked() {
            true => Err(Failure::Ended("a node does not survive a fork".to_string())),
            false => Ok(&self.shared),
        }
    }

    /// The longest value that the node takes, in bytes.
    pub(crate) fn longest_value(&self) -> Result<usize, Failure> {
        Ok(self.shared()?.longest_value())
    }

    /// Have the node do something, later.
    pub(crate) fn post(&self, order: Order) -> Result<(), Failure> {
        self.shared()?.queue(Request { order, call: None })
    }

    /// Have the node do something, and wait until it is done.
    pub(crate) fn call(&self, order: Order) -> Result<Answer, Failure> {
        let call = Arc::new(Call::default());
        self.shared()?.queue(Request { order, call: Some(Arc::clone(&call)) })?;
        call.wait()
    }

    /// The next event, waited for; None if none comes in time.
    pub(crate) fn receive(&self, timeout: Option<Duration>) -> Result<Option<Event>, Failure> {
        let shared = self.shared()?;
        // A time-out beyond what the clock can say is none.
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            if let Some(event) = shared.next_event()? {
                return Ok(Some(event));
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(None);
            }
            // Rounded up, so as not to spin through the last millisecond.
            let wait = left.map(|left| i32::try_from(left.as_millis() + 1).unwrap_or(i32::MAX));
            shared.wait_for_event(wait)?;
        }
    }

    /// Readable exactly while `receive` has something to say at once. After a fork it is the parent's.
    pub(crate) fn readable(&self) -> BorrowedFd<'_> {
        self.shared.events()
    }

    /// The same, where there is still a node behind it.
    pub(crate) fn descriptor(&self) -> Result<RawFd, Failure> {
        Ok(self.shared()?.events().as_raw_fd())
    }

    /// End the node, once; returns when its thread has ended and its sockets are closed.
    pub(crate) fn close(&self) {
        if self.is_forked() {
            return;
        }
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        let _ = self.post(Order::Command(vec![b"$TERM".to_vec()]));
        let _ = thread.join();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.is_forked() {
            // The thread is not in this process, and whoever has the lock may not be either.
            let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner);
            return std::mem::forget(thread.take());
        }
        self.close();
    }
}
