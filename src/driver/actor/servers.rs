//! The servers: received from, sent to, found down, connected again.

use super::look::{Looks, number_of};
use super::{Actor, TURN};
use crate::core::{CurveClient, Input, Received, ServerId};
use crate::driver::dealer::Dealer;
use crate::driver::diagnosis::Diagnosis;
use crate::driver::ffi::{Message, Poller, Sockets, ZmqError};

/// A server that is down is connected anew after so many looks, and then each time so many have
/// passed: libzmq gives up a connection whose handshake was refused.
const FIRST_RETRY: u32 = 2;
const RETRY: u32 = 10;

pub(super) struct Server {
    dealer: Dealer,
    /// Looks around since it went down.
    looks_down: u32,
    /// Whether it is in `ready_servers`.
    pub(super) ready: bool,
    pub(super) looks: Looks,
    diagnosis: Option<Diagnosis>,
}

impl Actor<'_> {
    #[inline(never)]
    pub(super) fn connect(
        &mut self,
        id: ServerId,
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
            Err(reason) => self.handle(Input::ConnectFailed { server: id, reason: &reason }),
        }
    }

    #[inline(never)]
    fn insert(&mut self, id: ServerId, dealer: Dealer) {
        let looks = Looks::default();
        let server = Server { dealer, looks_down: 0, ready: false, looks, diagnosis: None };
        self.servers.insert(id, server);
        self.mark_server_ready(id);
    }

    #[inline(never)]
    pub(super) fn disconnect(&mut self, id: ServerId) {
        let Some(mut server) = self.servers.remove(&id) else { return };
        self.ready_servers.retain(|ready| *ready != id);
        server.stop_diagnosis();
        leave(&mut self.poller, &server.dealer);
    }

    #[inline(never)]
    pub(super) fn serve_servers(&mut self) -> Result<(), ZmqError> {
        for _ in 0..self.ready_servers.len() {
            let Some(id) = self.ready_servers.pop_front() else { break };
            if let Some(server) = self.servers.get_mut(&id) {
                server.ready = false;
                self.serve_server(id)?;
            }
        }
        Ok(())
    }

    fn serve_server(&mut self, id: ServerId) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(&id) else { return Ok(()) };
        if !server.dealer.torn && !server.dealer.up && server.dealer.socket().events()?.1 {
            server.dealer.up = true;
            server.dealer.full = false;
            server.looks_down = 0;
            server.stop_diagnosis();
            self.handle(Input::ServerUp(id))?;
        }
        let mut frame = Message::new();
        for taken in 0..TURN {
            let Some(server) = self.servers.get_mut(&id) else { return Ok(()) };
            if server.dealer.torn {
                return self.give_up(id);
            }
            let received = server.dealer.receive(&mut frame)?;
            let just_looked_at = server.looks.was_just_emptied(self.now);
            server.looks.note(self.now, received.is_some());
            self.taken += u32::from(received.is_some());
            match received {
                Some(frames) => {
                    let message = Received { frame: frame.bytes(), frames };
                    self.handle(Input::FromServer { server: id, message })?;
                }
                // Whether it is still there can be asked a little later.
                None if taken == 1 && just_looked_at => {
                    self.look_later(number_of(id));
                    return Ok(());
                }
                None => return self.check_server_down(id),
            }
        }
        self.turn_over = true;
        self.mark_server_ready(id);
        Ok(())
    }

    /// Only now that all has been read that arrived before.
    fn check_server_down(&mut self, id: ServerId) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(&id) else { return Ok(()) };
        let (readable, writable) = server.dealer.socket().events()?;
        if readable {
            self.mark_server_ready(id);
        } else if !writable && server.dealer.up {
            server.dealer.up = false;
            let reconnected = server.dealer.reconnect();
            self.mark_server_ready(id);
            self.handle(Input::ServerDown(id))?;
            if let Err(error) = reconnected {
                self.refused(id, &error.to_string())?;
            }
        }
        Ok(())
    }

    /// Its DEALER is torn: nothing more of it until it gets a new one.
    fn give_up(&mut self, id: ServerId) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(&id) else { return Ok(()) };
        leave(&mut self.poller, &server.dealer);
        server.dealer.full = false;
        if std::mem::replace(&mut server.dealer.up, false) {
            self.handle(Input::ServerDown(id))?;
        }
        Ok(())
    }

    pub(super) fn mark_server_ready(&mut self, id: ServerId) {
        if let Some(server) = self.servers.get_mut(&id) {
            if !std::mem::replace(&mut server.ready, true) {
                self.ready_servers.push_back(id);
            }
        }
    }

    pub(super) fn send_server(
        &mut self,
        id: ServerId,
        mut message: Message,
    ) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(&id).filter(|server| server.dealer.up) else {
            return Ok(());
        };
        let sent = server.dealer.socket().send(&mut message, false);
        if sent == Err(ZmqError::AGAIN) {
            // Full, or gone: which of the two shows when it can be written to again, and either way
            // the greeting begins anew.
            server.dealer.up = false;
            server.dealer.full = !server.dealer.is_inproc();
            // Within the process nobody else connects again.
            let _ = server.dealer.reconnect();
        }
        match sent {
            Err(ZmqError::AGAIN) => {
                self.mark_server_ready(id);
                self.handle(Input::ServerDown(id))
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
        for (id, server) in &mut self.servers {
            if server.dealer.up || server.dealer.full {
                continue;
            }
            server.looks_down += 1;
            if server.looks_down % RETRY == FIRST_RETRY {
                let outcome = server.retry(*id, &self.sockets, &mut self.poller);
                reasons.extend(outcome.err().map(|reason| (*id, reason)));
                retried.push(*id);
            }
            match &server.diagnosis {
                Some(diagnosis) => reasons.extend(diagnosis.reason().map(|reason| (*id, reason))),
                None if server.dealer.torn => {}
                None => {
                    server.diagnosis = Diagnosis::start(&self.sockets, server.dealer.socket());
                }
            }
        }
        retried.into_iter().for_each(|id| self.mark_server_ready(id));
        reasons.into_iter().try_for_each(|(id, reason)| self.refused(id, &reason))
    }

    fn refused(&mut self, server: ServerId, reason: &str) -> Result<(), ZmqError> {
        self.handle(Input::ServerRefused { server, reason })
    }
}

impl Server {
    fn retry(
        &mut self,
        id: ServerId,
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

fn poll(poller: &mut Poller, id: ServerId, dealer: &Dealer) -> Result<(), String> {
    let descriptor = dealer.socket().descriptor().map_err(|error| error.to_string())?;
    poller.add(descriptor, number_of(id)).map_err(|error| error.to_string())
}

fn leave(poller: &mut Poller, dealer: &Dealer) {
    if let Ok(descriptor) = dealer.socket().descriptor() {
        poller.remove(descriptor);
    }
}
