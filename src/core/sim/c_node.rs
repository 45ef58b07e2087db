//! The C actor as it behaves, without sockets (observed; see the contract's sections 2 to 4).

use std::collections::{BTreeMap, BTreeSet};

/// A message between nodes; base fields only, as a C node sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CMessage {
    Hello,
    Publish(String, String),
    Pong,
    Invalid,
}

/// One C node. Links are numbers that the world knows.
#[derive(Debug, Default)]
pub(crate) struct CNode {
    pub(super) tuples: BTreeMap<String, String>,
    /// Clients that have said HELLO, and servers that we are connected to.
    connected: BTreeSet<usize>,
    pub(super) delivered: Vec<(u64, String, String)>,
    pub(super) out: Vec<(usize, CMessage)>,
}

impl CNode {
    fn dump(&mut self, link: usize) {
        for (key, value) in &self.tuples {
            self.out.push((link, CMessage::Publish(key.clone(), value.clone())));
        }
    }

    pub(super) fn up(&mut self, link: usize, client: bool) {
        if client {
            self.connected.insert(link);
            self.out.push((link, CMessage::Hello));
            self.dump(link);
        }
    }

    pub(super) fn down(&mut self, link: usize) {
        self.connected.remove(&link);
    }

    /// A process that starts again knows nothing.
    pub(super) fn restart(&mut self) {
        self.tuples.clear();
        self.connected.clear();
    }

    /// A value that differs is new; it goes to everybody, the sender included.
    pub(super) fn accept(&mut self, now: u64, key: &str, value: &str) {
        if self.tuples.get(key).is_some_and(|held| held == value) {
            return;
        }
        self.tuples.insert(key.to_string(), value.to_string());
        self.delivered.push((now, key.to_string(), value.to_string()));
        for &link in &self.connected {
            self.out.push((link, CMessage::Publish(key.to_string(), value.to_string())));
        }
    }

    /// A frame, read as a C node reads it: whatever follows the last field is not there.
    pub(super) fn receive(&mut self, now: u64, link: usize, we_are_client: bool, frame: &[u8]) {
        use crate::wire::{Message, decode};
        match (decode(frame), we_are_client) {
            (Ok(Message::Publish { key, value, .. }), _) => {
                if !we_are_client && !self.connected.contains(&link) {
                    self.out.push((link, CMessage::Invalid));
                    return;
                }
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                self.accept(now, &text(key), &text(value));
            }
            (Ok(Message::Hello), false) => {
                if self.connected.remove(&link) {
                    self.out.push((link, CMessage::Invalid));
                } else {
                    self.connected.insert(link);
                    self.dump(link);
                }
            }
            (Ok(Message::Ping), false) => self.out.push((link, CMessage::Pong)),
            (Ok(Message::Pong | Message::Invalid), false) => {
                self.connected.remove(&link);
                self.out.push((link, CMessage::Invalid));
            }
            (Ok(Message::Invalid), true) => self.out.push((link, CMessage::Hello)),
            (Ok(_), true) => {}
            (Err(fault), _) => panic!("a frame that ends a C node: {fault}"),
        }
    }
}

impl CMessage {
    pub(super) fn frame(&self) -> Vec<u8> {
        use crate::wire::{Id, encode_publish, encode_signal};
        match self {
            CMessage::Hello => encode_signal(Id::Hello).to_vec(),
            CMessage::Pong => encode_signal(Id::Pong).to_vec(),
            CMessage::Invalid => encode_signal(Id::Invalid).to_vec(),
            CMessage::Publish(key, value) => {
                let mut frame = Vec::new();
                assert!(encode_publish(&mut frame, key.as_bytes(), value.as_bytes(), 0));
                frame
            }
        }
    }
}
