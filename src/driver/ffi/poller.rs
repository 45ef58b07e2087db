//! Waiting for any of many sockets, at a cost that does not grow with their number.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

/// Descriptors with a number each.
///
/// A few are handed to poll each time. With more of them it is an epoll instance that knows them: a
/// thousand servers then cost no more than one, while most nodes do without a descriptor of their
/// own.
#[derive(Default)]
pub(crate) struct Poller {
    few: Vec<(RawFd, u64)>,
    epoll: Option<Epoll>,
}

/// An epoll instance, and room for what one wait for it reports.
struct Epoll {
    instance: OwnedFd,
    events: Box<[libc::epoll_event]>,
}

/// More than so many descriptors are for epoll.
const FEW: usize = 8;
/// Most events that one wait for epoll reports; the others are reported by the next.
const BATCH: usize = 64;

impl Poller {
    /// Report `number` whenever the descriptor is readable.
    pub(crate) fn add(&mut self, descriptor: RawFd, number: u64) -> io::Result<()> {
        if self.epoll.is_none() && self.few.len() < FEW {
            self.few.push((descriptor, number));
            return Ok(());
        }
        let epoll = match &mut self.epoll {
            Some(epoll) => epoll,
            none => none.insert(new_epoll(&mut self.few)?),
        };
        register(&epoll.instance, descriptor, number)
    }

    /// Stop reporting. Must come before the socket is closed: the descriptor is libzmq's.
    pub(crate) fn remove(&mut self, descriptor: RawFd) {
        self.few.retain(|(few, _)| *few != descriptor);
        if let Some(epoll) = &self.epoll {
            let epoll = epoll.instance.as_raw_fd();
            // SAFETY: removal takes no event.
            let _ = unsafe {
                libc::epoll_ctl(epoll, libc::EPOLL_CTL_DEL, descriptor, std::ptr::null_mut())
            };
        }
    }

    /// Wait so many milliseconds at most; the numbers of what is readable. A signal ends the wait
    /// early, with nothing.
    pub(crate) fn wait(&mut self, timeout: i32, mut readable: impl FnMut(u64)) {
        let Some(Epoll { instance, events }) = &mut self.epoll else {
            return wait_for_few(&self.few, timeout, readable);
        };
        // SAFETY: the buffer has room for so many events.
        let count = unsafe {
            libc::epoll_wait(
                instance.as_raw_fd(),
                events.as_mut_ptr(),
                events.len() as i32,
                timeout,
            )
        };
        let count = usize::try_from(count).unwrap_or(0);
        events.iter().take(count).for_each(|event| readable(event.u64));
    }
}

/// An epoll instance that takes over these descriptors.
fn new_epoll(few: &mut Vec<(RawFd, u64)>) -> io::Result<Epoll> {
    // SAFETY: no pointers involved.
    let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a descriptor that nobody else owns.
    let instance = unsafe { OwnedFd::from_raw_fd(fd) };
    for (descriptor, number) in few.iter() {
        register(&instance, *descriptor, *number)?;
    }
    *few = Vec::new();
    let events = vec![libc::epoll_event { events: 0, u64: 0 }; BATCH].into();
    Ok(Epoll { instance, events })
}

fn register(epoll: &OwnedFd, descriptor: RawFd, number: u64) -> io::Result<()> {
    let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: number };
    let epoll = epoll.as_raw_fd();
    // SAFETY: the event is read during the call only.
    match unsafe { libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, descriptor, &mut event) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn wait_for_few(few: &[(RawFd, u64)], timeout: i32, mut readable: impl FnMut(u64)) {
    let mut polled = [libc::pollfd { fd: -1, events: libc::POLLIN, revents: 0 }; FEW];
    polled.iter_mut().zip(few).for_each(|(poll, (descriptor, _))| poll.fd = *descriptor);
    // SAFETY: as many entries as there is room for; those without a descriptor have -1.
    let count = unsafe { libc::poll(polled.as_mut_ptr(), few.len() as libc::nfds_t, timeout) };
    if count > 0 {
        let ready = polled.iter().zip(few).filter(|(poll, _)| poll.revents != 0);
        ready.for_each(|(_, (_, number))| readable(*number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    fn ready(poller: &mut Poller) -> Vec<u64> {
        let mut numbers = Vec::new();
        poller.wait(0, |number| numbers.push(number));
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn few_and_many_descriptors_are_reported_by_their_numbers_until_they_are_removed() {
        for count in [1, FEW, FEW + 1, 2 * FEW] {
            let mut pairs: Vec<_> = (0..count).map(|_| UnixStream::pair().unwrap()).collect();
            let mut poller = Poller::default();
            for (number, (ours, _)) in pairs.iter().enumerate() {
                poller.add(ours.as_raw_fd(), number as u64 + 100).unwrap();
            }
            assert_eq!(ready(&mut poller), Vec::<u64>::new());
            pairs.iter_mut().for_each(|(_, theirs)| theirs.write_all(b"x").unwrap());
            let all: Vec<u64> = (100..100 + count as u64).collect();
            assert_eq!(ready(&mut poller), all);
            poller.remove(pairs[0].0.as_raw_fd());
            assert_eq!(ready(&mut poller), all[1..]);
        }
    }
}
