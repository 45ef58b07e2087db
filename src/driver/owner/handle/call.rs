//! What a handle asks of the node's thread, and what comes back.

use crate::core::Pair;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Something to do or to tell.
#[derive(Debug)]
pub(crate) enum Order {
    /// A command, as its frames on a pipe would be.
    Command(Vec<Vec<u8>>),
    /// Tell the tuple of a key.
    Get(Vec<u8>),
    /// Tell all tuples.
    Snapshot,
    /// Tell the number of tuples.
    Size,
    /// Wait at most so many milliseconds until the neighbours have taken what was published: how many have. -1 is as
    /// long as they take anything.
    Flush(i64),
}

/// What a call brought.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Number of tuples or neighbours, or after a command the last TCP port.
    pub(crate) number: i64,
    pub(crate) tuples: Vec<Pair>,
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The node says no, and why.
    Refused(Vec<u8>),
    /// The system has no more of something, and of what.
    NoResources(Vec<u8>),
    /// There is no node any more, and why.
    Ended(String),
    /// A signal ended the wait.
    Interrupted,
}

/// The place for one answer.
#[derive(Debug, Default)]
pub(super) struct Call {
    outcome: Mutex<Option<Result<Answer, Failure>>>,
    answered: Condvar,
}

impl Call {
    pub(super) fn answer(&self, outcome: Result<Answer, Failure>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.answered.notify_one();
    }

    pub(super) fn wait(&self) -> Result<Answer, Failure> {
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match outcome.take() {
                Some(outcome) => return outcome,
                None => {
                    outcome = self.answered.wait(outcome).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

/// An order, and who waits for it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) order: Order,
    pub(super) call: Option<Arc<Call>>,
}
