//! When sockets are looked at, and when the loop waits.
//!
//! A socket's descriptor says once that something has come, and sending to the socket may use that
//! up: what was sent to has to be looked at again, at the price of two system calls. Those looks are
//! half of what a tuple costs that comes alone. After such a one, a socket that was quiet until now
//! waits some milliseconds for its look, together with all others that do.

use super::{Actor, OWNER, ROUTER, SERVERS};
use crate::core::{Millis, ServerId};

/// A socket that waits for its look waits so long at most. A node that waits again so soon is woken
/// all the time.
const PAUSE: Millis = 5;
/// A socket that something has come from is looked at without delay for so long.
const LIVELY: Millis = 20;

/// When something came from a socket, and when nothing was left in it.
#[derive(Debug, Default)]
pub(super) struct Looks {
    heard: Millis,
    emptied: Millis,
    /// Whether it waits for its look.
    waiting: bool,
}

impl Looks {
    /// Something came, or there was nothing.
    pub(super) fn note(&mut self, now: Millis, something: bool) {
        *(if something { &mut self.heard } else { &mut self.emptied }) = now;
    }

    /// Whether it may wait for its look after something was sent to it.
    fn may_wait(&self, now: Millis) -> bool {
        now >= self.heard + LIVELY && self.was_just_emptied(now)
    }

    pub(super) fn was_just_emptied(&self, now: Millis) -> bool {
        now < self.emptied + PAUSE
    }
}

impl Actor<'_> {
    /// Something was sent to a socket. Behind many messages it is looked at without delay: a node that
    /// sleeps sooner is woken more often, for less.
    pub(super) fn sent_to(&mut self, number: u64) {
        let (now, alone) = (self.now, self.taken <= 1);
        if alone && self.looks(number).is_some_and(|looks| looks.may_wait(now)) {
            self.look_later(number);
        } else {
            self.mark_ready(number);
        }
    }

    /// The socket is to be looked at within the pause.
    pub(super) fn look_later(&mut self, number: u64) {
        let Some(looks) = self.looks(number) else { return };
        if !std::mem::replace(&mut looks.waiting, true) {
            if self.later.is_empty() {
                self.look_at = self.now + PAUSE;
            }
            self.later.push(number);
        }
    }

    /// Look at all that wait for it, if it is time.
    pub(super) fn look_if_due(&mut self) {
        if self.now < self.look_at {
            return;
        }
        for number in std::mem::take(&mut self.later) {
            if let Some(looks) = self.looks(number) {
                looks.waiting = false;
                self.mark_ready(number);
            }
        }
    }

    /// How long the loop may wait for something else.
    pub(super) fn until_look(&self) -> Millis {
        if self.later.is_empty() { Millis::MAX } else { self.look_at.saturating_sub(self.now) }
    }

    /// Before a wait: a node that is woken all the time lets the others go first, libzmq's own thread
    /// among them. It then finds more at once, and is woken less often.
    pub(super) fn let_others_go_first(&mut self) {
        if self.now < self.waited + PAUSE {
            std::thread::yield_now();
        }
        self.waited = self.now;
        self.taken = 0;
    }

    fn looks(&mut self, number: u64) -> Option<&mut Looks> {
        match number {
            OWNER => Some(&mut self.owner_looks),
            ROUTER => Some(&mut self.router_looks),
            _ => self.servers.get_mut(&server_of(number)).map(|server| &mut server.looks),
        }
    }

    /// Something may have come.
    fn mark_ready(&mut self, number: u64) {
        match number {
            OWNER => self.owner_ready = true,
            ROUTER => self.router_ready = true,
            _ => self.mark_server_ready(server_of(number)),
        }
    }
}

fn server_of(number: u64) -> ServerId {
    ServerId((number - SERVERS) as u32)
}

pub(super) fn number_of(server: ServerId) -> u64 {
    SERVERS + u64::from(server.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_quiet_socket_that_was_just_found_empty_waits() {
        let mut looks = Looks::default();
        looks.note(1000, true);
        looks.note(1000, false);
        assert!(!looks.may_wait(1000), "something has just come: more may");
        looks.note(1000 + LIVELY, false);
        assert!(looks.may_wait(1000 + LIVELY));
        assert!(looks.may_wait(1000 + LIVELY + PAUSE - 1));
        assert!(!looks.may_wait(1000 + LIVELY + PAUSE), "it has waited long enough");
    }
}
