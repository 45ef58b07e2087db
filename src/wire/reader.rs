//! From a frame to a message, by a cursor that cannot read past the end.

use super::{Message, MessageType, SIGNATURE, VERSION, until_nul};
use std::fmt;

/// Why something is not a message of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// The frame ends inside the named field.
    Truncated(&'static str),
    /// The first two bytes are not the protocol's.
    Signature,
    /// The protocol has no message type of this number.
    Type(u8),
    /// This version is not 1.
    Version(u8),
    /// The message has so many frames instead of one.
    Frames(usize),
    /// The extension behind the last field is cut short, or one of its blocks cannot be read.
    Extension,
    /// The stamp is so many days ahead of this node's clock.
    Future(u64),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::Truncated(field) => write!(f, "frame ends inside the {field}"),
            Malformed::Signature => f.write_str("invalid signature"),
            Malformed::Type(id) => write!(f, "bad message ID {id}"),
            Malformed::Version(version) => write!(f, "version {version} is invalid"),
            Malformed::Frames(count) => write!(f, "message of {count} frames instead of one"),
            Malformed::Extension => f.write_str("its extension cannot be read"),
            Malformed::Future(days) => {
                write!(
                    f,
                    "its stamp is {days} days ahead of this clock, so one of the two is wrong"
                )
            }
        }
    }
}

struct Cursor<'a>(&'a [u8]);

// Inlined by force: every message of every peer is read by these.
impl<'a> Cursor<'a> {
    #[inline(always)]
    fn bytes(&mut self, count: usize, field: &'static str) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Truncated(field))?;
        self.0 = rest;
        Ok(taken)
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed::Truncated(field))?;
        self.0 = rest;
        Ok(*taken)
    }

    #[inline(always)]
    fn byte(&mut self, field: &'static str) -> Result<u8, Malformed> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    #[inline(always)]
    fn number4(&mut self, field: &'static str) -> Result<u32, Malformed> {
        self.array::<4>(field).map(u32::from_be_bytes)
    }
}

/// Read a frame. Never panics, whatever the bytes are, and copies none.
pub(crate) fn decode(frame: &[u8]) -> Result<Message<'_>, Malformed> {
    decode_with_extension(frame).map(|(message, _)| message)
}

/// Read a frame: the message, and the bytes behind its last field.
pub(crate) fn decode_with_extension(frame: &[u8]) -> Result<(Message<'_>, &[u8]), Malformed> {
    let mut cursor = Cursor(frame);
    if cursor.array::<2>("signature")? != SIGNATURE {
        return Err(Malformed::Signature);
    }
    let number = cursor.byte("message ID")?;
    let id = MessageType::from_number(i32::from(number)).ok_or(Malformed::Type(number))?;
    let version = cursor.byte("version")?;
    if version != VERSION {
        return Err(Malformed::Version(version));
    }
    let message = match id {
        MessageType::Hello => Message::Hello,
        MessageType::Ping => Message::Ping,
        MessageType::Pong => Message::Pong,
        MessageType::Invalid => Message::Invalid,
        MessageType::Publish => publish(&mut cursor)?,
    };
    Ok((message, cursor.0))
}

fn publish<'a>(cursor: &mut Cursor<'a>) -> Result<Message<'a>, Malformed> {
    let key_size = cursor.byte("key")?;
    let key = cursor.bytes(usize::from(key_size), "key")?;
    let value_size = cursor.number4("value")?;
    // Where usize cannot hold the length, no frame can hold the value either.
    let value_size = usize::try_from(value_size).map_err(|_| Malformed::Truncated("value"))?;
    let value = cursor.bytes(value_size, "value")?;
    let ttl = cursor.number4("ttl")?;
    Ok(Message::Publish { key: until_nul(key), value: until_nul(value), ttl })
}
