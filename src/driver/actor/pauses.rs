//! Sockets that are not read for a while, because a peer sends faster than it may.
//!
//! Nothing is dropped: what is not read fills libzmq's queue and then the connection, and the peer has to wait. All
//! clients share one socket, whose queues libzmq reads in turn, one message each. So a client that keeps to the limit
//! has its turn as often as one that does not.

use super::Actor;
use super::readiness::SocketId;
use crate::core::{LinkId, Millis};

/// The sockets, and until when.
#[derive(Debug, Default)]
pub(super) struct Pauses(Vec<(SocketId, Millis)>);

impl Pauses {
    fn add(&mut self, socket: SocketId, until: Millis) {
        match self.0.iter_mut().find(|(paused, _)| *paused == socket) {
            Some((_, known)) => *known = until.max(*known),
            None => self.0.push((socket, until)),
        }
    }

    pub(super) fn holds(&self, socket: SocketId) -> bool {
        self.0.iter().any(|(paused, _)| *paused == socket)
    }

    /// Those that are over.
    fn take(&mut self, now: Millis) -> Vec<SocketId> {
        let mut over = Vec::new();
        self.0.retain(|(socket, until)| {
            if *until <= now {
                over.push(*socket);
            }
            *until > now
        });
        over
    }

    /// When the first is over.
    pub(super) fn due(&self) -> Millis {
        self.0.iter().map(|(_, until)| *until).min().unwrap_or(Millis::MAX)
    }
}

impl Actor<'_> {
    /// Read nothing more from there until then.
    pub(super) fn pause(&mut self, link: LinkId, until: Millis) {
        let socket = match link {
            LinkId::Client(_) => SocketId::Router,
            LinkId::Server(id) => SocketId::Server(id),
        };
        self.pauses.add(socket, until);
        if socket == SocketId::Router {
            self.router_readiness.set(false);
        }
    }

    pub(super) fn end_pauses(&mut self) {
        for socket in self.pauses.take(self.now) {
            self.mark_ready(socket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ServerId;

    #[test]
    fn each_socket_is_paused_for_its_own_time() {
        let (mut pauses, server) = (Pauses::default(), SocketId::Server(ServerId(1)));
        assert_eq!(pauses.due(), Millis::MAX);
        pauses.add(SocketId::Router, 10);
        pauses.add(server, 20);
        pauses.add(SocketId::Router, 5);
        assert!(pauses.holds(SocketId::Router) && pauses.holds(server));
        assert_eq!(pauses.due(), 10);
        assert_eq!(pauses.take(9), []);
        assert_eq!(pauses.take(10), [SocketId::Router]);
        assert!(!pauses.holds(SocketId::Router) && pauses.holds(server));
        assert_eq!(pauses.due(), 20);
    }
}
