//! The tuple set, kept as a log: in the order of the last change.
//!
//! A tuple that changes moves to the end. So a peer that has to be told everything, or that has fallen
//! behind, is a position in this log: what it lacks is what follows, one value of each key, in the order of
//! publication.
//!
//! Here are the questions that can be asked of it; `change` has what changes it.

pub(super) mod change;
#[cfg(test)]
mod tests;

use super::index::Index;
use super::log::Log;
use super::tuple::Tuple;
use crate::core::link::Source;
use crate::wire::{Sketch, Stamp, Summary};

/// A tuple in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) position: usize,
    pub(crate) key: &'a [u8],
    pub(crate) value: &'a [u8],
    pub(crate) stamp: Stamp,
}

/// All tuples that a node holds.
#[derive(Debug)]
pub(crate) struct TupleSet {
    /// An entry is None where its tuple has moved to the end.
    log: Log,
    index: Index,
    /// How many tuples are not hidden.
    live: usize,
    /// How many entries of the log are None.
    holes: usize,
    /// Sum of the tuples' digests.
    digest: u64,
    /// Sum of the bytes of keys and values.
    bytes: usize,
    /// Memory in which a tuple is put together.
    scratch: Vec<u8>,
}

/// Where a key is, or would be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    hash: u32,
    /// `NOWHERE` where the key is not held: this fits into two registers, which an Option does not.
    position: usize,
}

const NOWHERE: usize = usize::MAX;

impl Place {
    fn position(self) -> Option<usize> {
        (self.position != NOWHERE).then_some(self.position)
    }
}

impl TupleSet {
    /// An empty set. The seed keeps peers from choosing keys that collide in the index.
    pub(crate) fn new(seed: u64) -> TupleSet {
        TupleSet {
            log: Log::default(),
            index: Index::new(seed),
            live: 0,
            holes: 0,
            digest: 0,
            bytes: 0,
            scratch: Vec::new(),
        }
    }

    /// How many tuples are held, the hidden ones not counted.
    pub(crate) fn len(&self) -> usize {
        self.live
    }

    /// The position after the last tuple: where a peer stands that has been told everything.
    pub(crate) fn end(&self) -> usize {
        self.log.len()
    }

    fn find(&self, key: &[u8]) -> Option<usize> {
        self.find_hashed(key, self.index.hash(key))
    }

    fn find_hashed(&self, key: &[u8], hash: u32) -> Option<usize> {
        self.index.find(hash, |position| self.key_at(position) == Some(key))
    }

    fn at(&self, position: usize) -> Option<&Tuple> {
        self.log.get(position)?.as_ref()
    }

    fn key_at(&self, position: usize) -> Option<&[u8]> {
        self.at(position).map(|tuple| tuple.key_and_value().0)
    }

    /// The value of a key and its stamp.
    pub(crate) fn get(&self, key: &[u8]) -> Option<(&[u8], Stamp)> {
        let tuple = self.at(self.find(key)?).filter(|tuple| !tuple.hidden())?;
        Some((tuple.key_and_value().1, tuple.stamp))
    }

    /// The stamp of a key, also of a hidden tuple.
    pub(crate) fn stamp(&self, key: &[u8]) -> Stamp {
        self.last(self.place(key)).1
    }

    /// Where a key is, or would be, until the set changes.
    pub(crate) fn place(&self, key: &[u8]) -> Place {
        let hash = self.index.hash(key);
        Place { hash, position: self.find_hashed(key, hash).unwrap_or(NOWHERE) }
    }

    /// Store a tuple, wherever its key is.
    #[cfg(test)]
    pub(crate) fn offer(
        &mut self,
        key: &[u8],
        value: &[u8],
        stamp: Stamp,
        source: Source,
    ) -> Result<change::Accepted, change::Refusal> {
        self.accept(self.place(key), key, value, stamp, source)
    }

    /// Whether this very tuple is held.
    pub(crate) fn holds(&self, place: Place, value: &[u8], stamp: Stamp) -> bool {
        let held = place.position().and_then(|position| self.at(position));
        held.is_some_and(|held| held.stamp == stamp && held.key_and_value().1 == value)
    }

    /// The value of a key, which a hidden tuple has not, and its last stamp.
    pub(crate) fn last(&self, place: Place) -> (Option<&[u8]>, Stamp) {
        match place.position().and_then(|position| self.at(position)) {
            Some(tuple) if tuple.hidden() => (None, tuple.stamp),
            Some(tuple) => (Some(tuple.key_and_value().1), tuple.stamp),
            None => (None, Stamp::default()),
        }
    }

    fn found_at(&self, position: usize) -> Option<Found<'_>> {
        let tuple = self.at(position)?;
        let (key, value) = tuple.key_and_value();
        Some(Found { position, key, value, stamp: tuple.stamp })
    }

    /// The tuple of a key, in the log.
    pub(crate) fn found(&self, key: &[u8]) -> Option<Found<'_>> {
        let position = self.find(key)?;
        self.at(position).filter(|tuple| !tuple.hidden())?;
        self.found_at(position)
    }

    /// The source of the tuple of a key.
    pub(crate) fn source(&self, key: &[u8]) -> Option<Source> {
        Some(self.at(self.find(key)?)?.source)
    }

    /// The summary of the set, hidden tuples included.
    pub(crate) fn summary(&self) -> Summary {
        Summary { count: self.count() as u64, digest: self.digest }
    }

    /// How many tuples are held, the hidden ones included.
    pub(crate) fn count(&self) -> usize {
        self.log.len() - self.holes
    }

    /// How many bytes key and value of a tuple have, also of a hidden one.
    pub(crate) fn size(&self, key: &[u8]) -> Option<usize> {
        Some(self.at(self.find(key)?)?.size())
    }

    /// How many bytes keys and values have, those of hidden tuples included.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The stamp of a key and the digest of its tuple, also of a hidden one.
    pub(crate) fn digest(&self, key: &[u8]) -> Option<(Stamp, u64)> {
        let tuple = self.at(self.find(key)?)?;
        Some((tuple.stamp, tuple.digest()))
    }

    /// Put the digests of all tuples into a sketch, or take them out. How many looks at tuples that cost.
    pub(crate) fn sketch(&self, sketch: &mut Sketch) -> usize {
        let mut looks = sketch.len();
        for tuple in self.log.iter().flatten() {
            sketch.toggle(tuple.digest());
            looks += tuple.looks();
        }
        looks
    }

    /// The key of the tuple at this position of the log.
    pub(crate) fn key(&self, position: usize) -> Option<&[u8]> {
        self.key_at(position)
    }

    /// Value and stamp of the tuple at this position of the log.
    pub(crate) fn at_position(&self, position: usize) -> Option<(&[u8], Stamp)> {
        self.at(position).map(|tuple| (tuple.key_and_value().1, tuple.stamp))
    }

    /// The first tuple from a position on that did not come from this source; hidden ones only where `all` is
    /// true.
    pub(crate) fn next(&self, from: usize, not_from: Source, all: bool) -> Option<Found<'_>> {
        let wanted = |entry: &Option<Tuple>| match entry {
            Some(tuple) => tuple.source != not_from && (all || !tuple.hidden()),
            None => false,
        };
        self.found_at(from + self.log.iter_from(from).position(wanted)?)
    }

    /// Keys and values of all tuples that are not hidden, in the order of the log.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.log.iter().flatten().filter(|tuple| !tuple.hidden()).map(Tuple::key_and_value)
    }
}
