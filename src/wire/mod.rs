//! The frames of the protocol: five messages, each of one ZeroMQ frame.
//!
//! ```text
//! signature  AA A0          two bytes
//! type       one byte       1 HELLO, 2 PUBLISH, 3 PING, 4 PONG, 5 INVALID
//! version    01             one byte
//! PUBLISH only:
//!   key      length in one byte, then the bytes
//!   value    length in four bytes, big endian, then the bytes
//!   ttl      four bytes, big endian
//! ```
//!
//! Bytes behind the last field are an extension, or are ignored, as CZMQ 4.2.1 was observed to do. A NUL
//! inside a key or a value ends it: CZMQ's actor keeps both as C strings (observed), and two nodes that
//! disagree about the bytes of a tuple would never come to rest.

mod digest;
mod extension;
mod reader;
mod sketch;
mod stamp;
mod writer;
mod zap;

#[cfg(test)]
mod tests;

pub(crate) use digest::{digest, keyed, tuple_digest};
pub(crate) use extension::{Caps, Extension, STAMP_EXTENSION, Summary, stamp_extension};
pub(crate) use reader::{Malformed, decode, decode_with_extension};
pub(crate) use sketch::{MOST_CELLS, Sketch};
pub(crate) use stamp::Stamp;
pub(crate) use writer::{AROUND_KEY_AND_VALUE, around_value, encode_publish, encode_signal};
pub(crate) use zap::{MAX_ZAP_FRAMES, ZapRequest};

/// The first two bytes of every frame.
pub(crate) const SIGNATURE: [u8; 2] = [0xAA, 0xA0];
/// The only protocol version there is.
pub(crate) const VERSION: u8 = 1;
/// The longest key that a frame can carry, in bytes.
pub(crate) const MAX_KEY: usize = 255;

/// Message types, by their numbers on the wire.
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
    /// The message type of that number; None where there is none.
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

    /// The name of the message type in the log, as CZMQ prints it.
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

/// A frame that was read. It borrows the frame's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Hello,
    /// CZMQ says that `ttl` is in milliseconds, but no node acts upon it.
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
    /// The type of this message.
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

/// The part of `bytes` before the first NUL: what CZMQ's actor keeps of a key or a value.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = if has_nul(bytes) { bytes.iter().position(|&byte| byte == 0) } else { None };
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// Whether there is a NUL. Eight bytes at a time, as all keys and values are searched, and hardly any has
/// one.
fn has_nul(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    // A byte that is 0 has its highest bit set once 1 is taken from it; `!word` leaves out bytes that had it set
    // before. A byte of 1 right above one of 0 shows too, but then there is a 0 all the same.
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
