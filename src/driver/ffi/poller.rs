//! Waiting for any of many sockets, at a cost that does not grow with their number.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

/// An epoll instance whose registrations carry a number each.
pub(crate) struct Poller {
    epoll: OwnedFd,
    events: Vec<libc::epoll_event>,
}

/// Most events that one wait reports; the others are reported by the next.
const BATCH: usize = 64;

impl Poller {
    pub(crate) fn new() -> io::Result<Poller> {
        // SAFETY: no pointers involved.
        let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a descriptor that nobody else owns.
        let epoll = unsafe { OwnedFd::from_raw_fd(fd) };
        Ok(Poller { epoll, events: vec![libc::epoll_event { events: 0, u64: 0 }; BATCH] })
    }

    /// Report `number` whenever the descriptor is readable.
    pub(crate) fn add(&self, descriptor: RawFd, number: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: number };
        let epoll = self.epoll.as_raw_fd();
        // SAFETY: the event is read during the call only.
        if unsafe { libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, descriptor, &mut event) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }

    /// Stop reporting. Must come before the socket is closed: the descriptor is libzmq's.
    pub(crate) fn remove(&self, descriptor: RawFd) {
        let epoll = self.epoll.as_raw_fd();
        // SAFETY: removal takes no event.
        let _ = unsafe {
            libc::epoll_ctl(epoll, libc::EPOLL_CTL_DEL, descriptor, std::ptr::null_mut())
        };
    }

    /// Wait so many milliseconds at most; the numbers of what is readable. A signal ends the wait
    /// early, with nothing.
    pub(crate) fn wait(&mut self, timeout: i32, mut readable: impl FnMut(u64)) {
        let (epoll, capacity) = (self.epoll.as_raw_fd(), self.events.len() as i32);
        // SAFETY: the buffer has room for `capacity` events.
        let count = unsafe { libc::epoll_wait(epoll, self.events.as_mut_ptr(), capacity, timeout) };
        let count = usize::try_from(count).unwrap_or(0);
        self.events.iter().take(count).for_each(|event| readable(event.u64));
    }
}
