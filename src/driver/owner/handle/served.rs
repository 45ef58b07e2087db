//! A handle, seen from the node's thread.

use super::LogTo;
use super::call::{Answer, Call, Failure, Order, Request};
use super::shared::Shared;
use crate::core::{Input, Level, Limit, Millis, Node, Outbox};
use crate::driver::actor::Owner;
use crate::driver::ffi::{SocketFactory, ZmqError};
use crate::driver::log::log_line;
use std::collections::VecDeque;
use std::os::fd::RawFd;
use std::sync::Arc;

/// For so long the node's end waits for neighbours that take nothing.
const LINGER: Millis = 1000;

/// The node's end. When it goes, for whatever reason, all who wait are told.
pub(super) struct Served {
    shared: Arc<Shared>,
    log: LogTo,
    /// Taken out of the queue together, to be carried out one by one.
    batch: VecDeque<Request>,
    current: Option<Request>,
    /// Why the current one is not done.
    refusal: Option<Vec<u8>>,
    /// Those who wait for a FLUSH, in the order of their calls.
    flushing: VecDeque<Arc<Call>>,
    /// The refusal is because the system has no more of something.
    short: bool,
}

impl Served {
    pub(super) fn new(shared: Arc<Shared>, log: LogTo) -> Served {
        Served {
            shared,
            log,
            batch: VecDeque::new(),
            current: None,
            refusal: None,
            flushing: VecDeque::new(),
            short: false,
        }
    }

    fn next(&mut self) -> Option<Request> {
        if self.batch.is_empty() {
            self.shared.take_requests(&mut self.batch);
        }
        self.batch.pop_front()
    }

    /// The end: for everybody who waits, and everybody who comes later.
    pub(super) fn end(&mut self, reason: &str) {
        let queued = self.shared.end(reason);
        let batch = std::mem::take(&mut self.batch);
        for call in std::mem::take(&mut self.flushing) {
            call.answer(Err(Failure::Ended(reason.to_string())));
        }
        for request in self.current.take().into_iter().chain(batch).chain(queued) {
            if let Some(call) = request.call {
                call.answer(Err(Failure::Ended(reason.to_string())));
            }
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end("the node has ended");
    }
}

impl Owner for Served {
    fn descriptor(&self) -> Result<RawFd, ZmqError> {
        Ok(self.shared.requests())
    }

    fn sockets(&self) -> Result<SocketFactory, ZmqError> {
        SocketFactory::for_handle()
    }

    fn linger(&self) -> Millis {
        LINGER
    }

    fn take(&mut self, node: &mut Node, now: Millis) -> Result<bool, ZmqError> {
        let Some(mut request) = self.next() else { return Ok(false) };
        match &mut request.order {
            Order::Command(frames) => {
                let texts: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
                node.handle(now, Input::Command(&texts));
                // A large value is in the node now: one copy less while it is sent.
                *frames = Vec::new();
            }
            // Its answer comes later.
            Order::Flush(timeout) => {
                self.flushing.extend(request.call.clone());
                node.handle(now, Input::Command(&[b"FLUSH", timeout.to_string().as_bytes()]));
                return Ok(true);
            }
            Order::Get(_) | Order::Snapshot | Order::Size => {}
        }
        self.current = Some(request);
        Ok(true)
    }

    fn taken(&mut self, node: &Node) {
        self.shared.set_longest_value(node.most(Limit::Value));
        let (refusal, short) = (self.refusal.take(), std::mem::take(&mut self.short));
        let Some(Request { order, call: Some(call) }) = self.current.take() else { return };
        if let Some(reason) = refusal {
            return call.answer(Err(match short {
                true => Failure::NoResources(reason),
                false => Failure::Refused(reason),
            }));
        }
        let (number, tuples) = match order {
            Order::Command(_) => (node.port(), Vec::new()),
            Order::Get(key) => (0, Vec::from_iter(node.tuple(&key))),
            Order::Snapshot => (0, node.snapshot()),
            Order::Size => (node.tuple_count() as i64, Vec::new()),
            Order::Flush(_) => return,
        };
        call.answer(Ok(Answer { number, tuples }));
    }

    fn flush(&mut self, outbox: &mut Outbox) -> Result<(), ZmqError> {
        for taken in self.shared.deliver(outbox) {
            if let Some(call) = self.flushing.pop_front() {
                call.answer(Ok(Answer { number: taken, tuples: Vec::new() }));
            }
        }
        Ok(())
    }

    fn log(&mut self, level: Level, text: &[u8]) {
        match self.log {
            LogTo::Process => log_line(level, text),
            LogTo::Nowhere => {}
            LogTo::Events => self.shared.log(level, text),
        }
    }

    /// A caller that waits gets the first reason as its answer. A shortage is for the log as well: it
    /// concerns whoever runs the process.
    fn refused(&mut self, reason: &[u8]) {
        let waits = self.current.as_ref().is_some_and(|request| request.call.is_some());
        if waits {
            self.refusal.get_or_insert_with(|| reason.to_vec());
        }
        if !waits || self.short {
            self.log(Level::Warning, reason);
        }
    }

    fn short_of_resources(&mut self) {
        self.short = true;
    }

    /// Whoever has a handle destroys it.
    fn interrupted(&self) -> bool {
        false
    }
}
