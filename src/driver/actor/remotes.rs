//! The remotes: received from, sent to, found down, connected again.

use super::look::{Looks, number_of};
use super::{Actor, TURN};
use crate::core::{CurveClient, Input, Received, RemoteId};
use crate::driver::dealer::Dealer;
use crate::driver::diagnosis::Diagnosis;
use crate::driver::ffi::{Message, Poller, Sockets, ZmqError};

/// A remote that is down is connected anew after so many looks, and then each time so many have
/// passed: libzmq gives up a connection whose handshake was refused.
const FIRST_RETRY: u32 = 2;
const RETRY: u32 = 10;

pub(super) struct Remote {
    dealer: Dealer,
    /// Looks around since it went down.
    looks_down: u32,
    /// Whether it is in `ready_remotes`.
    pub(super) ready: bool,
    pub(super) looks: Looks,
    diagnosis: Option<Diagnosis>,
}

impl Actor<'_> {
    #[inline(never)]
    pub(super) fn connect(
        &mut self,
        id: RemoteId,
        endpoint: &[u8],
        curve: Option<Box<CurveClient>>,
    ) -> Result<(), ZmqError> {
        let dealer = Dealer::connect(&self.sockets, endpoint, curve)
            .and_then(|dealer| poll(&mut self.poller, id, &dealer).map(|()| dealer));
        match dealer {
            Ok(dealer) => {
                self.insert(id, dealer);
                Ok(())
            }
            Err(reason) => self.handle(Input::ConnectFailed { remote: id, reason: &reason }),
        }
    }

    #[inline(never)]
    fn insert(&mut self, id: RemoteId, dealer: Dealer) {
        let looks = Looks::default();
        let remote = Remote { dealer, looks_down: 0, ready: false, looks, diagnosis: None };
        self.remotes.insert(id, remote);
        self.mark_remote_ready(id);
    }

    #[inline(never)]
    pub(super) fn disconnect(&mut self, id: RemoteId) {
        let Some(mut remote) = self.remotes.remove(&id) else { return };
        self.ready_remotes.retain(|ready| *ready != id);
        remote.stop_diagnosis();
        leave(&mut self.poller, &remote.dealer);
    }

    #[inline(never)]
    pub(super) fn serve_remotes(&mut self) -> Result<(), ZmqError> {
        for _ in 0..self.ready_remotes.len() {
            let Some(id) = self.ready_remotes.pop_front() else { break };
            if let Some(remote) = self.remotes.get_mut(&id) {
                remote.ready = false;
                self.serve_remote(id)?;
            }
        }
        Ok(())
    }

    fn serve_remote(&mut self, id: RemoteId) -> Result<(), ZmqError> {
        let Some(remote) = self.remotes.get_mut(&id) else { return Ok(()) };
        if !remote.dealer.torn && !remote.dealer.up && remote.dealer.socket().events()?.1 {
            remote.dealer.up = true;
            remote.dealer.full = false;
            remote.looks_down = 0;
            remote.stop_diagnosis();
            self.handle(Input::RemoteUp(id))?;
        }
        let mut frame = Message::new();
        for taken in 0..TURN {
            let Some(remote) = self.remotes.get_mut(&id) else { return Ok(()) };
            if remote.dealer.torn {
                return self.give_up(id);
            }
            let received = remote.dealer.receive(&mut frame)?;
            let just_looked_at = remote.looks.was_just_emptied(self.now);
            remote.looks.note(self.now, received.is_some());
            self.taken += u32::from(received.is_some());
            match received {
                Some(frames) => {
                    let message = Received { frame: frame.bytes(), frames };
                    self.handle(Input::FromRemote { remote: id, message })?;
                }
                // Whether it is still there can be asked a little later.
                None if taken == 1 && just_looked_at => {
                    self.look_later(number_of(id));
                    return Ok(());
                }
                None => return self.check_remote_down(id),
            }
        }
        self.turn_over = true;
        self.mark_remote_ready(id);
        Ok(())
    }

    /// Only now that all has been read that arrived before.
    fn check_remote_down(&mut self, id: RemoteId) -> Result<(), ZmqError> {
        let Some(remote) = self.remotes.get_mut(&id) else { return Ok(()) };
        let (readable, writable) = remote.dealer.socket().events()?;
        if readable {
            self.mark_remote_ready(id);
        } else if !writable && remote.dealer.up {
            remote.dealer.up = false;
            let reconnected = remote.dealer.reconnect();
            self.mark_remote_ready(id);
            self.handle(Input::RemoteDown(id))?;
            if let Err(error) = reconnected {
                self.refused(id, &error.to_string())?;
            }
        }
        Ok(())
    }

    /// Its DEALER is torn: nothing more of it until it gets a new one.
    fn give_up(&mut self, id: RemoteId) -> Result<(), ZmqError> {
        let Some(remote) = self.remotes.get_mut(&id) else { return Ok(()) };
        leave(&mut self.poller, &remote.dealer);
        remote.dealer.full = false;
        if std::mem::replace(&mut remote.dealer.up, false) {
            self.handle(Input::RemoteDown(id))?;
        }
        Ok(())
    }

    pub(super) fn mark_remote_ready(&mut self, id: RemoteId) {
        if let Some(remote) = self.remotes.get_mut(&id) {
            if !std::mem::replace(&mut remote.ready, true) {
                self.ready_remotes.push_back(id);
            }
        }
    }

    pub(super) fn send_remote(
        &mut self,
        id: RemoteId,
        mut message: Message,
    ) -> Result<(), ZmqError> {
        let Some(remote) = self.remotes.get_mut(&id).filter(|remote| remote.dealer.up) else {
            return Ok(());
        };
        let sent = remote.dealer.socket().send(&mut message, false);
        if sent == Err(ZmqError::AGAIN) {
            // Full, or gone: which of the two shows when it can be written to again, and either way
            // the greeting begins anew.
            remote.dealer.up = false;
            remote.dealer.full = !remote.dealer.is_inproc();
            // Within the process nobody else connects again.
            let _ = remote.dealer.reconnect();
        }
        match sent {
            Err(ZmqError::AGAIN) => {
                self.mark_remote_ready(id);
                self.handle(Input::RemoteDown(id))
            }
            outcome => {
                self.sent_to(number_of(id));
                outcome
            }
        }
    }

    /// Once a second: retry, and listen for the reason why they do not come up.
    pub(super) fn look_at_those_down(&mut self) -> Result<(), ZmqError> {
        let (mut reasons, mut retried) = (Vec::new(), Vec::new());
        for (id, remote) in &mut self.remotes {
            if remote.dealer.up || remote.dealer.full {
                continue;
            }
            remote.looks_down += 1;
            if remote.looks_down % RETRY == FIRST_RETRY {
                let outcome = remote.retry(*id, &self.sockets, &mut self.poller);
                reasons.extend(outcome.err().map(|reason| (*id, reason)));
                retried.push(*id);
            }
            match &remote.diagnosis {
                Some(diagnosis) => reasons.extend(diagnosis.reason().map(|reason| (*id, reason))),
                None if remote.dealer.torn => {}
                None => {
                    remote.diagnosis = Diagnosis::start(&self.sockets, remote.dealer.socket());
                }
            }
        }
        retried.into_iter().for_each(|id| self.mark_remote_ready(id));
        reasons.into_iter().try_for_each(|(id, reason)| self.refused(id, &reason))
    }

    fn refused(&mut self, remote: RemoteId, reason: &str) -> Result<(), ZmqError> {
        self.handle(Input::RemoteRefused { remote, reason })
    }
}

impl Remote {
    fn retry(
        &mut self,
        id: RemoteId,
        sockets: &Sockets,
        poller: &mut Poller,
    ) -> Result<(), String> {
        if !self.dealer.torn {
            return self.dealer.connect_again().map_err(|error| error.to_string());
        }
        let dealer = self.dealer.renewed(sockets)?;
        poll(poller, id, &dealer)?;
        self.stop_diagnosis();
        self.dealer = dealer;
        Ok(())
    }

    fn stop_diagnosis(&mut self) {
        if let Some(diagnosis) = self.diagnosis.take() {
            diagnosis.stop(self.dealer.socket());
        }
    }
}

fn poll(poller: &mut Poller, id: RemoteId, dealer: &Dealer) -> Result<(), String> {
    let descriptor = dealer.socket().descriptor().map_err(|error| error.to_string())?;
    poller.add(descriptor, number_of(id)).map_err(|error| error.to_string())
}

fn leave(poller: &mut Poller, dealer: &Dealer) {
    if let Ok(descriptor) = dealer.socket().descriptor() {
        poller.remove(descriptor);
    }
}
