//! The servers: read, sent to, found down, connected again.

use super::names::Named;
use super::readiness::{Readiness, SocketId};
use super::{Actor, TURN};
use crate::core::{CurveClient, Input, Received, ServerId};
use crate::driver::ffi::{Message, Poller, SocketFactory, ZmqError};
use crate::driver::reason::Reason;
use crate::driver::sockets::{Dealer, HalfOpen, HandshakeMonitor, Router};
use std::collections::VecDeque;

/// A server that is down is connected anew when it has been down for `FIRST_RETRY` chores, and again
/// after each `RETRY` more: libzmq itself gives up a connection whose handshake was refused.
const FIRST_RETRY: u32 = 2;
const RETRY: u32 = 10;
/// Its name is looked up again after so many.
const LOOK_UP: u32 = 2;

/// A server as the loop knows it.
pub(super) struct Server {
    pub(super) dealer: Dealer,
    pub(super) named: Option<Named>,
    /// Whether the node has been told that it is up.
    up: bool,
    /// It could not take more, so POLLOUT says nothing about the connection until it can.
    full: bool,
    /// How often the chores were done since it went down.
    chores_down: u32,
    /// Ready: it is in the queue of those that are.
    readiness: Readiness,
    /// While it is down.
    monitor: Option<HandshakeMonitor>,
    /// Whether something has come by its present connection, and that if it can be half-open.
    heard: bool,
    half_open: Option<HalfOpen>,
}

/// All servers.
#[derive(Default)]
pub(super) struct Servers {
    /// In the order of their numbers, which is that in which they came.
    servers: Vec<(ServerId, Box<Server>)>,
    /// Those that are ready, in the order in which they became so.
    ready: VecDeque<ServerId>,
}

impl Servers {
    fn insert(&mut self, id: ServerId, dealer: Dealer, named: Option<Named>) {
        let server = Server {
            dealer,
            named,
            up: false,
            full: false,
            chores_down: 0,
            readiness: Readiness::default(),
            monitor: None,
            heard: false,
            half_open: None,
        };
        let place = self.place(id).unwrap_or_else(|place| place);
        self.servers.insert(place, (id, Box::new(server)));
        self.mark_ready(id);
    }

    fn remove(&mut self, id: ServerId) -> Option<Box<Server>> {
        self.ready.retain(|ready| *ready != id);
        let place = self.place(id).ok()?;
        Some(self.servers.remove(place).1)
    }

    fn place(&self, id: ServerId) -> Result<usize, usize> {
        self.servers.binary_search_by_key(&id, |(number, _)| *number)
    }

    pub(super) fn get_mut(&mut self, id: ServerId) -> Option<&mut Server> {
        let place = self.place(id).ok()?;
        self.servers.get_mut(place).map(|(_, server)| &mut **server)
    }

    pub(super) fn readiness(&mut self, id: ServerId) -> Option<&mut Readiness> {
        self.get_mut(id).map(|server| &mut server.readiness)
    }

    pub(super) fn is_any_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(super) fn mark_ready(&mut self, id: ServerId) {
        let Some(server) = self.get_mut(id) else { return };
        if !server.readiness.set(true) {
            self.ready.push_back(id);
        }
    }

    /// The next of those that are ready, which it is no longer.
    fn next_ready(&mut self) -> Option<ServerId> {
        let id = self.ready.pop_front()?;
        self.readiness(id)?.set(false);
        Some(id)
    }
}

impl Server {
    /// Whether it is to be connected.
    pub(super) fn is_down(&self) -> bool {
        !self.up && !self.full
    }

    fn connect_again(
        &mut self,
        id: ServerId,
        factory: &SocketFactory,
        poller: &mut Poller,
    ) -> Result<(), Reason> {
        if !self.dealer.is_torn() {
            return Ok(self.dealer.connect_again(factory)?);
        }
        let dealer = self.dealer.renewed(factory)?;
        poll(poller, id, &dealer)?;
        self.stop_monitor();
        self.dealer = dealer;
        Ok(())
    }

    /// Why the server is not reached, where that has become known; listens for it from now on.
    fn why_down(&mut self, factory: &SocketFactory) -> Option<String> {
        match &self.monitor {
            Some(monitor) => return monitor.reason(),
            None if self.dealer.is_torn() || self.dealer.endpoint().is_none() => {}
            None => self.monitor = HandshakeMonitor::start(factory, self.dealer.socket()),
        }
        None
    }

    fn stop_monitor(&mut self) {
        if let Some(monitor) = self.monitor.take() {
            monitor.stop(self.dealer.socket());
        }
    }
}

fn poll(poller: &mut Poller, id: ServerId, dealer: &Dealer) -> Result<(), Reason> {
    Ok(poller.add(dealer.socket().descriptor()?, SocketId::Server(id).number())?)
}

fn poll_no_more(poller: &mut Poller, dealer: &Dealer) {
    if let Ok(descriptor) = dealer.socket().descriptor() {
        poller.remove(descriptor);
    }
}

impl Actor<'_> {
    pub(super) fn connect(
        &mut self,
        id: ServerId,
        endpoint: &[u8],
        curve: Option<Box<CurveClient>>,
    ) -> Result<(), ZmqError> {
        let named = Named::of(endpoint);
        let endpoint = if named.is_none() { Some(endpoint) } else { None };
        let dealer = Dealer::connect(&self.factory, endpoint, curve)
            .and_then(|dealer| self.look_up_first(id, named.as_ref(), &dealer).map(|()| dealer))
            .and_then(|dealer| poll(&mut self.poller, id, &dealer).map(|()| dealer));
        match dealer {
            Ok(dealer) => {
                self.servers.insert(id, dealer, named);
                Ok(())
            }
            Err(reason) => {
                let reason = self.told(&reason);
                self.handle(Input::ConnectFailed { server: id, reason })
            }
        }
    }

    pub(super) fn disconnect(&mut self, id: ServerId) {
        let Some(mut server) = self.servers.remove(id) else { return };
        self.resolver.iter_mut().for_each(|resolver| resolver.forget(id));
        server.stop_monitor();
        poll_no_more(&mut self.poller, &server.dealer);
    }

    pub(super) fn serve_servers(&mut self) -> Result<(), ZmqError> {
        // Those that become ready meanwhile have their turn in the next round.
        for _ in 0..self.servers.ready.len() {
            if let Some(id) = self.servers.next_ready() {
                let served = self.serve_server(id);
                self.or_later(SocketId::Server(id), served)?;
            }
        }
        Ok(())
    }

    fn serve_server(&mut self, id: ServerId) -> Result<(), ZmqError> {
        if self.pauses.holds(SocketId::Server(id)) {
            return Ok(());
        }
        let Some(server) = self.servers.get_mut(id) else { return Ok(()) };
        if !server.dealer.is_torn() && !server.up && server.dealer.socket().events()?.1 {
            server.up = true;
            server.full = false;
            server.chores_down = 0;
            server.heard = false;
            server.stop_monitor();
            self.handle(Input::ServerUp(id))?;
        }
        let mut frame = Message::new();
        for taken in 0..TURN {
            let Some(server) = self.servers.get_mut(id) else { return Ok(()) };
            if server.dealer.is_torn() {
                return self.give_up(id);
            }
            let received = server.dealer.receive(&mut frame)?;
            let just_emptied = server.readiness.was_just_emptied(self.now);
            server.readiness.note(self.now, received.is_some());
            self.pace.note(received.is_some());
            match received {
                Some(frames) => {
                    if !std::mem::replace(&mut server.heard, true) {
                        server.half_open = HalfOpen::of(&frame, self.now);
                    }
                    let message = Received { frame: frame.bytes(), frames };
                    self.handle(Input::FromServer { server: id, message })?;
                    if self.pauses.holds(SocketId::Server(id)) {
                        return Ok(());
                    }
                }
                // One message alone. Whether the server is still there can be asked a little later.
                None if taken == 1 && just_emptied => {
                    self.postpone(SocketId::Server(id));
                    return Ok(());
                }
                None => return self.check_server_down(id),
            }
        }
        self.pace.cut_a_turn_short();
        self.servers.mark_ready(id);
        Ok(())
    }

    /// Only now that all has been read that arrived before.
    fn check_server_down(&mut self, id: ServerId) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(id) else { return Ok(()) };
        let (readable, writable) = server.dealer.socket().events()?;
        if readable {
            self.servers.mark_ready(id);
        } else if !writable && server.up {
            server.up = false;
            let reconnected = server.dealer.reconnect(&self.factory);
            self.servers.mark_ready(id);
            self.handle(Input::ServerDown(id))?;
            if let Err(error) = reconnected {
                self.server_refused(id, &error.to_string())?;
            }
        }
        Ok(())
    }

    /// Its DEALER is torn: nothing more of it until it gets a new one.
    fn give_up(&mut self, id: ServerId) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(id) else { return Ok(()) };
        poll_no_more(&mut self.poller, &server.dealer);
        server.full = false;
        if std::mem::replace(&mut server.up, false) {
            self.handle(Input::ServerDown(id))?;
        }
        Ok(())
    }

    pub(super) fn send_server(
        &mut self,
        id: ServerId,
        mut message: Message,
    ) -> Result<(), ZmqError> {
        let Some(server) = self.servers.get_mut(id).filter(|server| server.up) else {
            return Ok(());
        };
        let sent = server.dealer.socket().send(&mut message, false);
        let Err(error) = sent else {
            self.was_sent_to(SocketId::Server(id));
            return Ok(());
        };
        // Full, or gone: which of the two shows when it can be written to again, and either way
        // the greeting begins anew. So it does after any other failure.
        server.up = false;
        server.full = error == ZmqError::AGAIN && !server.dealer.is_inproc();
        // Within the process nobody else connects again.
        let _ = server.dealer.reconnect(&self.factory);
        self.servers.mark_ready(id);
        if error != ZmqError::AGAIN {
            self.survive(error)?;
        }
        self.handle(Input::ServerDown(id))
    }

    /// How many bytes the kernels of all peers have acknowledged: what grows is taken, however slowly.
    pub(super) fn acknowledged(&self) -> u64 {
        let servers =
            self.servers.servers.iter().filter_map(|(_, server)| server.half_open.as_ref());
        let clients = self.router.as_ref().map_or(0, Router::acknowledged);
        servers.map(HalfOpen::acknowledged).fold(clients, u64::wrapping_add)
    }

    /// One of the chores: end the connections of peers that have vanished.
    pub(super) fn end_half_open_connections(&mut self) {
        for (_, server) in &mut self.servers.servers {
            server.half_open.take_if(|connection| !connection.look(self.now));
        }
        if let Some(router) = &mut self.router {
            router.end_half_open_connections(self.now);
        }
    }

    /// One of the chores: connect those again that have been down for long, and listen for the reason.
    pub(super) fn tend_servers_that_are_down(&mut self) -> Result<(), ZmqError> {
        let (mut reasons, mut retried) = (Vec::new(), Vec::new());
        for (id, server) in &mut self.servers.servers {
            if !server.is_down() {
                continue;
            }
            server.chores_down += 1;
            if server.chores_down % RETRY == FIRST_RETRY {
                let outcome = server.connect_again(*id, &self.factory, &mut self.poller);
                reasons.extend(outcome.err().map(|reason| (*id, reason.text)));
                retried.push(*id);
            }
            if server.chores_down % LOOK_UP == 0 {
                reasons
                    .extend(server.look_up_again(*id, self.resolver.as_mut()).map(|it| (*id, it)));
            }
            reasons.extend(server.why_down(&self.factory).map(|reason| (*id, reason)));
        }
        retried.into_iter().for_each(|id| self.servers.mark_ready(id));
        reasons.into_iter().try_for_each(|(id, reason)| self.server_refused(id, &reason))
    }

    pub(super) fn server_refused(
        &mut self,
        server: ServerId,
        reason: &str,
    ) -> Result<(), ZmqError> {
        self.handle(Input::ServerRefused { server, reason })
    }
}
