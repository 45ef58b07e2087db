//! Messages on their way to the owner.

use super::pair::Pair;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// One message for the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OwnerMessage {
    /// DELIVER key value.
    Deliver(Pair),
    /// PORT number or STATUS number.
    Reply { word: &'static str, number: i64 },
    /// KEYS key ..., or TUPLE key with the value if there is one.
    Answer { word: &'static str, texts: Vec<Box<[u8]>> },
    /// The server at this endpoint has told all that it held when we connected. Only an owner with a handle
    /// is told.
    Joined(Arc<[u8]>),
}

/// A queue that grows with the tuple set only, however long the owner does not read.
///
/// While the pipe takes messages, every change is told. Once it is full, a tuple that changes again replaces
/// its own waiting DELIVER, in place. So replies stay behind the DELIVERs of all tuples that they count, in
/// the order that CZMQ's actor was observed to keep.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: VecDeque<OwnerMessage>,
    /// How many messages have ever left the queue. A message's number less this is its place in the queue.
    taken: u64,
    /// The number of the DELIVER that waits for a key, counted over all messages ever queued. Kept only while
    /// the pipe is full.
    waiting: HashMap<Box<[u8]>, u64>,
    full: bool,
}

/// Memory for more messages than this is given back when the queue is empty.
const MANY: usize = 256;

impl Outbox {
    /// Queue a tuple that the owner is to be told of.
    pub(crate) fn deliver(&mut self, tuple: Pair) {
        if self.full {
            if let Some(entry) = self.waiting_entry(tuple.key()) {
                *entry = OwnerMessage::Deliver(tuple);
                return;
            }
            self.waiting.insert(tuple.key().into(), self.taken + self.queue.len() as u64);
        }
        self.queue.push_back(OwnerMessage::Deliver(tuple));
    }

    fn waiting_entry(&mut self, key: &[u8]) -> Option<&mut OwnerMessage> {
        let place = self.waiting.get(key)?.checked_sub(self.taken)?;
        self.queue.get_mut(usize::try_from(place).ok()?)
    }

    /// Queue a reply.
    pub(crate) fn reply(&mut self, word: &'static str, number: i64) {
        self.queue.push_back(OwnerMessage::Reply { word, number });
    }

    /// Queue a reply of texts.
    pub(crate) fn answer(&mut self, word: &'static str, texts: Vec<Box<[u8]>>) {
        self.queue.push_back(OwnerMessage::Answer { word, texts });
    }

    /// Queue that a server is joined. It does not wait twice, so that reconnections do not pile up.
    pub(crate) fn joined(&mut self, endpoint: Arc<[u8]>) {
        let joined = OwnerMessage::Joined(endpoint);
        if !self.queue.contains(&joined) {
            self.queue.push_back(joined);
        }
    }

    /// The next message to send.
    pub(crate) fn front(&self) -> Option<&OwnerMessage> {
        self.queue.front()
    }

    /// Take the next message out: it has been sent, or will be.
    pub(crate) fn pop(&mut self) -> Option<OwnerMessage> {
        let message = self.queue.pop_front()?;
        self.taken += 1;
        if self.queue.is_empty() {
            self.full = false;
            self.waiting = HashMap::new();
            self.queue.shrink_to(MANY);
        }
        Some(message)
    }

    /// The pipe did not take the next message.
    pub(crate) fn pipe_is_full(&mut self) {
        self.full = true;
    }

    /// How many messages wait.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deliver(outbox: &mut Outbox, key: &str, value: &str) {
        outbox.deliver(Pair::new(key.as_bytes(), value.as_bytes()));
    }

    fn drain(outbox: &mut Outbox) -> Vec<String> {
        let mut told = Vec::new();
        while let Some(message) = outbox.pop() {
            told.push(match message {
                OwnerMessage::Deliver(tuple) => {
                    let texts = [tuple.key(), tuple.value()];
                    texts.map(|text| String::from_utf8_lossy(text).into_owned()).join("=")
                }
                OwnerMessage::Reply { word, number } => format!("{word} {number}"),
                OwnerMessage::Answer { word, texts } => format!("{word} {}", texts.len()),
                OwnerMessage::Joined(at) => format!("JOINED {}", String::from_utf8_lossy(&at)),
            });
        }
        told
    }

    #[test]
    fn every_change_is_told_while_the_pipe_takes_messages() {
        let mut outbox = Outbox::default();
        deliver(&mut outbox, "k", "1");
        deliver(&mut outbox, "k", "2");
        assert_eq!(drain(&mut outbox), ["k=1", "k=2"]);
    }

    #[test]
    fn only_the_latest_value_of_a_key_waits_once_the_pipe_is_full() {
        let mut outbox = Outbox::default();
        deliver(&mut outbox, "a", "0");
        outbox.pipe_is_full();
        for round in 1..=1000 {
            deliver(&mut outbox, "a", &round.to_string());
            deliver(&mut outbox, "b", &round.to_string());
        }
        assert_eq!(outbox.len(), 3);
        assert_eq!(drain(&mut outbox), ["a=0", "a=1000", "b=1000"]);
    }

    #[test]
    fn a_reply_stays_behind_the_deliveries_it_counts() {
        let mut outbox = Outbox::default();
        outbox.pipe_is_full();
        deliver(&mut outbox, "a", "1");
        outbox.reply("STATUS", 1);
        deliver(&mut outbox, "a", "2");
        deliver(&mut outbox, "b", "1");
        assert_eq!(drain(&mut outbox), ["a=2", "STATUS 1", "b=1"]);
    }

    #[test]
    fn joined_stays_behind_the_deliveries_before_it_and_waits_once_for_each_server() {
        let mut outbox = Outbox::default();
        deliver(&mut outbox, "a", "1");
        for _ in 0..3 {
            outbox.joined(b"x".as_slice().into());
            outbox.joined(b"y".as_slice().into());
        }
        assert_eq!(drain(&mut outbox), ["a=1", "JOINED x", "JOINED y"]);
    }

    #[test]
    fn a_delivery_that_has_left_is_not_replaced() {
        let mut outbox = Outbox::default();
        outbox.pipe_is_full();
        deliver(&mut outbox, "a", "1");
        deliver(&mut outbox, "b", "1");
        outbox.pop();
        deliver(&mut outbox, "a", "2");
        assert_eq!(drain(&mut outbox), ["b=1", "a=2"]);
    }

    #[test]
    fn after_the_owner_has_caught_up_every_change_is_told_again() {
        let mut outbox = Outbox::default();
        outbox.pipe_is_full();
        deliver(&mut outbox, "a", "1");
        assert_eq!(drain(&mut outbox), ["a=1"]);
        deliver(&mut outbox, "a", "2");
        deliver(&mut outbox, "a", "3");
        assert_eq!(drain(&mut outbox), ["a=2", "a=3"]);
    }
}
