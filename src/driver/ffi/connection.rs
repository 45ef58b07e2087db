//! A TCP connection of libzmq's, looked at from outside.

use super::message::Message;
use std::ffi::{c_int, c_void};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};

/// Names a connection: its descriptor, which libzmq may close and the system give to another file at any time, and
/// the number that the kernel gives to each socket and never again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Connection {
    descriptor: RawFd,
    cookie: u64,
}

/// What the kernel tells of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic {
    /// Something was sent that the peer's kernel has not acknowledged, or the peer's window is closed.
    pub(crate) is_under_way: bool,
    /// How many bytes the peer's kernel has acknowledged. Before Linux 4.1 this is not known, and 0.
    pub(crate) acknowledged: u64,
    /// Milliseconds since the peer's kernel last acknowledged anything, be it that its window is closed.
    pub(crate) silence: u64,
}

impl Connection {
    /// The one that this message came by; None where that is not by a TCP connection that still stands.
    pub(crate) fn of(message: &Message) -> Option<Connection> {
        let descriptor = message.descriptor()?;
        let connection = Connection { descriptor, cookie: cookie(descriptor)? };
        connection.traffic().map(|_| connection)
    }

    /// None where the connection has been closed.
    pub(crate) fn traffic(&self) -> Option<Traffic> {
        // SAFETY: a record of numbers, of which zero is one.
        let mut info: libc::tcp_info = unsafe { std::mem::zeroed() };
        let place = (&raw mut info).cast();
        option(
            self.descriptor,
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            place,
            size_of::<libc::tcp_info>(),
        )?;
        (cookie(self.descriptor)? == self.cookie).then(|| Traffic {
            is_under_way: info.tcpi_unacked > 0 || info.tcpi_probes > 0,
            acknowledged: info.tcpi_bytes_acked,
            silence: info.tcpi_last_ack_recv.into(),
        })
    }

    /// End the connection, as the peer would. libzmq notices, closes it, and makes a new one where it has to.
    pub(crate) fn end(&self) {
        // SAFETY: borrowed for one call, which fails where the descriptor is closed by now.
        let borrowed = unsafe { BorrowedFd::borrow_raw(self.descriptor) };
        // What this one names cannot become another file between the question and the deed.
        let Ok(own) = borrowed.try_clone_to_owned() else { return };
        if is_named(&own, self.cookie) {
            // SAFETY: no pointers involved.
            unsafe { libc::shutdown(own.as_raw_fd(), libc::SHUT_RDWR) };
        }
    }
}

fn is_named(descriptor: &OwnedFd, name: u64) -> bool {
    cookie(descriptor.as_raw_fd()) == Some(name)
}

fn cookie(descriptor: RawFd) -> Option<u64> {
    let mut cookie = 0_u64;
    let place = (&raw mut cookie).cast();
    option(descriptor, libc::SOL_SOCKET, libc::SO_COOKIE, place, size_of::<u64>())?;
    Some(cookie)
}

/// Read an option into this place, which has so many bytes; None where the descriptor has no such option.
fn option(
    descriptor: RawFd,
    level: c_int,
    name: c_int,
    place: *mut c_void,
    size: usize,
) -> Option<()> {
    let mut size = libc::socklen_t::try_from(size).ok()?;
    // SAFETY: the place has as many bytes as the size says; a descriptor that is none is refused.
    let rc = unsafe { libc::getsockopt(descriptor, level, name, place, &mut size) };
    (rc == 0).then_some(())
}
