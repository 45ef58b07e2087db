//! How the tuple set changes: a tuple is stored, hidden or told again, and the log is compacted.

use super::{Place, TupleSet};
use crate::core::limits::Limit;
use crate::core::link::Source;
use crate::core::rules::{Rule, keeps};
use crate::core::tuples::tuple::{HIDDEN, Tuple};
use crate::wire::{self, Stamp};

/// Why a tuple was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Longer than a frame can carry: 255 bytes.
    KeyTooLong,
    /// Longer than a frame can carry: 4 GiB less one byte.
    ValueTooLong,
    /// It lies beyond a limit of this node.
    Limit(Limit),
    /// There is no memory for the value.
    NoMemory,
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

/// Longer values are not put together in memory that is kept for the next tuple.
const LARGE: usize = 4096;

impl TupleSet {
    /// Store the tuple, at the place of its key, if its stamp is larger than that of the one held. Of two values
    /// with one stamp, which only a fault can bring about, the larger bytes win everywhere.
    pub(crate) fn accept(
        &mut self,
        place: Place,
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
        let (hash, held_at) = (place.hash, place.position());
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
            self.bytes -= held.size();
            self.live -= usize::from(!held.hidden());
            self.holes += 1;
            kept = entry.take().map(|held| held.text).filter(|_| same);
        }
        let changed = kept.is_none();
        let text = kept.unwrap_or_else(|| self.pack(key, value));
        let position = self.log.len();
        let tuple = Tuple { text, stamp, source, hash };
        self.digest = self.digest.wrapping_add(tuple.digest());
        self.bytes += tuple.size();
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
        // A large one is put together where it stays.
        if value.len() > LARGE {
            let mut text = Vec::with_capacity(1 + key.len() + value.len());
            fill(&mut text, key, value);
            return text.into_boxed_slice();
        }
        self.scratch.clear();
        fill(&mut self.scratch, key, value);
        Box::from(&*self.scratch)
    }

    /// Move the tuples that have these digests, which are in order, to the end of the log, so that they are
    /// told again. Returns the digests that no tuple has, and how many looks at tuples that cost.
    pub(crate) fn renew(&mut self, digests: &[u64]) -> (Vec<u64>, usize) {
        let mut found = vec![false; digests.len()];
        let mut looks = 0;
        let end = if digests.is_empty() { 0 } else { self.log.len() };
        for position in 0..end {
            let entry = self.log.get_mut(position);
            let moves = |tuple: &mut Tuple| {
                looks += tuple.looks();
                match digests.binary_search(&tuple.digest()) {
                    Ok(place) => found.get_mut(place).map(|found| *found = true).is_some(),
                    Err(_) => false,
                }
            };
            if entry.is_some_and(|entry| entry.as_mut().is_some_and(moves)) {
                self.move_to_end(position);
            }
        }
        let missing = digests.iter().zip(found).filter(|(_, found)| !found);
        (missing.map(|(id, _)| *id).collect(), looks)
    }

    /// Move the tuple at this position to the end of the log, so that it is told again.
    pub(crate) fn move_to_end(&mut self, position: usize) {
        let Some(tuple) = self.log.get_mut(position).and_then(Option::take) else { return };
        self.index.relocate(tuple.hash(), position, self.log.len());
        self.log.push(Some(tuple));
        self.holes += 1;
    }

    /// Give the tuple at this position another stamp, which may be a smaller one, and move it to the end of the
    /// log, as one that came from nobody.
    pub(crate) fn correct(&mut self, position: usize, stamp: Stamp) {
        if let Some(tuple) = self.log.get_mut(position).and_then(Option::as_mut) {
            self.digest = self.digest.wrapping_sub(tuple.digest());
            tuple.stamp = stamp;
            tuple.source = 0;
            self.digest = self.digest.wrapping_add(tuple.digest());
            self.move_to_end(position);
        }
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

/// Append the text of a tuple.
fn fill(text: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    text.push(key.len() as u8);
    text.extend_from_slice(key);
    text.extend_from_slice(value);
}
