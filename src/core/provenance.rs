//! Which values of a key the network has seen replaced.
//!
//! A C node that comes back with an old value says it as if it were new. Only memory tells the two
//! apart: without it, what was rewritten while the node was away would be resurrected.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Values remembered for each key. Two are too few: then old values come back in every second
/// network of the model.
const DEPTH: usize = 16;

/// Digests of replaced values, the oldest forgotten first.
#[derive(Debug, Default)]
pub(super) struct Provenance {
    keys: HashMap<Arc<[u8]>, VecDeque<u64>>,
}

impl Provenance {
    pub(super) fn remember(&mut self, key: &[u8], value: u64) {
        if !self.keys.contains_key(key) {
            self.keys.insert(key.into(), VecDeque::new());
        }
        let Some(values) = self.keys.get_mut(key) else { return };
        values.retain(|known| *known != value);
        values.push_back(value);
        if values.len() > DEPTH {
            values.pop_front();
        }
    }

    /// Whether this value of the key is one of them.
    pub(super) fn knows(&self, key: &[u8], value: u64) -> bool {
        self.keys.get(key).is_some_and(|values| values.contains(&value))
    }
}
