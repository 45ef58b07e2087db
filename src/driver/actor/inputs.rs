//! What comes from the owner, the clients and the files, told to the node.

use super::readiness::SocketId;
use super::{Actor, TURN};
use crate::core::{Input, Purpose, Received};
use crate::driver::ffi::ZmqError;
use crate::driver::sockets::FromClient;
use crate::wire::{MessageType, encode_signal};

impl Actor<'_> {
    /// Tell the node, and do what it wants done because of it.
    pub(super) fn handle(&mut self, input: Input<'_>) -> Result<(), ZmqError> {
        self.node.handle(self.now, input);
        self.settle()
    }

    pub(super) fn serve_owner(&mut self) -> Result<(), ZmqError> {
        for _ in 0..TURN {
            if !self.owner_readiness.is_ready() || self.stopping || self.node.is_ending() {
                return Ok(());
            }
            let taken = self.owner.take(&mut self.node, self.now);
            self.owner_readiness.set(taken == Ok(true));
            let taken = self.or_later(SocketId::Owner, taken)?;
            self.owner_readiness.note(self.now, taken);
            self.pace.note(taken);
            self.settle()?;
            self.flush()?;
            self.owner.taken(&self.node);
        }
        self.pace.cut_a_turn_short();
        Ok(())
    }

    pub(super) fn serve_clients(&mut self) -> Result<(), ZmqError> {
        let mut message = FromClient::new();
        for _ in 0..TURN {
            let ready = self.router_readiness.is_ready();
            let Some(router) = self.router.as_mut().filter(|_| ready) else { return Ok(()) };
            let received = router.receive(&mut message);
            self.router_readiness.set(received == Ok(true));
            let received = self.or_later(SocketId::Router, received)?;
            let Some(router) = self.router.as_mut() else { return Ok(()) };
            if received && message.frame.bytes().starts_with(&encode_signal(MessageType::Hello)) {
                router.remember_connection(&message, self.now);
            }
            self.router_readiness.note(self.now, received);
            self.pace.note(received);
            if received {
                self.handle(Input::FromClient {
                    routing_id: message.routing_id.bytes(),
                    message: Received { frame: message.frame.bytes(), frames: message.frames },
                })?;
            }
        }
        self.pace.cut_a_turn_short();
        Ok(())
    }

    /// What has come from a socket. Where reading it fails it is tried again later, and not at once.
    pub(super) fn or_later<T>(
        &mut self,
        socket: SocketId,
        outcome: Result<T, ZmqError>,
    ) -> Result<T, ZmqError> {
        if outcome.is_err() {
            self.postpone(socket);
        }
        outcome
    }

    pub(super) fn reload_if_changed(&mut self) -> Result<(), ZmqError> {
        if let Some(path) = self.files.changed() {
            self.load(&path, Purpose::Reload)?;
        }
        match self.files.changed_certificates() {
            Some(path) => self.load_certificates(&path),
            None => Ok(()),
        }
    }

    pub(super) fn load(&mut self, path: &[u8], purpose: Purpose) -> Result<(), ZmqError> {
        let content = self.files.load(path);
        let content = content.as_deref().map_err(|reason| self.told(reason));
        self.handle(Input::Loaded { path, purpose, content })
    }

    pub(super) fn load_certificates(&mut self, path: &[u8]) -> Result<(), ZmqError> {
        let files = self.files.load_certificates(path);
        let files = files.as_deref().map_err(|reason| self.told(reason));
        self.handle(Input::Certificates { path, files })
    }
}
