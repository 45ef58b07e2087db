//! Errors, as C sees them: a code, and a text that this thread can ask for.

use crate::driver::contain;
use crate::node::{Error, ErrorKind};
use std::cell::RefCell;
use std::ffi::{c_char, c_int};

/// An argument is NULL, too long, or no value that is defined; or the node has been destroyed.
pub const ZGOSSIP_BAD_ARGUMENT: c_int = -1;
/// The node cannot or must not do this; the text says why.
pub const ZGOSSIP_REFUSED: c_int = -2;
/// The node holds no such tuple.
pub const ZGOSSIP_NOT_FOUND: c_int = -3;
/// No event came in time.
pub const ZGOSSIP_TIMED_OUT: c_int = -4;
/// A signal ended the wait for an event.
pub const ZGOSSIP_INTERRUPTED: c_int = -5;
/// The node has ended: it is being destroyed, CZMQ's context has ended, or this is a fork.
pub const ZGOSSIP_ENDED: c_int = -6;
/// There are no more descriptors, threads or sockets, or libzmq lacks what is needed.
pub const ZGOSSIP_NO_RESOURCES: c_int = -7;
/// A fault of this library; the log has a line about it.
pub const ZGOSSIP_INTERNAL: c_int = -8;

/// Longest text that is kept, with its NUL.
const LONGEST: usize = 512;

thread_local! {
    static LAST: RefCell<(c_int, [u8; LONGEST])> = const { RefCell::new((0, [0; LONGEST])) };
}

fn code_of(kind: ErrorKind) -> c_int {
    match kind {
        ErrorKind::BadArgument => ZGOSSIP_BAD_ARGUMENT,
        ErrorKind::Refused => ZGOSSIP_REFUSED,
        ErrorKind::NotFound => ZGOSSIP_NOT_FOUND,
        ErrorKind::TimedOut => ZGOSSIP_TIMED_OUT,
        ErrorKind::Interrupted => ZGOSSIP_INTERRUPTED,
        ErrorKind::Ended => ZGOSSIP_ENDED,
        ErrorKind::NoResources => ZGOSSIP_NO_RESOURCES,
    }
}

/// Remember an error for this thread; its code.
fn remember(code: c_int, text: &str) -> c_int {
    LAST.with_borrow_mut(|(last, kept)| {
        let size = text.len().min(LONGEST - 1);
        *last = code;
        kept.fill(0);
        kept.iter_mut().zip(text.bytes().take(size)).for_each(|(to, from)| *to = from);
    });
    code
}

pub(super) fn bad_argument(name: &str, what: &str) -> Error {
    Error::new(ErrorKind::BadArgument, [name, " ", what].concat())
}

pub(super) fn not_found() -> Error {
    Error::new(ErrorKind::NotFound, "there is no such tuple".to_string())
}

pub(super) fn timed_out() -> Error {
    Error::new(ErrorKind::TimedOut, "no event came in time".to_string())
}

/// The result of a call, or the code of its error, which is remembered. Not generic: there are thirty
/// callers.
pub(super) fn answer(call: &mut dyn FnMut() -> Result<i64, Error>) -> i64 {
    i64::from(match contain(call) {
        Some(Ok(result)) => return result,
        Some(Err(error)) => remember(code_of(error.kind()), error.text()),
        None => remember(ZGOSSIP_INTERNAL, "internal error"),
    })
}

/// The same where the result is an int.
pub(super) fn code(call: &mut dyn FnMut() -> Result<i64, Error>) -> c_int {
    answer(call) as c_int
}

/// The code of the last call that failed in this thread, of all functions of this header; 0 if none
/// has. Calls that succeed leave it as it is.
///
/// Threads: any, each has its own.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_error_code() -> c_int {
    LAST.with_borrow(|(code, _)| *code)
}

/// What was wrong with the last call that failed in this thread, for people to read: a C string,
/// empty if none has failed. It stays valid until the next call that fails in this thread, or the
/// thread's end.
///
/// Threads: any, each has its own.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_error_text() -> *const c_char {
    LAST.with_borrow(|(_, text)| text.as_ptr().cast())
}
