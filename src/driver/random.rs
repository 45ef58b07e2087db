//! Random numbers.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Random enough to spread nodes over a range of ports, to seed a table and to name a node. Nothing
/// secret is made of it.
pub(crate) fn random64() -> u64 {
    RandomState::new().build_hasher().finish()
}
