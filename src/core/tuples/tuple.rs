//! A tuple as it is held.

use crate::core::link::Source;
use crate::wire::{self, Stamp};

/// A tuple in the log. Every byte counts, as nodes hold tuples by the million.
#[derive(Debug)]
pub(super) struct Tuple {
    /// The key's size in one byte, the key, the value.
    pub(super) text: Box<[u8]>,
    pub(super) stamp: Stamp,
    pub(super) source: Source,
    /// The hash of the key, and in its highest bit HIDDEN.
    pub(super) hash: u32,
}

/// The owner has said UNPUBLISH: the tuple is gone for the owner, but not for peers that lack it.
pub(super) const HIDDEN: u32 = 1 << 31;

impl Tuple {
    pub(super) fn key_and_value(&self) -> (&[u8], &[u8]) {
        let fields = || {
            let (size, text) = self.text.split_first()?;
            text.split_at_checked(usize::from(*size))
        };
        fields().unwrap_or_default()
    }

    pub(super) fn hidden(&self) -> bool {
        self.hash & HIDDEN != 0
    }

    pub(super) fn hash(&self) -> u32 {
        self.hash & !HIDDEN
    }

    /// How many bytes key and value have.
    pub(super) fn size(&self) -> usize {
        self.text.len() - 1
    }

    /// What its digest costs, in those of small tuples.
    pub(super) fn looks(&self) -> usize {
        1 + self.text.len() / 128
    }

    /// What the tuple adds to the set's summary.
    pub(super) fn digest(&self) -> u64 {
        let (key, value) = self.key_and_value();
        wire::tuple_digest(key, value, self.stamp)
    }
}
