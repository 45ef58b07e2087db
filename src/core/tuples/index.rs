//! Key to position: a hash table that holds neither keys nor values.
//!
//! A tuple's key is inside its frame, so the table needs only a position and a piece of the hash:
//! eight bytes a slot. The standard map would hold every key, or a reference to it, once more.

use crate::wire;

/// Positions are stored in 32 bits, one value of which marks a free slot.
const FREE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Slot {
    position: u32,
    /// Lower half of the key's hash. Gives the slot's home, so no key is needed to move it, and
    /// spares looking at most tuples that only share the neighbourhood.
    hash: u32,
}

const EMPTY: Slot = Slot { position: FREE, hash: 0 };

/// Open addressing with linear probing, at most three quarters full.
#[derive(Debug)]
pub(super) struct Index {
    /// Empty, or a power of two.
    slots: Vec<Slot>,
    used: usize,
    seed: u64,
}

impl Index {
    pub(super) fn new(seed: u64) -> Index {
        Index { slots: Vec::new(), used: 0, seed }
    }

    /// The hash of a key, for the calls below.
    pub(super) fn hash(&self, key: &[u8]) -> u32 {
        // Without the seed nobody can aim keys at one slot.
        wire::keyed(self.seed, key) as u32
    }

    fn wrap(&self, place: usize) -> usize {
        place & self.slots.len().wrapping_sub(1)
    }

    #[inline(always)]
    /// The first slot from the hash's home on that satisfies the test, or the free slot that ends
    /// the probe. None only while the table has no slots.
    fn probe(&self, hash: u32, found: impl Fn(Slot) -> bool) -> Option<(usize, Slot)> {
        let mut place = self.wrap(hash as usize);
        loop {
            let slot = *self.slots.get(place)?;
            if slot.position == FREE || found(slot) {
                return Some((place, slot));
            }
            place = self.wrap(place + 1);
        }
    }

    /// The position of a key with this hash; `is_key` looks whether a position holds it.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32, is_key: impl Fn(usize) -> bool) -> Option<usize> {
        let wanted = |slot: Slot| slot.hash == hash && is_key(slot.position as usize);
        let (_, slot) = self.probe(hash, wanted)?;
        (slot.position != FREE).then_some(slot.position as usize)
    }

    /// Add a key that is not there.
    pub(super) fn insert(&mut self, hash: u32, position: usize) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let size = (self.slots.len() * 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![EMPTY; size]);
            old.into_iter().filter(|slot| slot.position != FREE).for_each(|slot| self.put(slot));
        }
        // 2^32 tuples would need a third of a terabyte: the allocator ends that first.
        self.put(Slot { position: position as u32, hash });
        self.used += 1;
    }

    fn put(&mut self, slot: Slot) {
        if let Some((place, _)) = self.probe(slot.hash, |_| false) {
            if let Some(free) = self.slots.get_mut(place) {
                *free = slot;
            }
        }
    }

    /// Remove the entry of a key that is held at this position.
    pub(super) fn remove(&mut self, hash: u32, position: usize) {
        let here = |slot: Slot| slot.position as usize == position;
        let Some((mut gap, slot)) = self.probe(hash, here) else { return };
        if slot.position == FREE {
            return;
        }
        self.used -= 1;
        // An entry further on may have been pushed past the gap. It moves back unless its home
        // lies between the gap and itself, until a free slot ends the run.
        let mut place = self.wrap(gap + 1);
        while let Some(&slot) = self.slots.get(place).filter(|slot| slot.position != FREE) {
            let from_home = self.wrap(place.wrapping_sub(slot.hash as usize));
            let from_gap = self.wrap(place.wrapping_sub(gap));
            if from_home >= from_gap {
                self.slots.swap(gap, place);
                gap = place;
            }
            place = self.wrap(place + 1);
        }
        if let Some(slot) = self.slots.get_mut(gap) {
            *slot = EMPTY;
        }
    }

    /// Start over with the keys at positions 0, 1, 2 and so on.
    pub(super) fn rebuild<'a>(&mut self, keys: impl Iterator<Item = &'a [u8]>) {
        self.slots = Vec::new();
        self.used = 0;
        for (position, key) in keys.enumerate() {
            self.insert(self.hash(key), position);
        }
    }
}
