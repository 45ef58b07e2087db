//! A model of the stock actor, without sockets: it does what CZMQ's own `zgossip` was observed to do.

use std::collections::{BTreeMap, BTreeSet};

/// A message that a CZMQ node sends. It has no extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CzmqMessage {
    Hello,
    Publish(String, String),
    Pong,
    Invalid,
}

/// A session that has been silent for so long is forgotten, and nobody is told. In microseconds: the default
/// of server/timeout.
const TIMEOUT: u64 = 1_000_000;

/// One CZMQ node. It knows its links by their numbers in the world.
#[derive(Debug, Default)]
pub(crate) struct CzmqNode {
    pub(super) tuples: BTreeMap<String, String>,
    /// Links to the servers that it is connected to.
    servers: BTreeSet<usize>,
    /// Links to its clients: whether the session began with HELLO, and when the client last said anything.
    clients: BTreeMap<usize, (bool, u64)>,
    pub(super) delivered: Vec<(u64, String, String)>,
    pub(super) out: Vec<(usize, CzmqMessage)>,
    /// It says HELLO, and never anything else.
    pub(super) silent: bool,
}

impl CzmqNode {
    pub(super) fn new(silent: bool) -> CzmqNode {
        CzmqNode { silent, ..CzmqNode::default() }
    }

    fn dump(&mut self, link: usize) {
        for (key, value) in &self.tuples {
            self.out.push((link, CzmqMessage::Publish(key.clone(), value.clone())));
        }
    }

    pub(super) fn up(&mut self, link: usize) {
        self.servers.insert(link);
        self.out.push((link, CzmqMessage::Hello));
        self.dump(link);
    }

    pub(super) fn down(&mut self, link: usize) {
        self.servers.remove(&link);
        self.clients.remove(&link);
    }

    /// A process that starts again knows nothing.
    pub(super) fn restart(&mut self) {
        let delivered = std::mem::take(&mut self.delivered);
        *self = CzmqNode { delivered, ..CzmqNode::new(self.silent) };
    }

    /// A value that differs from the one held is taken, and told to everybody, the sender included.
    pub(super) fn accept(&mut self, now: u64, key: &str, value: &str) {
        if self.tuples.get(key).is_some_and(|held| held == value) {
            return;
        }
        self.tuples.insert(key.to_string(), value.to_string());
        self.delivered.push((now, key.to_string(), value.to_string()));
        self.expire(now);
        let publish = || CzmqMessage::Publish(key.to_string(), value.to_string());
        self.out.extend(self.servers.iter().map(|link| (*link, publish())));
        for (link, (connected, _)) in &self.clients {
            let message = if *connected { publish() } else { CzmqMessage::Invalid };
            self.out.push((*link, message));
        }
        self.clients.retain(|_, (connected, _)| *connected);
    }

    fn expire(&mut self, now: u64) {
        self.clients.retain(|_, (_, heard)| now < *heard + TIMEOUT);
    }

    /// Read a frame as a CZMQ node does: what follows the last field is ignored.
    pub(super) fn receive(&mut self, now: u64, link: usize, frame: &[u8]) {
        use crate::wire::{Message, decode};
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let message =
            decode(frame).unwrap_or_else(|fault| panic!("this ends a CZMQ node: {fault}"));
        if self.servers.contains(&link) {
            match message {
                Message::Publish { key, value, .. } => self.accept(now, &text(key), &text(value)),
                Message::Invalid => self.out.push((link, CzmqMessage::Hello)),
                Message::Hello | Message::Ping | Message::Pong => {}
            }
            return;
        }
        self.expire(now);
        let connected = self.clients.get(&link).is_some_and(|(connected, _)| *connected);
        match message {
            Message::Hello if !connected => {
                self.clients.insert(link, (true, now));
                self.dump(link);
            }
            Message::Publish { key, value, .. } if connected => {
                self.clients.insert(link, (true, now));
                self.accept(now, &text(key), &text(value));
            }
            Message::Ping => {
                self.clients.insert(link, (connected, now));
                self.out.push((link, CzmqMessage::Pong));
            }
            _ => {
                self.clients.remove(&link);
                self.out.push((link, CzmqMessage::Invalid));
            }
        }
    }
}

impl CzmqMessage {
    pub(super) fn frame(&self) -> Vec<u8> {
        use crate::wire::{MessageType, encode_publish, encode_signal};
        match self {
            CzmqMessage::Hello => encode_signal(MessageType::Hello).to_vec(),
            CzmqMessage::Pong => encode_signal(MessageType::Pong).to_vec(),
            CzmqMessage::Invalid => encode_signal(MessageType::Invalid).to_vec(),
            CzmqMessage::Publish(key, value) => {
                let mut frame = Vec::new();
                assert!(encode_publish(&mut frame, key.as_bytes(), value.as_bytes(), 0));
                frame
            }
        }
    }
}
