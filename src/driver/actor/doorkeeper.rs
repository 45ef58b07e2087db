//! Who may come in: the node's list is told to the ZAP handler, and this node is the handler where there is no
//! other.

use super::readiness::SocketId;
use super::{Actor, TURN};
use crate::core::{Admission, Input, Security};
use crate::driver::ffi::ZmqError;
use crate::driver::reason::Reason;
use crate::driver::sockets::{Answerer, HandshakeMonitor, Listed, ZapHandler};

/// The node's list of those who may come in, and the handler if it is this node's.
#[derive(Default)]
pub(super) struct Doorkeeper {
    handler: Option<ZapHandler>,
    list: Option<Listed>,
    has_requests: bool,
    /// The node was told that its list is not asked.
    is_ignored: bool,
    /// Who was refused, where clients need a ZAP handler, which is asked about this domain.
    refused: Option<HandshakeMonitor>,
    domain: Vec<u8>,
}

impl Doorkeeper {
    pub(super) fn has_requests(&self) -> bool {
        self.has_requests
    }

    pub(super) fn mark_ready(&mut self) {
        self.has_requests = true;
    }
}

impl Actor<'_> {
    /// From now on these may come in, and nobody else.
    pub(super) fn admit(&mut self, admission: Admission) -> Result<(), ZmqError> {
        // The new list is known before the old one is forgotten.
        self.doorkeeper.list = Some(Listed::new(admission));
        let outcome = self.see_that_somebody_answers();
        self.doorkeeper.is_ignored = outcome.is_err();
        let outcome = outcome.as_ref().copied().map_err(|reason| self.told(reason));
        self.handle(Input::Admitted(outcome))
    }

    fn see_that_somebody_answers(&mut self) -> Result<(), Reason> {
        if self.doorkeeper.handler.is_some() {
            return Ok(());
        }
        match ZapHandler::start(&self.factory)? {
            Answerer::OurNode => Ok(()),
            Answerer::Foreign => Err(Reason::from(
                "another ZAP handler of this process, such as zauth, says who may come in",
            )),
            Answerer::This(handler) => {
                self.poller.add(handler.socket().descriptor()?, SocketId::Zap.number())?;
                self.doorkeeper.handler = Some(handler);
                self.doorkeeper.has_requests = true;
                Ok(())
            }
        }
    }

    /// Where another was the handler, and has ended, this node takes its place.
    pub(super) fn take_the_door_if_nobody_does(&mut self) -> Result<(), ZmqError> {
        // Until it can be done nobody comes in, and it is tried again.
        if self.doorkeeper.list.is_none() || self.see_that_somebody_answers().is_err() {
            return Ok(());
        }
        match std::mem::take(&mut self.doorkeeper.is_ignored) {
            true => self.handle(Input::Admitted(Ok(()))),
            false => Ok(()),
        }
    }

    /// Where nobody comes in unless a ZAP handler says so: listen for those who were refused because there is
    /// none. To look for one is no way: only who binds to its endpoint learns that it is free, and a handler that
    /// starts at that moment finds it taken. CZMQ's ends the process then.
    pub(super) fn watch_the_door(&mut self, security: &Security) {
        let always = matches!(security, Security::Plain { .. });
        let Some(zap) = security.zap().filter(|zap| always || zap.required) else { return };
        self.doorkeeper.domain.clone_from(&zap.domain);
        if let (None, Some(router)) = (&self.doorkeeper.refused, &self.router) {
            self.doorkeeper.refused = HandshakeMonitor::start(&self.factory, router.socket());
        }
    }

    /// Warn where somebody was refused because there was no handler.
    pub(super) fn warn_if_nobody_answers(&mut self) -> Result<(), ZmqError> {
        let refused = self.doorkeeper.refused.as_ref();
        if !refused.is_some_and(HandshakeMonitor::lacks_zap_handler) {
            return Ok(());
        }
        let domain = self.doorkeeper.domain.clone();
        self.handle(Input::NoZapHandler { domain: &domain })
    }

    /// A handler that has failed in the middle of a request can answer no more. Another is made at the next chores.
    fn leave_the_door(&mut self) {
        let Some(handler) = self.doorkeeper.handler.take() else { return };
        if let Ok(descriptor) = handler.socket().descriptor() {
            self.poller.remove(descriptor);
        }
    }

    /// Answer what is asked about clients.
    pub(super) fn serve_door(&mut self) -> Result<(), ZmqError> {
        for _ in 0..TURN {
            let ready = self.doorkeeper.has_requests;
            let Some(handler) = self.doorkeeper.handler.as_ref().filter(|_| ready) else {
                return Ok(());
            };
            let answered = handler.answer();
            self.doorkeeper.has_requests = matches!(answered, Ok(Some(_)));
            if answered.is_err() {
                self.leave_the_door();
            }
            let answered = answered?;
            if let Some(Some(address)) = answered {
                self.handle(Input::TurnedAway { address: &address })?;
            }
        }
        self.pace.cut_a_turn_short();
        Ok(())
    }
}
