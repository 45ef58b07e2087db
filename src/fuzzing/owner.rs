//! The owner's end of the pipe.

use super::held::Held;
use crate::core::{Outbox, OwnerMessage};
use std::collections::{HashMap, HashSet, VecDeque};

pub(super) const UNLIMITED: usize = usize::MAX;

/// An owner that reads or does not read, and knows which replies it must get.
pub(super) struct Owner {
    /// How many more messages the pipe takes.
    pub(super) room: usize,
    pub(super) expected: VecDeque<(&'static str, i64)>,
    pub(super) delivered: HashMap<Vec<u8>, Vec<u8>>,
    /// Something was unpublished, which then may never be delivered.
    pub(super) unpublished: bool,
    /// What PORT must tell, by the outcomes of all binds.
    pub(super) port: i64,
    pub(super) last_tcp_port: i64,
}

impl Owner {
    pub(super) fn new() -> Owner {
        Owner {
            room: UNLIMITED,
            expected: VecDeque::new(),
            delivered: HashMap::new(),
            unpublished: false,
            port: 0,
            last_tcp_port: 0,
        }
    }

    /// A BIND had this outcome.
    pub(super) fn bound(&mut self, outcome: Result<Option<u16>, &str>) {
        self.port = match outcome {
            Ok(port) => {
                self.last_tcp_port = port.map_or(self.last_tcp_port, i64::from);
                self.last_tcp_port
            }
            Err(_) => -1,
        };
    }

    /// Take messages, as the driver does after every command.
    pub(super) fn flush(&mut self, outbox: &mut Outbox, held: &Held) {
        // One entry for each key, one for each reply, what filled the pipe, and one for each server that is joined.
        let most = held.keys.len() + self.expected.len() + 2;
        let (mut taken, mut joined) = (0, HashSet::new());
        while let Some(message) = outbox.front() {
            if self.room == 0 {
                return outbox.pipe_is_full();
            }
            if self.room != UNLIMITED {
                self.room -= 1;
            }
            match message {
                OwnerMessage::Joined(at) => assert!(joined.insert(at.clone()), "joined twice"),
                _ => taken += 1,
            }
            assert!(taken <= most, "more waits for the owner than tuples and replies");
            self.told(message, held);
            outbox.pop();
        }
        if self.room == UNLIMITED {
            assert!(self.expected.is_empty(), "replies that never came: {:?}", self.expected);
        }
    }

    fn told(&mut self, message: &OwnerMessage, held: &Held) {
        match message {
            OwnerMessage::Deliver(tuple) => {
                let (key, value) = (tuple.key(), tuple.value());
                held.assert_offered(key, value);
                self.delivered.insert(key.to_vec(), value.to_vec());
            }
            OwnerMessage::Joined(_) => {}
            OwnerMessage::Answer { word, texts } => {
                let number = texts.len() as i64;
                assert_eq!(self.expected.pop_front(), Some((*word, number)));
            }
            OwnerMessage::Reply { word, number } => {
                assert_eq!(self.expected.pop_front(), Some((*word, *number)));
                if *word == "STATUS" && !self.unpublished {
                    let known = self.delivered.len() as i64;
                    assert!(known >= *number, "counted before it was delivered");
                }
            }
        }
    }
}
