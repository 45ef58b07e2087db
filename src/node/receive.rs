//! Events: waited for, and polled for.

use super::{Error, Event, Node};
use std::os::fd::{AsFd, BorrowedFd, RawFd};
use std::time::Duration;

impl Node {
    /// The next event, waited for; None if none comes in time. Without a time-out, waits for ever.
    /// Each event goes to one caller.
    ///
    /// A node whose events nobody takes goes on all the same. Once 2,000 wait, a tuple that changes
    /// again replaces its own waiting event: what waits grows with the number of tuples only.
    pub fn recv(&self, timeout: Option<Duration>) -> Result<Option<Event>, Error> {
        Ok(self.0.receive(timeout)?.map(Event::from))
    }

    /// What `as_fd` borrows, as C takes it; an error after a fork.
    pub(crate) fn descriptor(&self) -> Result<RawFd, Error> {
        Ok(self.0.descriptor()?)
    }
}

/// The descriptor is readable exactly while events wait, and after the node has ended: for event
/// loops. It is not to be read, written or closed.
///
/// ```
/// # use std::os::fd::{AsFd, AsRawFd};
/// # let node = zgossip::Node::new("node")?;
/// println!("to be polled: {}", node.as_fd().as_raw_fd());
/// # Ok::<(), zgossip::Error>(())
/// ```
impl AsFd for Node {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.readable()
    }
}
