//! What a node is born with, and never changes.

use super::input::Millis;

/// From when on sketches are used.
#[derive(Debug, Clone)]
pub(crate) struct Sketching {
    /// Smaller sets are told whole: that costs little more, and no question.
    pub(crate) from: u64,
    /// Cells of the first sketch.
    pub(crate) cells: usize,
}

impl Default for Sketching {
    fn default() -> Sketching {
        Sketching { from: 128, cells: 64 }
    }
}

/// What a node is born with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setup {
    /// Name of the node in traces: the actor's argument.
    pub(crate) label: Vec<u8>,
    /// Secret randomness: keeps peers from choosing keys that collide.
    pub(crate) seed: u64,
    /// Random number of the node's life, told to peers.
    pub(crate) node: u64,
    /// Milliseconds since 1970 at the time that `Node::new` is told.
    pub(crate) epoch: Millis,
    /// Ignore CURVE keys, as the released CZMQ does (environment: ZGOSSIP_IGNORE_KEYS).
    pub(crate) ignore_keys: bool,
    pub(crate) sketching: Sketching,
}
