//! The tuple set, kept as a log: in the order of the last change.
//!
//! A tuple that changes moves to the end. A peer that has to be told everything, or that has fallen
//! behind, is therefore a position in this log: what it lacks is what follows, one value per key,
//! in the order in which it was published.

mod index;

#[cfg(test)]
mod tests;

use super::link::Source;
use super::rules::{Rule, keeps};
use crate::wire::{self, Stamp, Summary};
use index::Index;
use std::sync::Arc;

/// A tuple as it is held: its PUBLISH frame, encoded once and shared with every message that
/// carries it.
#[derive(Debug, Clone)]
struct Tuple {
    frame: Arc<[u8]>,
    stamp: Stamp,
    source: Source,
    /// The owner said UNPUBLISH: gone for it, but not for the peers that still hold it.
    hidden: bool,
}

impl Tuple {
    fn key_and_value(&self) -> (&[u8], &[u8]) {
        key_and_value(&self.frame)
    }

    /// What the tuple adds to the set's summary.
    fn digest(&self) -> u64 {
        let (key, value) = self.key_and_value();
        let (clock, origin) = (self.stamp.clock.to_be_bytes(), self.stamp.origin.to_be_bytes());
        wire::digest(&[key, value, &clock, &origin])
    }
}

fn encode(key: &[u8], value: &[u8]) -> Result<Arc<[u8]>, Refusal> {
    let mut frame = Vec::new();
    // The stock actor lets a ttl that it once heard leak into all tuples it sends; ours is 0.
    if wire::encode_publish(&mut frame, key, value, 0) {
        Ok(frame.into())
    } else {
        Err(Refusal::ValueTooLong)
    }
}

/// The two fields of a frame that this node has encoded itself.
pub(crate) fn key_and_value(frame: &[u8]) -> (&[u8], &[u8]) {
    match wire::decode(frame) {
        Ok(wire::Message::Publish { key, value, .. }) => (key, value),
        _ => {
            debug_assert!(false, "a held tuple is not a PUBLISH frame");
            (&[], &[])
        }
    }
}

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
    /// What is held is as new, or newer.
    Old,
    /// Stored at this position of the log; whether the value is another one than before.
    New { frame: Arc<[u8]>, position: usize, changed: bool },
}

/// A tuple in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) position: usize,
    pub(crate) frame: &'a Arc<[u8]>,
    pub(crate) stamp: Stamp,
}

/// All tuples that a node holds.
#[derive(Debug)]
pub(crate) struct Tuples {
    /// None where the tuple has moved to a later position or is gone.
    log: Vec<Option<Tuple>>,
    index: Index,
    live: usize,
    /// Entries of the log that are gone.
    holes: usize,
    /// Sum of the tuples' digests.
    digest: u64,
}

impl Tuples {
    /// An empty set. The seed keeps peers from choosing keys that collide in the index.
    pub(crate) fn new(seed: u64) -> Tuples {
        Tuples { log: Vec::new(), index: Index::new(seed), live: 0, holes: 0, digest: 0 }
    }

    /// How many keys are held.
    pub(crate) fn len(&self) -> usize {
        self.live
    }

    /// The position after the last tuple: where a peer stands that has been told everything.
    pub(crate) fn end(&self) -> usize {
        self.log.len()
    }

    fn find(&self, key: &[u8]) -> Option<usize> {
        self.index.find(key, |position| self.key_at(position) == Some(key))
    }

    fn key_at(&self, position: usize) -> Option<&[u8]> {
        self.log.get(position)?.as_ref().map(|tuple| tuple.key_and_value().0)
    }

    /// The value of a key and its stamp.
    pub(crate) fn get(&self, key: &[u8]) -> Option<(&[u8], Stamp)> {
        let tuple = self.log.get(self.find(key)?)?.as_ref().filter(|tuple| !tuple.hidden)?;
        Some((tuple.key_and_value().1, tuple.stamp))
    }

    /// The stamp of a key, also of one that is gone for the owner.
    pub(crate) fn stamp(&self, key: &[u8]) -> Stamp {
        let tuple = self.find(key).and_then(|position| self.log.get(position)?.as_ref());
        tuple.map(|tuple| tuple.stamp).unwrap_or_default()
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
        let position = self.find(key);
        let held = position.and_then(|position| self.log.get(position)?.clone());
        let mut frame = None;
        if let Some(held) = held {
            let held_value = held.key_and_value().1;
            let order = (held.stamp, held_value).cmp(&(stamp, value));
            if order.is_eq() || order.is_gt() && keeps(Rule::LargestWins) {
                return Ok(Accepted::Old);
            }
            frame = (held_value == value && !held.hidden).then(|| Arc::clone(&held.frame));
        }
        let changed = frame.is_none();
        let frame = match frame {
            Some(frame) => frame,
            None => encode(key, value)?,
        };
        if let Some(position) = position {
            self.forget(key, position);
        }
        let position = self.log.len();
        let tuple = Tuple { frame: Arc::clone(&frame), stamp, source, hidden: false };
        self.digest = self.digest.wrapping_add(tuple.digest());
        self.log.push(Some(tuple));
        self.live += 1;
        self.index.insert(key, position);
        Ok(Accepted::New { frame, position, changed })
    }

    /// The tuple of a key, in the log.
    pub(crate) fn found(&self, key: &[u8]) -> Option<Found<'_>> {
        let position = self.find(key)?;
        let tuple = self.log.get(position)?.as_ref().filter(|tuple| !tuple.hidden)?;
        Some(Found { position, frame: &tuple.frame, stamp: tuple.stamp })
    }

    /// Where the tuple of a key came from.
    pub(crate) fn source(&self, key: &[u8]) -> Option<Source> {
        Some(self.log.get(self.find(key)?)?.as_ref()?.source)
    }

    /// The set in short.
    pub(crate) fn summary(&self) -> Summary {
        Summary { count: (self.log.len() - self.holes) as u64, digest: self.digest }
    }

    fn forget(&mut self, key: &[u8], position: usize) {
        self.index.remove(key, position);
        if let Some(entry) = self.log.get_mut(position) {
            if let Some(tuple) = entry.take() {
                self.digest = self.digest.wrapping_sub(tuple.digest());
                self.live -= usize::from(!tuple.hidden);
                self.holes += 1;
            }
        }
    }

    /// Forget a key, in this node only. Its stamp is kept: peers that still hold the tuple would
    /// otherwise bring it back at the next comparison. False where it is not held.
    pub(crate) fn hide(&mut self, key: &[u8]) -> bool {
        let found = self.find(key).and_then(|position| self.log.get_mut(position)?.as_mut());
        let hidden = found.is_some_and(|tuple| !std::mem::replace(&mut tuple.hidden, true));
        self.live -= usize::from(hidden);
        hidden
    }

    /// The first tuple at or after a position that did not come from this source; all of them, or
    /// those that the owner has not unpublished.
    pub(crate) fn next(&self, from: usize, not_from: Source, all: bool) -> Option<Found<'_>> {
        let wanted = |entry: &Option<Tuple>| match entry {
            Some(tuple) => tuple.source != not_from && (all || !tuple.hidden),
            None => false,
        };
        let rest = self.log.get(from..)?;
        let (offset, tuple) = rest.iter().enumerate().find(|(_, entry)| wanted(entry))?;
        let tuple = tuple.as_ref()?;
        Some(Found { position: from + offset, frame: &tuple.frame, stamp: tuple.stamp })
    }

    /// Whether the log is mostly holes.
    pub(crate) fn wants_compaction(&self) -> bool {
        self.log.len() > 64 && 2 * self.holes > self.log.len()
    }

    /// Close the holes in the log and move the cursors along with what they point at.
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
        self.log.retain(Option::is_some);
        self.holes = 0;
        self.log.shrink_to(2 * kept);
        self.index.rebuild(self.log.iter().flatten().map(|tuple| tuple.key_and_value().0));
    }
}
