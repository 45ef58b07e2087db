//! From a message to a frame, byte for byte what CZMQ's actor writes.

use super::{MAX_KEY, MessageType, SIGNATURE, VERSION};

/// A HELLO, PING, PONG or INVALID frame. It has no field, only the four bytes that every frame begins with.
pub(crate) const fn encode_signal(id: MessageType) -> [u8; 4] {
    [SIGNATURE[0], SIGNATURE[1], id as u8, VERSION]
}

/// So many bytes of a PUBLISH frame are neither key nor value: signature and id, both sizes, the ttl.
pub(crate) const AROUND_KEY_AND_VALUE: usize = 4 + 1 + 4 + 4;

/// Append a PUBLISH frame to `out`.
///
/// Returns false and adds nothing where the key has more than 255 bytes, or the value more than a length
/// field can say.
pub(crate) fn encode_publish(out: &mut Vec<u8>, key: &[u8], value: &[u8], ttl: u32) -> bool {
    let (Ok(key_size), Ok(value_size)) = (u8::try_from(key.len()), u32::try_from(value.len()))
    else {
        return false;
    };
    debug_assert!(key.len() <= MAX_KEY);
    out.reserve(AROUND_KEY_AND_VALUE + key.len() + value.len());
    out.extend_from_slice(&encode_signal(MessageType::Publish));
    out.push(key_size);
    out.extend_from_slice(key);
    out.extend_from_slice(&value_size.to_be_bytes());
    out.extend_from_slice(value);
    out.extend_from_slice(&ttl.to_be_bytes());
    true
}

/// What stands before and behind the value in the PUBLISH frame of a tuple that a frame can carry.
pub(crate) fn around_value(key: &[u8], size: usize, ttl: u32) -> (Vec<u8>, [u8; 4]) {
    let mut head = encode_signal(MessageType::Publish).to_vec();
    head.push(key.len() as u8);
    head.extend_from_slice(key);
    head.extend_from_slice(&(size as u32).to_be_bytes());
    (head, ttl.to_be_bytes())
}
