//! SIGINT and SIGTERM, which CZMQ takes over when it is first used.
//!
//! A program that uses CZMQ knows that and expects it. One that has a handle does not: that CZMQ is
//! loaded as well, by another library perhaps, is no reason why Ctrl-C should stop working.

use super::czmq::Czmq;
use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

const SIGNALS: [c_int; 2] = [libc::SIGINT, libc::SIGTERM];

/// CZMQ's handlers were taken out again.
static TAKEN_OUT: AtomicBool = AtomicBool::new(false);

/// Run code that may be the first to use CZMQ. What is done about the signals stays as it was.
pub(super) fn kept<T>(code: impl FnOnce() -> T) -> T {
    let before = SIGNALS.map(|signal| exchange(signal, None));
    let result = code();
    for (signal, before) in SIGNALS.into_iter().zip(before) {
        // Where CZMQ was in use already, nothing has changed.
        if exchange(signal, None).sa_sigaction != before.sa_sigaction {
            exchange(signal, Some(&before));
            TAKEN_OUT.store(true, Ordering::SeqCst);
        }
    }
    result
}

/// The program uses CZMQ after all: its handlers are what it expects.
pub(super) fn catch(czmq: &Czmq) {
    if TAKEN_OUT.swap(false, Ordering::SeqCst) {
        czmq.catch_interrupts();
    }
}

/// Set what is done about a signal, where that is asked for; what it was.
fn exchange(signal: c_int, new: Option<&libc::sigaction>) -> libc::sigaction {
    let new = new.map_or(std::ptr::null(), |new| &raw const *new);
    // SAFETY: all-zero is a valid sigaction; one that is set was there before.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, new, &mut before);
        before
    }
}
