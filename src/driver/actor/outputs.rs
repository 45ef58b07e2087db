//! What the node wants done, done.

use super::Actor;
use super::backlog::Shared;
use super::readiness::SocketId;
use crate::core::{ClientId, Frame, Input, Limit, LinkId, Output, Security, Unsent};
use crate::driver::ffi::{Message, ZmqError, czmq};
use crate::driver::reason::Reason;
use crate::driver::sockets::Router;

impl Actor<'_> {
    /// Carry out all outputs in their order. What one of them causes comes before the next: a file
    /// that says "security, then bind" must not be bound first.
    pub(super) fn settle(&mut self) -> Result<(), ZmqError> {
        if !self.node.has_outputs() {
            return Ok(());
        }
        let mut outputs = std::mem::take(&mut self.outputs);
        self.node.take_outputs(&mut outputs);
        let mut shared = Shared::default();
        // Nothing more is tried with a peer that could not take a message: it is sent the rest later.
        let mut blocked = None;
        while let Some(output) = outputs.pop_front() {
            match output {
                Output::Send { link, frame } => {
                    if self.is_blocked(link, &frame, &mut blocked) {
                        self.handle(Input::Blocked { link, unsent: unsent(&frame) })?;
                        continue;
                    }
                    let Actor { backlog, node, .. } = self;
                    let held = || backlog.of(link, node);
                    let message = match shared.message_of(&frame, outputs.front(), held) {
                        Ok(message) => message,
                        // Without memory it waits as it would for a peer that is slow.
                        Err(error) => {
                            self.survive(error)?;
                            blocked = Some(link);
                            self.handle(Input::Blocked { link, unsent: unsent(&frame) })?;
                            continue;
                        }
                    };
                    match link {
                        LinkId::Client(client) => {
                            if !self.send_client(client, &frame, message)? {
                                blocked = Some(link);
                            }
                        }
                        LinkId::Server(server) => self.send_server(server, message)?,
                    }
                }
                output => {
                    self.carry_out(output)?;
                    // Files and new sockets take their time, and what comes next is later by that.
                    self.read_clock();
                }
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
            Output::Admit(admission) => self.admit(*admission),
            Output::Certificates { path } => self.load_certificates(&path),
            Output::Connect { server, endpoint, curve } => self.connect(server, &endpoint, curve),
            Output::Pause { link, until } => {
                self.pause(link, until);
                Ok(())
            }
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

    /// Whether the frame has to wait: too many bytes do already, or one before it has to. What is short is for
    /// libzmq's bound of messages; to a server, whose PONGs are counted, it always goes out.
    fn is_blocked(&mut self, link: LinkId, frame: &Frame, blocked: &mut Option<LinkId>) -> bool {
        let is_long = match (frame, link) {
            (Frame::Tuple { frame, .. }, _) => frame.is_long(),
            (Frame::Signal(..), LinkId::Client(_)) => false,
            (Frame::Signal(..), LinkId::Server(_)) => return false,
        };
        if *blocked == Some(link) {
            return true;
        }
        let most = self.node.most(Limit::Waiting);
        let full = is_long && self.backlog.of(link, &self.node).bytes() >= most;
        if full {
            *blocked = Some(link);
        }
        full
    }

    /// False where the client could not take it.
    fn send_client(
        &mut self,
        client: ClientId,
        frame: &Frame,
        message: Message,
    ) -> Result<bool, ZmqError> {
        let (Some(router), Some(routing_id)) = (&mut self.router, self.node.routing_id(client))
        else {
            return Ok(true);
        };
        let sent = router.send(routing_id, message);
        self.was_sent_to(SocketId::Router);
        match sent {
            Ok(()) => Ok(true),
            Err(ZmqError::HOST_UNREACHABLE) => {
                self.handle(Input::ClientGone(client)).map(|()| true)
            }
            Err(error) => {
                if error != ZmqError::AGAIN {
                    self.survive(error)?;
                }
                let link = LinkId::Client(client);
                self.handle(Input::Blocked { link, unsent: unsent(frame) }).map(|()| false)
            }
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
            Ok(()) => {
                self.watch_the_door(security);
                Ok(())
            }
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

fn unsent(frame: &Frame) -> Unsent {
    match frame {
        Frame::Signal(signal, _) => Unsent::Signal(*signal),
        Frame::Tuple { position, .. } => Unsent::Tuple(*position),
    }
}
