//! The frame of a tuple: encoded once, whoever it goes to.

use crate::wire::{self, Stamp, stamp_extension};
use std::ops::Deref;
use std::sync::Arc;

/// Frames up to this size are copied for each peer, which costs less than to share them.
const SHORT: usize = 256;

/// A PUBLISH frame, as which it can be read, and what is needed to send it to a native peer too. Behind a long one stands
/// the stamp: libzmq is lent this memory as it is, and the owner's DELIVER uses it too, so that a large value is held as
/// few times as possible. The stamp of a short one is put behind it when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TupleFrame(Arc<[u8]>);

impl TupleFrame {
    /// The scratch is memory for a short one.
    pub(crate) fn new(scratch: &mut Vec<u8>, key: &[u8], value: &[u8], stamp: Stamp) -> TupleFrame {
        if wants_long(key, value) {
            return TupleFrame::long(key, value, stamp);
        }
        scratch.clear();
        // CZMQ's actor sends any ttl that it was once told with all tuples that follow. This node sends 0.
        let fits = wire::encode_publish(scratch, key, value, 0);
        debug_assert!(fits, "a tuple that no frame can carry is not stored");
        TupleFrame(Arc::from(&**scratch))
    }

    /// Put together where it stays, so that no other copy of it is made.
    #[cold]
    fn long(key: &[u8], value: &[u8], stamp: Stamp) -> TupleFrame {
        let (head, tail) = wire::around_value(key, value.len(), 0);
        let extension = stamp_extension(stamp);
        let parts = [&head[..], value, &tail[..], &extension[..]];
        let size = parts.iter().map(|part| part.len()).sum();
        let mut frame: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
        let mut place = Arc::get_mut(&mut frame).unwrap_or_default();
        for part in parts {
            let (to, rest) = place.split_at_mut(part.len());
            to.copy_from_slice(part);
            place = rest;
        }
        TupleFrame(frame)
    }

    pub(crate) fn is_long(&self) -> bool {
        self.0.len() > SHORT
    }

    /// All bytes that are there: those of a long one with the stamp behind them.
    pub(crate) fn memory(&self) -> &Arc<[u8]> {
        &self.0
    }
}

impl Deref for TupleFrame {
    type Target = [u8];

    /// The frame alone, without the stamp.
    fn deref(&self) -> &[u8] {
        if !self.is_long() {
            return &self.0;
        }
        let size = self.0.len().saturating_sub(wire::STAMP_EXTENSION);
        self.0.get(..size).unwrap_or_default()
    }
}

/// Whether the frame of this tuple is a long one.
pub(super) fn wants_long(key: &[u8], value: &[u8]) -> bool {
    wire::AROUND_KEY_AND_VALUE + key.len() + value.len() > SHORT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_the_frame_alone_whatever_its_size() {
        let stamp = Stamp { clock: 7, origin: 9 };
        for value_size in [0, 1, SHORT - 20, SHORT - 13, SHORT - 12, SHORT, 70_000] {
            let value = vec![b'v'; value_size];
            let mut expected = Vec::new();
            assert!(wire::encode_publish(&mut expected, b"k", &value, 0));
            let frame = TupleFrame::new(&mut vec![1], b"k", &value, stamp);
            assert_eq!(*frame, *expected);
            assert_eq!(frame.is_long(), expected.len() > SHORT);
            if frame.is_long() {
                expected.extend(stamp_extension(stamp));
            }
            assert_eq!(**frame.memory(), *expected);
        }
    }
}
