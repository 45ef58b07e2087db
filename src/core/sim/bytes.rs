//! Frames as bytes, and as text.

use super::super::Frame;
use crate::wire::{Extension, Message, decode_with_extension, encode_signal};

/// A frame as a person can read it.
pub(super) fn text_of(frame: &[u8]) -> String {
    let Ok((message, extension)) = decode_with_extension(frame) else {
        return format!("{frame:02X?}");
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match message {
        Message::Publish { key, value, .. } => {
            let stamp = Extension::read(extension)
                .unwrap_or_default()
                .stamp
                .map(|stamp| format!("{stamp:x?}"));
            format!("{}={} {}", text(key), text(value), stamp.unwrap_or_default())
        }
        other => other.id().name().to_string(),
    }
}

pub(super) fn bytes_of(frame: &Frame) -> Vec<u8> {
    match frame {
        Frame::Signal(id, extension) => {
            let mut bytes = encode_signal(*id).to_vec();
            extension.iter().for_each(|extension| extension.write(&mut bytes));
            bytes
        }
        Frame::Tuple { frame, stamp, .. } => {
            let mut bytes = frame.to_vec();
            Extension { stamp: *stamp, ..Extension::default() }.write(&mut bytes);
            bytes
        }
    }
}
