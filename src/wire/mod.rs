//! The gossip protocol's frames: five messages, each one ZeroMQ frame.
//!
//! ```text
//! signature  AA A0          two bytes
//! id         one byte       1 HELLO, 2 PUBLISH, 3 PING, 4 PONG, 5 INVALID
//! version    01             one byte
//! PUBLISH only:
//!   key      length in one byte, then the bytes
//!   value    length in four bytes, big endian, then the bytes
//!   ttl      four bytes, big endian
//! ```
//!
//! Bytes after the last field are accepted and ignored, as CZMQ 4.2.1 does (observed); extensions
//! live there. A NUL inside a key or a value ends it, because a CZMQ peer keeps them as C strings
//! (observed), and two nodes that disagree about a tuple's bytes would never come to rest.

mod digest;
mod extension;
mod reader;
mod sketch;
mod stamp;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use digest::{digest, keyed};
pub(crate) use extension::{Caps, Extension, Summary, stamp_extension};
pub(crate) use reader::{Malformed, decode, decode_with_extension};
pub(crate) use sketch::{MOST_CELLS, Sketch};
pub(crate) use stamp::Stamp;
pub(crate) use writer::{encode_publish, encode_signal};

/// First two bytes of every frame.
pub(crate) const SIGNATURE: [u8; 2] = [0xAA, 0xA0];
/// The only protocol version there is.
pub(crate) const VERSION: u8 = 1;
/// Longest key that a frame can carry, in bytes.
pub(crate) const MAX_KEY: usize = 255;

/// Message numbers, as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum MessageType {
    Hello = 1,
    Publish = 2,
    Ping = 3,
    Pong = 4,
    Invalid = 5,
}

impl MessageType {
    /// The message of that number, or None for a number that no CZMQ node knows.
    pub(crate) fn from_number(number: i32) -> Option<MessageType> {
        match number {
            1 => Some(MessageType::Hello),
            2 => Some(MessageType::Publish),
            3 => Some(MessageType::Ping),
            4 => Some(MessageType::Pong),
            5 => Some(MessageType::Invalid),
            _ => None,
        }
    }

    /// The message's name in logs, as CZMQ prints it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            MessageType::Hello => "HELLO",
            MessageType::Publish => "PUBLISH",
            MessageType::Ping => "PING",
            MessageType::Pong => "PONG",
            MessageType::Invalid => "INVALID",
        }
    }
}

/// One parsed frame, borrowing its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Hello,
    /// `ttl` is in milliseconds by CZMQ's definition, but no node has ever acted on it.
    Publish {
        key: &'a [u8],
        value: &'a [u8],
        ttl: u32,
    },
    Ping,
    Pong,
    Invalid,
}

impl Message<'_> {
    /// The message's number and name.
    pub(crate) fn id(&self) -> MessageType {
        match self {
            Message::Hello => MessageType::Hello,
            Message::Publish { .. } => MessageType::Publish,
            Message::Ping => MessageType::Ping,
            Message::Pong => MessageType::Pong,
            Message::Invalid => MessageType::Invalid,
        }
    }
}

/// The part of `bytes` before the first NUL: what a CZMQ peer keeps of a key or a value.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = if has_nul(bytes) { bytes.iter().position(|&byte| byte == 0) } else { None };
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// Whether there is a NUL, eight bytes at a time: keys and values are looked through on every hop,
/// and hardly ever have one.
fn has_nul(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    // Borrows reach the highest bit of a byte that is 0 and of no other first.
    let in_word = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        word.wrapping_sub(ONES) & !word & HIGHS != 0
    };
    let Some(last) = bytes.last_chunk::<8>() else { return bytes.contains(&0) };
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        if in_word(word) {
            return true;
        }
        rest = after;
    }
    in_word(last)
}
