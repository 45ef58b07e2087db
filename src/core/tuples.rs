//! The tuple set, kept as a log: in the order of the last change.
//!
//! A tuple that changes moves to the end. A peer that has to be told everything, or that has fallen
//! behind, is therefore a position in this log: what it lacks is what follows, one value per key,
//! in the order in which it was published.

mod index;

#[cfg(test)]
mod tests;

use super::link::Source;
use crate::wire;
use index::Index;
use std::sync::Arc;

/// A tuple as it is held: its PUBLISH frame, encoded once and shared with every message that
/// carries it.
#[derive(Debug, Clone)]
struct Tuple {
    frame: Arc<[u8]>,
    source: Source,
}

impl Tuple {
    fn key_and_value(&self) -> (&[u8], &[u8]) {
        key_and_value(&self.frame)
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
    /// Held already, with this value.
    Duplicate,
    /// New, or a new value: stored at this position of the log.
    New { frame: Arc<[u8]>, position: usize },
}

/// All tuples that a node holds.
#[derive(Debug)]
pub(crate) struct Tuples {
    /// None where the tuple has moved to a later position or is gone.
    log: Vec<Option<Tuple>>,
    index: Index,
    live: usize,
}

impl Tuples {
    /// An empty set. The seed keeps peers from choosing keys that collide in the index.
    pub(crate) fn new(seed: u64) -> Tuples {
        Tuples { log: Vec::new(), index: Index::new(seed), live: 0 }
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

    /// The value of a key.
    #[cfg(test)]
    pub(crate) fn value(&self, key: &[u8]) -> Option<&[u8]> {
        let tuple = self.log.get(self.find(key)?)?.as_ref()?;
        Some(tuple.key_and_value().1)
    }

    /// Store the tuple unless it is held with this very value (observed C behaviour).
    pub(crate) fn accept(
        &mut self,
        key: &[u8],
        value: &[u8],
        source: Source,
    ) -> Result<Accepted, Refusal> {
        if key.len() > wire::MAX_KEY {
            return Err(Refusal::KeyTooLong);
        }
        let held = self.find(key);
        if let Some(tuple) = held.and_then(|position| self.log.get(position)?.as_ref()) {
            if tuple.key_and_value().1 == value {
                return Ok(Accepted::Duplicate);
            }
        }
        let mut frame = Vec::new();
        // The stock actor lets a ttl that it once heard leak into all tuples it sends; ours is 0.
        if !wire::encode_publish(&mut frame, key, value, 0) {
            return Err(Refusal::ValueTooLong);
        }
        if let Some(position) = held {
            self.forget(key, position);
        }
        let frame: Arc<[u8]> = frame.into();
        let position = self.log.len();
        self.log.push(Some(Tuple { frame: Arc::clone(&frame), source }));
        self.live += 1;
        self.index.insert(key, position);
        Ok(Accepted::New { frame, position })
    }

    fn forget(&mut self, key: &[u8], position: usize) {
        self.index.remove(key, position);
        if let Some(entry) = self.log.get_mut(position) {
            if entry.take().is_some() {
                self.live -= 1;
            }
        }
    }

    /// Drop a key. False where it is not held.
    pub(crate) fn remove(&mut self, key: &[u8]) -> bool {
        match self.find(key) {
            Some(position) => {
                self.forget(key, position);
                true
            }
            None => false,
        }
    }

    /// The first tuple at or after a position that did not come from this source, with its own
    /// position.
    pub(crate) fn next(&self, from: usize, not_from: Source) -> Option<(usize, &Arc<[u8]>)> {
        let wanted = |entry: &Option<Tuple>| match entry {
            Some(tuple) => tuple.source != not_from,
            None => false,
        };
        let rest = self.log.get(from..)?;
        let (offset, tuple) = rest.iter().enumerate().find(|(_, entry)| wanted(entry))?;
        tuple.as_ref().map(|tuple| (from + offset, &tuple.frame))
    }

    /// Whether the log is mostly holes.
    pub(crate) fn wants_compaction(&self) -> bool {
        self.log.len() > 64 && self.log.len() > 2 * self.live
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
        self.log.shrink_to(2 * kept);
        self.index.rebuild(self.log.iter().flatten().map(|tuple| tuple.key_and_value().0));
    }
}
