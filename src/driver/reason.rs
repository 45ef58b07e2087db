//! Why something could not be done.

use super::ffi::ZmqError;
use std::io;

/// A reason for people, and whether it is that the system has no more of something: a caller may then
/// try again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) text: String,
    pub(crate) is_shortage: bool,
}

/// No more descriptors, sockets or memory.
fn is_shortage(errno: i32) -> bool {
    [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::ENOBUFS].contains(&errno)
}

impl From<ZmqError> for Reason {
    fn from(error: ZmqError) -> Reason {
        Reason { text: error.to_string(), is_shortage: is_shortage(error.0) }
    }
}

impl From<io::Error> for Reason {
    fn from(error: io::Error) -> Reason {
        match error.raw_os_error() {
            Some(errno) => Reason::from(ZmqError(errno)),
            None => Reason::from(error.to_string()),
        }
    }
}

impl From<String> for Reason {
    fn from(text: String) -> Reason {
        Reason { text, is_shortage: false }
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Reason {
        Reason::from(text.to_string())
    }
}
