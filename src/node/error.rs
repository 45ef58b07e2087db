//! Why a call failed.

use crate::driver::Failure;
use std::fmt;

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument cannot be one.
    BadArgument,
    /// The node cannot or must not do this.
    Refused,
    /// There is no such tuple. C only.
    NotFound,
    /// No event came in time. C only.
    TimedOut,
    /// A signal ended the wait for an event.
    Interrupted,
    /// The node has ended.
    Ended,
    /// There is no more memory, there are no more descriptors, threads or sockets, or libzmq lacks what is needed.
    NoResources,
}

/// Why a call failed, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    text: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, text: String) -> Error {
        Error { kind, text }
    }

    pub(crate) fn bad_argument(text: &str) -> Error {
        Error::new(ErrorKind::BadArgument, text.to_string())
    }

    pub(crate) fn refused(text: String) -> Error {
        Error::new(ErrorKind::Refused, text)
    }

    /// What kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What was wrong, in a line.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Refused(reason) => {
                Error::new(ErrorKind::Refused, String::from_utf8_lossy(&reason).into_owned())
            }
            Failure::NoResources(reason) => {
                Error::new(ErrorKind::NoResources, String::from_utf8_lossy(&reason).into_owned())
            }
            Failure::Ended(reason) => Error::new(ErrorKind::Ended, reason),
            Failure::Interrupted => {
                Error::new(ErrorKind::Interrupted, "a signal ended the wait".to_string())
            }
        }
    }
}
