//! Which sockets may have something to read, and when the loop reads them.
//!
//! libzmq makes a socket's descriptor readable once when something has come, and not for as long as it
//! is there. Sending to the socket may take that signal away. So a socket that was sent to may have
//! something that the poller will never tell of: it has to be read, at the price of two system calls,
//! and mostly there is nothing. For a tuple that comes alone this would be half of what it costs. That
//! is why, after such a tuple, a socket that was quiet until now is *postponed*: it is read some
//! milliseconds later, and together with all others that were postponed meanwhile.
//!
//! A socket is in one of four states. Ready: it is read in the next round of the loop. Postponed: it
//! becomes ready within `PAUSE`. Paused: it is not read until then. Otherwise the poller tells when something has come.

use super::Actor;
use crate::core::{Millis, ServerId};

/// A postponed socket is read after so many milliseconds at the latest. A node that sleeps for less
/// than this, one time after the other, counts as woken all the time.
const PAUSE: Millis = 5;
/// For so many milliseconds after something has come from a socket it is not postponed.
const LIVELY: Millis = 20;
/// The poller is asked at least every so many rounds of the loop, however many sockets are ready.
const MOST_ROUNDS: u32 = 16;

/// A socket that the loop reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SocketId {
    Owner,
    Router,
    /// The answers of name servers.
    Names,
    /// The sockets' context.
    Context,
    /// The ZAP handler.
    Zap,
    Server(ServerId),
}

impl SocketId {
    /// The number that it has for the poller.
    pub(super) fn number(self) -> u64 {
        match self {
            SocketId::Owner => 0,
            SocketId::Router => 1,
            SocketId::Names => 2,
            SocketId::Context => 3,
            SocketId::Zap => 4,
            SocketId::Server(server) => 5 + u64::from(server.0),
        }
    }

    pub(super) fn of(number: u64) -> SocketId {
        match number {
            0 => SocketId::Owner,
            1 => SocketId::Router,
            2 => SocketId::Names,
            3 => SocketId::Context,
            4 => SocketId::Zap,
            _ => SocketId::Server(ServerId((number - 5) as u32)),
        }
    }
}

/// Whether a socket may have something to read.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    ready: bool,
    postponed: bool,
    /// When something came from it last, and when nothing was left in it.
    came: Millis,
    emptied: Millis,
}

impl Readiness {
    pub(super) fn ready() -> Readiness {
        Readiness { ready: true, ..Readiness::default() }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    /// Whether it is ready from now on; whether it was before.
    pub(super) fn set(&mut self, ready: bool) -> bool {
        std::mem::replace(&mut self.ready, ready)
    }

    /// It was read: something came, or nothing was left.
    pub(super) fn note(&mut self, now: Millis, something: bool) {
        *(if something { &mut self.came } else { &mut self.emptied }) = now;
    }

    /// Whether it was empty a moment ago.
    pub(super) fn was_just_emptied(&self, now: Millis) -> bool {
        now < self.emptied + PAUSE
    }

    /// Whether it may be postponed after something was sent to it.
    fn may_be_postponed(&self, now: Millis) -> bool {
        now >= self.came + LIVELY && self.was_just_emptied(now)
    }
}

/// The sockets that are postponed.
#[derive(Debug, Default)]
pub(super) struct Postponed {
    sockets: Vec<SocketId>,
    /// When they become ready, all together.
    until: Millis,
}

impl Postponed {
    fn add(&mut self, socket: SocketId, now: Millis) {
        if self.sockets.is_empty() {
            self.until = now + PAUSE;
        }
        self.sockets.push(socket);
    }

    /// Those whose time has come.
    fn take(&mut self, now: Millis) -> Vec<SocketId> {
        if now < self.until { Vec::new() } else { std::mem::take(&mut self.sockets) }
    }

    pub(super) fn due(&self) -> Millis {
        if self.sockets.is_empty() { Millis::MAX } else { self.until }
    }
}

/// How busy the loop is: when it polls the sockets, and how it goes to sleep.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Messages and commands since it last went to sleep, and when that was.
    taken: u32,
    slept: Millis,
    /// Rounds since the sockets were polled; whether a turn in one of them was too short for all that
    /// had come.
    rounds: u32,
    cut_short: bool,
}

impl Pace {
    /// A socket was read, and something came or not.
    pub(super) fn note(&mut self, something: bool) {
        self.taken += u32::from(something);
    }

    /// A turn ended before its socket was empty.
    pub(super) fn cut_a_turn_short(&mut self) {
        self.cut_short = true;
    }

    /// Whether what came since the last sleep is more than one message.
    fn is_behind_many(&self) -> bool {
        self.taken > 1
    }

    /// At the end of a round: whether the sockets are polled now.
    pub(super) fn polls(&mut self, any_ready: bool) -> bool {
        self.rounds += 1;
        let polls = !any_ready || self.cut_short || self.rounds >= MOST_ROUNDS;
        if polls {
            (self.rounds, self.cut_short) = (0, false);
        }
        polls
    }

    /// Before the loop sleeps. A node that is woken all the time lets the other threads go first,
    /// libzmq's own among them: it then finds more at once, and is woken less often.
    pub(super) fn sleep(&mut self, now: Millis) {
        if now < self.slept + PAUSE {
            std::thread::yield_now();
        }
        (self.slept, self.taken) = (now, 0);
    }
}

impl Actor<'_> {
    fn readiness(&mut self, socket: SocketId) -> Option<&mut Readiness> {
        match socket {
            SocketId::Owner => Some(&mut self.owner_readiness),
            SocketId::Router => Some(&mut self.router_readiness),
            SocketId::Names | SocketId::Context | SocketId::Zap => None,
            SocketId::Server(server) => self.servers.readiness(server),
        }
    }

    pub(super) fn is_any_ready(&self) -> bool {
        self.owner_readiness.is_ready()
            || self.router_readiness.is_ready()
            || self.names_came
            || self.context_has_news
            || self.doorkeeper.has_requests()
            || self.servers.is_any_ready()
    }

    /// The socket may have something. One that is paused is looked at when the pause is over.
    pub(super) fn mark_ready(&mut self, socket: SocketId) {
        if self.pauses.holds(socket) {
            return;
        }
        match socket {
            SocketId::Server(server) => self.servers.mark_ready(server),
            SocketId::Owner => drop(self.owner_readiness.set(true)),
            SocketId::Router => drop(self.router_readiness.set(true)),
            SocketId::Names => self.names_came = true,
            SocketId::Context => self.context_has_news = true,
            SocketId::Zap => self.doorkeeper.mark_ready(),
        }
    }

    /// Something was sent to the socket. Behind many messages it is never postponed: a node that goes to
    /// sleep sooner is woken more often, for less.
    pub(super) fn was_sent_to(&mut self, socket: SocketId) {
        let (now, alone) = (self.now, !self.pace.is_behind_many());
        let may = |readiness: &mut Readiness| readiness.may_be_postponed(now);
        if alone && self.readiness(socket).is_some_and(may) {
            self.postpone(socket);
        } else {
            self.mark_ready(socket);
        }
    }

    pub(super) fn postpone(&mut self, socket: SocketId) {
        let Some(readiness) = self.readiness(socket) else { return };
        if !std::mem::replace(&mut readiness.postponed, true) {
            self.postponed.add(socket, self.now);
        }
    }

    /// Make the postponed sockets ready, if it is time.
    pub(super) fn end_postponement(&mut self) {
        for socket in self.postponed.take(self.now) {
            if let Some(readiness) = self.readiness(socket) {
                readiness.postponed = false;
                self.mark_ready(socket);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_quiet_socket_that_was_just_found_empty_is_postponed() {
        let mut readiness = Readiness::default();
        readiness.note(1000, true);
        readiness.note(1000, false);
        assert!(!readiness.may_be_postponed(1000), "something has just come: more may");
        readiness.note(1000 + LIVELY, false);
        assert!(readiness.may_be_postponed(1000 + LIVELY));
        assert!(readiness.may_be_postponed(1000 + LIVELY + PAUSE - 1));
        assert!(!readiness.may_be_postponed(1000 + LIVELY + PAUSE), "it has been long enough");
    }

    #[test]
    fn a_socket_is_known_by_its_number() {
        use SocketId::{Context, Names, Owner, Router, Zap};
        let sockets = [Owner, Router, Names, Context, Zap];
        let servers = [0, 1, u32::MAX].map(|number| SocketId::Server(ServerId(number)));
        for socket in sockets.into_iter().chain(servers) {
            assert_eq!(SocketId::of(socket.number()), socket);
        }
    }

    #[test]
    fn postponed_sockets_become_ready_together_when_the_first_is_due() {
        let mut postponed = Postponed::default();
        assert_eq!(postponed.due(), Millis::MAX);
        postponed.add(SocketId::Owner, 100);
        postponed.add(SocketId::Router, 100 + PAUSE - 1);
        assert_eq!(postponed.due(), 100 + PAUSE);
        assert_eq!(postponed.take(100 + PAUSE - 1), []);
        assert_eq!(postponed.take(100 + PAUSE), [SocketId::Owner, SocketId::Router]);
        assert_eq!(postponed.due(), Millis::MAX);
    }

    #[test]
    fn the_loop_polls_when_nothing_is_ready_when_a_turn_was_short_and_every_so_many_rounds() {
        let mut pace = Pace::default();
        assert!(pace.polls(false));
        for _ in 1..MOST_ROUNDS {
            assert!(!pace.polls(true));
        }
        assert!(pace.polls(true));
        pace.cut_a_turn_short();
        assert!(pace.polls(true));
        assert!(!pace.polls(true));
    }
}
