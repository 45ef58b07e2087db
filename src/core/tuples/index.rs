//! The index: from a key to its position in the log. A hash table that holds neither keys nor values.
//!
//! A tuple's key and hash are in the log, so the table needs only a position and a piece of the hash: five
//! bytes for each slot. The pieces lie apart from the positions: most keys that are searched for are not
//! there, and a few neighbouring bytes tell that.

use crate::wire;

/// A piece of a hash, 0 where the slot is free.
type Tag = u8;
const FREE: Tag = 0;

fn tag(hash: u32) -> Tag {
    (hash >> 24) as Tag | 0x80
}

/// Open addressing with linear probing, at most three quarters full.
#[derive(Debug)]
pub(super) struct Index {
    /// As many as there are positions: none, or a power of two.
    tags: Vec<Tag>,
    /// Positions are stored in 32 bits: 2^32 tuples would need a third of a terabyte.
    positions: Vec<u32>,
    used: usize,
    seed: u64,
}

impl Index {
    pub(super) fn new(seed: u64) -> Index {
        Index { tags: Vec::new(), positions: Vec::new(), used: 0, seed }
    }

    /// The hash of a key, for the calls below: 31 bits.
    pub(super) fn hash(&self, key: &[u8]) -> u32 {
        // Who does not know the seed cannot choose keys that collide.
        wire::keyed(self.seed, key) as u32 & (u32::MAX >> 1)
    }

    /// The first slot that passes the test, from the one on where the hash belongs, or the free slot before
    /// which none does. None only while the table has no slots.
    #[inline(always)]
    fn probe(&self, hash: u32, found: impl Fn(Tag, usize) -> bool) -> Option<usize> {
        let mask = self.tags.len().wrapping_sub(1);
        let mut place = hash as usize & mask;
        loop {
            let tag = *self.tags.get(place)?;
            if tag == FREE || found(tag, place) {
                return Some(place);
            }
            place = (place + 1) & mask;
        }
    }

    fn position_at(&self, place: usize) -> Option<usize> {
        self.positions.get(place).map(|position| *position as usize)
    }

    /// The position of a key with this hash; `is_key` tells whether a position holds that key.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32, is_key: impl Fn(usize) -> bool) -> Option<usize> {
        let wanted = tag(hash);
        let here = |tag, place| tag == wanted && self.position_at(place).is_some_and(&is_key);
        let place = self.probe(hash, here)?;
        // The position of a free slot is not read: that would be one more cache miss.
        if self.tags.get(place) == Some(&FREE) { None } else { self.position_at(place) }
    }

    /// Add a key that is not there yet; `hash_of` tells the hash of the key at a position.
    pub(super) fn insert(&mut self, hash: u32, position: usize, hash_of: impl Fn(usize) -> u32) {
        if (self.used + 1) * 4 > self.tags.len() * 3 {
            let tags = std::mem::take(&mut self.tags);
            let positions = std::mem::take(&mut self.positions);
            let size = (tags.len() * 2).max(16);
            (self.tags, self.positions) = (vec![FREE; size], vec![0; size]);
            let used = tags.into_iter().zip(positions).filter(|(tag, _)| *tag != FREE);
            used.for_each(|(_, position)| self.put(hash_of(position as usize), position));
        }
        self.put(hash, position as u32);
        self.used += 1;
    }

    fn put(&mut self, hash: u32, position: u32) {
        let Some(place) = self.probe(hash, |_, _| false) else { return };
        if let (Some(free), Some(slot)) = (self.tags.get_mut(place), self.positions.get_mut(place))
        {
            (*free, *slot) = (tag(hash), position);
        }
    }

    /// A key with this hash has moved from one position to another.
    pub(super) fn relocate(&mut self, hash: u32, from: usize, to: usize) {
        let place = self.probe(hash, |_, place| self.position_at(place) == Some(from));
        if let Some(slot) = place.and_then(|place| self.positions.get_mut(place)) {
            *slot = to as u32;
        }
    }

    /// Begin anew with so many keys, which have these hashes and stand at positions 0, 1, 2 and so on.
    pub(super) fn rebuild(&mut self, count: usize, hashes: impl Iterator<Item = u32>) {
        let size = (count * 4 / 3 + 1).next_power_of_two().max(16);
        (self.tags, self.positions) = (vec![FREE; size], vec![0; size]);
        self.used = count;
        hashes.enumerate().for_each(|(position, hash)| self.put(hash, position as u32));
    }
}
