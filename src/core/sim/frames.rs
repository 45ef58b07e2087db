//! Which frames may be sent: to a CZMQ node only what a CZMQ node could have said, to a native node no tuple
//! that came from it.

use super::super::czmq::SHORTEST_PAUSE;
use crate::wire::{
    Extension, Message, MessageType, Stamp, decode_with_extension, encode_publish, encode_signal,
};
use std::collections::HashMap;

/// One direction of a link: the link's number, and whether it is the direction from client to server.
pub(super) type Way = (usize, bool);

/// What has been sent over the links since they last came up.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Stamps and values that came this way, and were new to the receiver.
    stamps: HashMap<(Way, Vec<u8>), (Stamp, Vec<u8>)>,
    /// When a key was last sent to a CZMQ node.
    sent_at: HashMap<(usize, Vec<u8>), u64>,
}

impl Frames {
    pub(super) fn link_is_new(&mut self, link: usize) {
        self.stamps.retain(|((other, _), _), _| *other != link);
        self.greets(link);
    }

    /// There is a HELLO: from now on the two may tell everything again.
    pub(super) fn greets(&mut self, link: usize) {
        self.sent_at.retain(|(other, _), _| *other != link);
    }

    /// A tuple from a native node reaches another one, and is new to it.
    pub(super) fn arrives(&mut self, way: Way, key: &[u8], value: &[u8], stamp: Stamp) {
        self.stamps.insert((way, key.to_vec()), (stamp, value.to_vec()));
    }

    /// What is wrong with a frame for a CZMQ node.
    pub(super) fn fault_to_c(&mut self, now: u64, way: Way, frame: &[u8]) -> Option<String> {
        let Ok((message, extension)) = decode_with_extension(frame) else {
            return Some("a CZMQ node would end".to_string());
        };
        let (link, from_client) = way;
        let could_say = match message {
            Message::Hello | Message::Ping => from_client,
            Message::Pong | Message::Invalid => !from_client,
            Message::Publish { .. } => true,
        };
        if !could_say {
            return Some(format!("{} in this direction", message.id().name()));
        }
        if frame != bare(&message, extension) {
            return Some(format!("not what a CZMQ node says: {frame:02X?}"));
        }
        if message.id() == MessageType::Hello {
            self.greets(link);
        }
        let Message::Publish { key, .. } = message else { return None };
        let before = self.sent_at.insert((link, key.to_vec()), now);
        // In milliseconds, as the node counts time.
        before
            .filter(|at| now / 1000 < at / 1000 + SHORTEST_PAUSE)
            .map(|at| format!("{} again after {} us", String::from_utf8_lossy(key), now - at))
    }

    /// What is wrong with a frame for a native node.
    pub(super) fn fault_to_ours(&self, (link, from_client): Way, frame: &[u8]) -> Option<String> {
        let Ok((message, extension)) = decode_with_extension(frame) else {
            return Some("malformed".to_string());
        };
        let Message::Publish { key, value, .. } = message else { return None };
        let Some(stamp) = Extension::read(extension).unwrap_or_default().stamp else {
            return Some("a tuple without stamp".to_string());
        };
        let back = self.stamps.get(&((link, !from_client), key.to_vec()));
        let back = back.is_some_and(|(came, other)| *came == stamp && other == value);
        back.then(|| "sent back to where it came from".to_string())
    }
}

/// The message as a CZMQ node says it. Only behind HELLO there may be an extension, which CZMQ nodes ignore.
fn bare(message: &Message<'_>, extension: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    match message {
        Message::Publish { key, value, .. } => assert!(encode_publish(&mut bytes, key, value, 0)),
        Message::Hello => {
            let read = Extension::read(extension).unwrap_or_default();
            bytes.extend_from_slice(&encode_signal(MessageType::Hello));
            read.write(&mut bytes);
        }
        other => bytes.extend_from_slice(&encode_signal(other.id())),
    }
    bytes
}
