//! What a node is given when it is made, and keeps for its whole life.

use super::input::Millis;

/// Which sets are compared by sketches, and by how large ones.
#[derive(Debug, Clone)]
pub(crate) struct Sketching {
    /// Sets of fewer tuples are told whole: that costs little more, and nothing has to be asked first.
    pub(crate) from: u64,
    /// How many cells the first sketch has.
    pub(crate) cells: usize,
}

impl Default for Sketching {
    fn default() -> Sketching {
        Sketching { from: 128, cells: 64 }
    }
}

/// What a node is given when it is made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setup {
    /// The node's name in traces. It is the argument of the actor.
    pub(crate) label: Vec<u8>,
    /// A secret random number: without it peers could choose keys that collide in the index.
    pub(crate) seed: u64,
    /// A random number that stands for this process, told to peers: the origin of what it writes.
    pub(crate) node: u64,
    /// Milliseconds from 1970 to the time that `Node::new` is told.
    pub(crate) epoch: Millis,
    /// Ignore CURVE keys, as the released CZMQ does (environment: ZGOSSIP_IGNORE_KEYS).
    pub(crate) ignore_keys: bool,
    pub(crate) sketching: Sketching,
    /// For so many milliseconds the node's end waits for neighbours that take nothing (`zgossip/linger`).
    pub(crate) linger: Millis,
}
