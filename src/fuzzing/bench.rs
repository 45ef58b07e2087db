//! What `benches/micro` measures: the core without sockets, on the way of every tuple.

use crate::core::{Input, Node, Received, Setup};
use crate::wire::{self, Caps, Extension, MessageType, Stamp, Summary};
use std::collections::VecDeque;

/// So many keys take turns, so that the set stays within memory however long is measured.
const KEYS: u64 = 100_000;

/// A node with native clients that know everything.
pub struct Bench {
    node: Node,
    outputs: VecDeque<crate::core::Output>,
    now: u64,
}

impl Bench {
    pub fn new(clients: usize) -> Bench {
        let options = Setup { seed: 1, node: 2, epoch: 1 << 40, ..Setup::default() };
        let mut bench = Bench { node: Node::new(options, 0), outputs: VecDeque::new(), now: 0 };
        let caps = Some(Caps { node: 3, greeting: false, sketches: false, time: None });
        let mut hello = wire::encode_signal(MessageType::Hello).to_vec();
        Extension { caps, summary: Some(Summary::default()), ..Extension::default() }
            .write(&mut hello);
        (0..clients).for_each(|client| bench.says(client, &hello));
        bench.settle();
        // By then the node is no longer newborn.
        bench.now = 10_000;
        bench
    }

    /// The frame of a tuple with a stamp, which is newer than that of any smaller number.
    pub fn frame(number: u64) -> Vec<u8> {
        let mut frame = Vec::new();
        wire::encode_publish(&mut frame, &key(number % KEYS), &value(number), 0);
        let stamp = Some(Stamp { clock: (1 << 56) + number, origin: 1 << 63 });
        Extension { stamp, ..Extension::default() }.write(&mut frame);
        frame
    }

    /// The owner's PUBLISH, with another value for each number. Returns how many messages it caused.
    pub fn publish(&mut self, number: u64) -> usize {
        let frames: [&[u8]; 3] = [b"PUBLISH", &key(number % KEYS), &value(number)];
        self.node.handle(self.now, Input::Command(&frames));
        self.settle()
    }

    /// A tuple from the first client. Returns how many messages it caused.
    pub fn hear(&mut self, frame: &[u8]) -> usize {
        self.says(0, frame);
        self.settle()
    }

    fn says(&mut self, client: usize, frame: &[u8]) {
        let routing_id = (client as u32).to_be_bytes();
        let message = Received { frame, frames: 1 };
        self.node.handle(self.now, Input::FromClient { routing_id: &routing_id, message });
    }

    fn settle(&mut self) -> usize {
        self.node.take_outputs(&mut self.outputs);
        let mut count = self.outputs.len();
        self.outputs.clear();
        while self.node.outbox().pop().is_some() {
            count += 1;
        }
        count
    }
}

/// Read a frame. Returns the size of its value, and one more where there is a stamp.
pub fn decode(frame: &[u8]) -> usize {
    match wire::decode_with_extension(frame) {
        Ok((wire::Message::Publish { value, .. }, extension)) => {
            value.len() + usize::from(matches!(Extension::read_stamp(extension), Ok(Some(_))))
        }
        _ => 0,
    }
}

fn key(number: u64) -> [u8; 20] {
    let mut key = *b"key-0000000000000000";
    key[12..].copy_from_slice(&hex(number));
    key
}

fn value(number: u64) -> [u8; 16] {
    let mut value = *b"value-0000000000";
    value[8..].copy_from_slice(&hex(number));
    value
}

fn hex(number: u64) -> [u8; 8] {
    std::array::from_fn(|place| b'a' + (number >> (4 * place) & 15) as u8)
}
