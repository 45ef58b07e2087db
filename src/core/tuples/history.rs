//! The value history: which values of a key the network has seen replaced.
//!
//! A CZMQ peer that comes back with an old value says it as if it were new. Only memory tells the two apart:
//! without it, a value that was replaced while the peer was away would come back to life.

use crate::core::rules::{Rule, keeps};
use crate::wire::digest;
use std::collections::HashMap;

/// So many values of a key are remembered. Two would be too few: then old values come back in every second
/// network of the simulator.
pub(in crate::core) const DEPTH: usize = 16;

/// Digests of values by the digest of their key. The oldest is forgotten first.
#[derive(Debug, Default)]
pub(in crate::core) struct ValueHistory {
    /// There has been a CZMQ peer. Without one nothing has to be remembered.
    kept: bool,
    keys: HashMap<u64, Values>,
}

/// The values of one key. The last has a place of its own, as most keys that change do so only once.
#[derive(Debug)]
struct Values {
    last: u64,
    before: Vec<u64>,
    /// How often the key has gone back to a value that had been replaced.
    returns: u32,
}

impl ValueHistory {
    /// There is a CZMQ peer: from now on replaced values are remembered.
    pub(in crate::core) fn begins(&mut self) {
        self.kept = true;
    }

    pub(in crate::core) fn is_kept(&self) -> bool {
        self.kept
    }

    pub(in crate::core) fn remember(&mut self, key: &[u8], value: u64) {
        let values = self.keys.entry(digest(&[key])).or_insert_with(|| Values {
            last: value,
            before: Vec::new(),
            returns: 0,
        });
        if values.last != value {
            values.before.retain(|known| *known != value);
            values.before.push(values.last);
            values.last = value;
            if values.before.len() >= DEPTH && keeps(Rule::RememberFew) {
                values.before.remove(0);
            }
        }
    }

    /// The key has gone back to a value that had been replaced.
    pub(in crate::core) fn count_return(&mut self, key: &[u8]) {
        if let Some(values) = self.keys.get_mut(&digest(&[key])) {
            values.returns = values.returns.saturating_add(1);
        }
    }

    /// How often the key has gone back.
    pub(in crate::core) fn returns(&self, key: &[u8]) -> u32 {
        self.keys.get(&digest(&[key])).map_or(0, |values| values.returns)
    }

    /// How many keys there are, and the most values that one of them has.
    #[cfg(test)]
    pub(in crate::core) fn size(&self) -> (usize, usize) {
        let deepest = self.keys.values().map(|values| values.before.len() + 1).max();
        (self.keys.len(), deepest.unwrap_or(0))
    }

    /// Whether this value of the key is remembered.
    pub(in crate::core) fn knows(&self, key: &[u8], value: u64) -> bool {
        let values = self.keys.get(&digest(&[key])).filter(|_| keeps(Rule::Remember));
        values.is_some_and(|values| values.last == value || values.before.contains(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sixteen_values_of_a_key_are_known() {
        let mut history = ValueHistory::default();
        for value in 0..20 {
            history.remember(b"k", value);
            history.remember(b"k", value);
        }
        let known: Vec<u64> = (0..20).filter(|value| history.knows(b"k", *value)).collect();
        assert_eq!(known, (4..20).collect::<Vec<u64>>());
        assert!(!history.knows(b"other", 19));
        history.remember(b"k", 5);
        history.remember(b"k", 100);
        assert!(history.knows(b"k", 5), "said again, it is young again");
        assert!(!history.knows(b"k", 4));
    }
}
