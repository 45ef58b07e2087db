//! What the node wants done, done.

use super::Actor;
use super::readiness::SocketId;
use crate::core::{ClientId, Frame, Input, LinkId, Output, Security, Unsent};
use crate::driver::ffi::{Message, ZmqError, czmq};
use crate::driver::reason::Reason;
use crate::driver::sockets::Router;
use crate::wire::{encode_signal, stamp_extension};
use std::rc::Rc;

impl Actor<'_> {
    /// Carry out all outputs in their order. What one of them causes comes before the next: a file
    /// that says "security, then bind" must not be bound first.
    pub(super) fn settle(&mut self) -> Result<(), ZmqError> {
        if !self.node.has_outputs() {
            return Ok(());
        }
        let mut outputs = std::mem::take(&mut self.outputs);
        self.node.take_outputs(&mut outputs);
        let mut shared = None;
        while let Some(output) = outputs.pop_front() {
            match output {
                Output::Send { link, frame } => {
                    let message = message_of(&frame, outputs.front(), &mut shared)?;
                    match link {
                        LinkId::Client(client) => self.send_client(client, &frame, message)?,
                        LinkId::Server(server) => self.send_server(server, message)?,
                    }
                }
                output => self.carry_out(output)?,
            }
        }
        self.outputs = outputs;
        Ok(())
    }

    fn carry_out(&mut self, output: Output) -> Result<(), ZmqError> {
        match output {
            Output::Send { .. } => Ok(()),
            Output::Bind { endpoint, by_file } => self.bind(&endpoint, by_file),
            Output::Secure(security) => self.secure(&security),
            Output::Connect { server, endpoint, curve } => self.connect(server, &endpoint, curve),
            Output::Disconnect { server } => {
                self.disconnect(server);
                Ok(())
            }
            Output::Load { path, purpose } => self.load(&path, purpose),
            Output::Watch { path } => {
                self.files.watch(&path);
                Ok(())
            }
            Output::Save { path, content } => self.save(&path, &content),
            Output::Log(level, text) => {
                self.owner.log(level, &text);
                Ok(())
            }
            Output::Refused(reason) => {
                self.owner.refused(&reason);
                Ok(())
            }
            Output::LogToStdout => {
                if let Some(czmq) = czmq::czmq() {
                    czmq.log_to_stdout();
                }
                Ok(())
            }
            Output::Stop => {
                self.stopping = true;
                Ok(())
            }
        }
    }

    /// Hand over to the owner what waits for it.
    pub(super) fn flush(&mut self) -> Result<(), ZmqError> {
        if self.node.outbox().front().is_some() {
            self.owner.flush(self.node.outbox())?;
            self.was_sent_to(SocketId::Owner);
        }
        Ok(())
    }

    fn send_client(
        &mut self,
        client: ClientId,
        frame: &Frame,
        mut message: Message,
    ) -> Result<(), ZmqError> {
        let (Some(router), Some(routing_id)) = (&self.router, self.node.routing_id(client)) else {
            return Ok(());
        };
        let sent = router.send(routing_id, &mut message);
        self.was_sent_to(SocketId::Router);
        match sent {
            Ok(()) => Ok(()),
            Err(ZmqError::AGAIN) => {
                let link = LinkId::Client(client);
                self.handle(Input::Blocked { link, unsent: unsent(frame) })
            }
            Err(ZmqError::HOST_UNREACHABLE) => self.handle(Input::ClientGone(client)),
            Err(error) => Err(error),
        }
    }

    /// The ROUTER, made when it is first needed: many nodes only ever connect.
    fn router(&mut self) -> Result<&mut Router, Reason> {
        if self.router.is_none() {
            let router = Router::new(&self.factory)?;
            self.poller.add(router.socket().descriptor()?, SocketId::Router.number())?;
            self.router = Some(router);
            self.mark_ready(SocketId::Router);
        }
        self.router.as_mut().ok_or_else(|| Reason::from(""))
    }

    /// The reason in words, for the node. The owner is told here if it is a shortage.
    pub(super) fn told<'r>(&mut self, reason: &'r Reason) -> &'r str {
        if reason.is_shortage {
            self.owner.short_of_resources();
        }
        &reason.text
    }

    fn bind(&mut self, endpoint: &[u8], by_file: bool) -> Result<(), ZmqError> {
        let outcome = self.router().and_then(|router| router.bind(endpoint));
        self.router_readiness.set(self.router.is_some());
        let outcome = outcome.as_ref().map(|port| *port).map_err(|reason| self.told(reason));
        self.handle(Input::Bound { endpoint, by_file, outcome })
    }

    fn secure(&mut self, security: &Security) -> Result<(), ZmqError> {
        match self.router().and_then(|router| router.secure(security)) {
            Ok(()) => Ok(()),
            Err(reason) => {
                let reason = self.told(&reason);
                self.handle(Input::SecureFailed { reason })
            }
        }
    }

    // Out of line: see `Actor::new`.
    #[inline(never)]
    fn save(&mut self, path: &[u8], content: &[u8]) -> Result<(), ZmqError> {
        match self.files.save(path, content) {
            Ok(()) => Ok(()),
            Err(reason) => {
                let reason = self.told(&reason);
                self.handle(Input::SaveFailed { path, reason })
            }
        }
    }
}

/// The frame as a message. Where the next output sends the same tuple, both share its bytes: `shared`
/// is the message for that one.
fn message_of(
    frame: &Frame,
    next: Option<&Output>,
    shared: &mut Option<Message>,
) -> Result<Message, ZmqError> {
    let (tuple, stamp) = match frame {
        Frame::Signal(signal, None) => return Message::copy_of(&encode_signal(*signal)),
        Frame::Signal(signal, Some(extension)) => {
            let mut bytes = encode_signal(*signal).to_vec();
            extension.write(&mut bytes);
            return Message::copy_of(&bytes);
        }
        Frame::Tuple { frame, stamp, .. } => (frame, stamp),
    };
    let mut message = match (shared.take(), stamp) {
        (Some(message), _) => message,
        (None, None) => Message::copy_of(tuple)?,
        (None, Some(stamp)) => Message::joined(tuple, &stamp_extension(*stamp))?,
    };
    if let Some(Output::Send { frame: Frame::Tuple { frame, stamp: with, .. }, .. }) = next {
        if Rc::ptr_eq(frame, tuple) && with == stamp {
            let share = message.share();
            *shared = Some(message);
            return Ok(share);
        }
    }
    Ok(message)
}

fn unsent(frame: &Frame) -> Unsent {
    match frame {
        Frame::Signal(signal, _) => Unsent::Signal(*signal),
        Frame::Tuple { position, .. } => Unsent::Tuple(*position),
    }
}
