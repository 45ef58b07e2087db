//! Between threads: a descriptor to wait for.

use super::socket::ZmqError;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, RawFd};

/// Fails unless so many more descriptors can be had. libzmq ends the process in several places where it
/// gets none, so it is asked only where it will. Other threads may take them in between, and libzmq's own
/// take one for each connection: this makes the end of the process unlikely, not impossible.
pub(super) fn spare_descriptors(count: usize) -> Result<(), ZmqError> {
    let spare: io::Result<Vec<Signal>> = (0..count).map(|_| Signal::new()).collect();
    spare.map(drop).map_err(|error| ZmqError(error.raw_os_error().unwrap_or(libc::EMFILE)))
}

/// A descriptor that is readable from `set` to `clear`. An eventfd: nothing to fill up.
#[derive(Debug)]
pub(crate) struct Signal(File);

impl Signal {
    pub(crate) fn new() -> io::Result<Signal> {
        // SAFETY: no pointers involved.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a descriptor that nobody else owns.
        Ok(Signal(unsafe { File::from_raw_fd(fd) }))
    }

    /// Fails only where it is set so often, 2^64 times, that it stays so.
    pub(crate) fn set(&self) {
        let _ = (&self.0).write(&1_u64.to_ne_bytes());
    }

    /// Fails only where it is not set.
    pub(crate) fn clear(&self) {
        let _ = (&self.0).read(&mut [0; 8]);
    }

    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    pub(crate) fn descriptor(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Wait so many milliseconds for it to be set, or for ever. A signal of the system ends the wait
    /// with an error.
    pub(crate) fn wait(&self, timeout: Option<i32>) -> Result<(), ZmqError> {
        let mut poll = libc::pollfd { fd: self.descriptor(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one record.
        match unsafe { libc::poll(&mut poll, 1, timeout.unwrap_or(-1)) } {
            -1 => Err(ZmqError::last()),
            _ => Ok(()),
        }
    }
}
