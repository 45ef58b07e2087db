//! The memory of the log of tuples: pieces of one size.
//!
//! A vector that doubles would copy all tuples now and then, and need three times their memory meanwhile. The
//! pages that it leaves behind would cost even more than the copying.

use super::tuple::Tuple;

/// Entries of a piece: 40 kB, which malloc keeps within its heaps.
const PIECE: usize = 1024;

/// Entries in the order in which they were added; None where one has been taken out.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// All but the last are full.
    pieces: Vec<Vec<Option<Tuple>>>,
    len: usize,
}

impl Log {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, position: usize) -> Option<&Option<Tuple>> {
        self.pieces.get(position / PIECE)?.get(position % PIECE)
    }

    pub(super) fn get_mut(&mut self, position: usize) -> Option<&mut Option<Tuple>> {
        self.pieces.get_mut(position / PIECE)?.get_mut(position % PIECE)
    }

    pub(super) fn push(&mut self, entry: Option<Tuple>) {
        if self.len % PIECE == 0 {
            // The first piece grows as it is filled: most nodes hold few tuples.
            let room = if self.len == 0 { 0 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(entry);
            self.len += 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Option<Tuple>> {
        self.pieces.iter().flatten()
    }

    /// The entries from a position on.
    pub(super) fn iter_from(&self, position: usize) -> impl Iterator<Item = &Option<Tuple>> {
        let pieces = self.pieces.get(position / PIECE..).unwrap_or_default();
        let (first, rest) = pieces.split_first().map_or((&[][..], pieces), |(first, rest)| {
            (first.get(position % PIECE..).unwrap_or_default(), rest)
        });
        first.iter().chain(rest.iter().flatten())
    }

    /// Close the holes.
    pub(super) fn compact(&mut self) {
        let old = std::mem::take(self);
        // Each piece is freed before the next is moved.
        for piece in old.pieces {
            piece.into_iter().filter(Option::is_some).for_each(|entry| self.push(entry));
        }
    }
}
