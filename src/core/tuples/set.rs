//! The tuple set, kept as a log: in the order of the last change.
//!
//! A tuple that changes moves to the end. So a peer that has to be told everything, or that has fallen
//! behind, is a position in this log: what it lacks is what follows, one value of each key, in the order of
//! publication.

#[cfg(test)]
mod tests;

use super::super::link::Source;
use super::super::rules::{Rule, keeps};
use super::index::Index;
use super::log::Log;
use super::tuple::{HIDDEN, Tuple};
use crate::wire::{self, Sketch, Stamp, Summary};

/// Why a tuple was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Longer than a frame can carry: 255 bytes.
    KeyTooLong,
    /// Longer than a frame can carry: 4 GiB less one byte.
    ValueTooLong,
}

/// What became of a tuple that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Accepted {
    /// What is held is as new, or newer: nothing has changed.
    Old,
    /// It is stored at this position of the log; `changed` tells whether the value is another one than
    /// before.
    New { position: usize, changed: bool },
}

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
    /// Memory in which a tuple is put together.
    scratch: Vec<u8>,
}

/// More memory than this is not kept for the next tuple.
const LARGE: usize = 4096;

impl TupleSet {
    /// An empty set. The seed keeps peers from choosing keys that collide in the index.
    pub(crate) fn new(seed: u64) -> TupleSet {
        TupleSet {
            log: Log::default(),
            index: Index::new(seed),
            live: 0,
            holes: 0,
            digest: 0,
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
        self.last(key).1
    }

    /// The value of a key, which a hidden tuple has not, and its last stamp.
    pub(crate) fn last(&self, key: &[u8]) -> (Option<&[u8]>, Stamp) {
        match self.find(key).and_then(|position| self.at(position)) {
            Some(tuple) if tuple.hidden() => (None, tuple.stamp),
            Some(tuple) => (Some(tuple.key_and_value().1), tuple.stamp),
            None => (None, Stamp::default()),
        }
    }

    /// Store the tuple if its stamp is larger than that of the one held. Of two values with one
    /// stamp, which only a fault can bring about, the larger bytes win everywhere.
    pub(crate) fn accept(
        &mut self,
        key: &[u8],
        value: &[u8],
        stamp: Stamp,
        source: Source,
    ) -> Result<Accepted, Refusal> {
        if key.len() > wire::MAX_KEY {
            return Err(Refusal::KeyTooLong);
        }
        if u32::try_from(value.len()).is_err() {
            return Err(Refusal::ValueTooLong);
        }
        let hash = self.index.hash(key);
        let held_at = self.find_hashed(key, hash);
        let mut kept = None;
        if let Some(entry) = held_at.and_then(|position| self.log.get_mut(position)) {
            let Some(held) = entry.as_ref() else { return Ok(Accepted::Old) };
            let held_value = held.key_and_value().1;
            let order = (held.stamp, held_value).cmp(&(stamp, value));
            if order.is_eq() || order.is_gt() && keeps(Rule::LargestWins) {
                return Ok(Accepted::Old);
            }
            let same = held_value == value && !held.hidden();
            self.digest = self.digest.wrapping_sub(held.digest());
            self.live -= usize::from(!held.hidden());
            self.holes += 1;
            kept = entry.take().map(|held| held.text).filter(|_| same);
        }
        let changed = kept.is_none();
        let text = kept.unwrap_or_else(|| self.pack(key, value));
        let position = self.log.len();
        let tuple = Tuple { text, stamp, source, hash };
        self.digest = self.digest.wrapping_add(tuple.digest());
        self.log.push(Some(tuple));
        self.live += 1;
        match held_at {
            Some(from) => self.index.relocate(hash, from, position),
            None => {
                let log = &self.log;
                let hash_of =
                    |position| log.get(position).and_then(Option::as_ref).map_or(0, Tuple::hash);
                self.index.insert(hash, position, hash_of);
            }
        }
        Ok(Accepted::New { position, changed })
    }

    fn pack(&mut self, key: &[u8], value: &[u8]) -> Box<[u8]> {
        self.scratch.clear();
        self.scratch.push(key.len() as u8);
        self.scratch.extend_from_slice(key);
        self.scratch.extend_from_slice(value);
        let text = Box::from(&*self.scratch);
        self.scratch.shrink_to(LARGE);
        text
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
        Summary { count: (self.log.len() - self.holes) as u64, digest: self.digest }
    }

    /// Put the digests of all tuples into a sketch, or take them out.
    pub(crate) fn sketch(&self, sketch: &mut Sketch) {
        for tuple in self.log.iter().flatten() {
            sketch.toggle(tuple.digest());
        }
    }

    /// Move the tuples that have these digests, which are in order, to the end of the log, so that they are
    /// told again. Returns the digests that no tuple has.
    pub(crate) fn renew(&mut self, digests: &[u64]) -> Vec<u64> {
        let mut found = vec![false; digests.len()];
        let end = if digests.is_empty() { 0 } else { self.log.len() };
        for position in 0..end {
            let entry = self.log.get_mut(position);
            let moves = |tuple: &mut Tuple| match digests.binary_search(&tuple.digest()) {
                Ok(place) => found.get_mut(place).map(|found| *found = true).is_some(),
                Err(_) => false,
            };
            let Some(tuple) = entry.and_then(|entry| entry.take_if(moves)) else { continue };
            self.index.relocate(tuple.hash(), position, self.log.len());
            self.log.push(Some(tuple));
            self.holes += 1;
        }
        digests.iter().zip(found).filter_map(|(id, found)| (!found).then_some(*id)).collect()
    }

    /// Hide the tuple of a key: the owner has unpublished it, in this node only. Its stamp is kept, or peers
    /// that still hold the tuple would bring it back. False where none was shown.
    pub(crate) fn hide(&mut self, key: &[u8]) -> bool {
        let found = self.find(key).and_then(|position| self.log.get_mut(position)?.as_mut());
        let hidden = found.is_some_and(|tuple| {
            let was_hidden = tuple.hidden();
            tuple.hash |= HIDDEN;
            !was_hidden
        });
        self.live -= usize::from(hidden);
        hidden
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

    /// Whether the log is mostly holes.
    pub(crate) fn wants_compaction(&self) -> bool {
        self.log.len() > 64 && 2 * self.holes > self.log.len()
    }

    /// Close the holes in the log, and move the cursors along with the tuples that they point at.
    pub(crate) fn compact<'a>(&mut self, cursors: impl Iterator<Item = &'a mut usize>) {
        let mut cursors: Vec<&mut usize> = cursors.collect();
        cursors.sort_unstable_by_key(|cursor| **cursor);
        let mut cursors = cursors.into_iter().peekable();
        let mut kept = 0;
        for (position, entry) in self.log.iter().enumerate() {
            while let Some(cursor) = cursors.next_if(|cursor| **cursor <= position) {
                *cursor = kept;
            }
            kept += usize::from(entry.is_some());
        }
        cursors.for_each(|cursor| *cursor = kept);
        self.log.compact();
        self.holes = 0;
        // Nothing but tuples is left in it.
        let hashes = self.log.iter().map(|entry| entry.as_ref().map_or(0, Tuple::hash));
        self.index.rebuild(kept, hashes);
    }
}
