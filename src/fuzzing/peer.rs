//! A peer of the node: what it has been told, and how it takes what is sent to it.

use crate::wire::Stamp;
use std::collections::HashMap;

/// What becomes of a message for a peer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Route {
    #[default]
    Open,
    /// Its queue is full.
    Full,
    /// The connection is gone, and the node does not know.
    Gone,
}

/// A client or a server of the node.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Which of its connections this is.
    pub(super) life: u32,
    pub(super) route: Route,
    /// It may rely on being told everything.
    pub(super) served: bool,
    /// It behaves like a CZMQ peer, which is told some things later and some more than once. What must hold
    /// for those is checked by the simulator.
    pub(super) czmq: bool,
    /// It has said that it can ask for a sketch, and does not ask. So in the end it says HELLO without that.
    pub(super) asks: bool,
    /// What it holds of each key, of all that this connection carried in either direction, and the stamp of that.
    pub(super) view: HashMap<Vec<u8>, (Vec<u8>, Stamp)>,
    /// How many PINGs it has got and not answered.
    pub(super) owed_pongs: usize,
}

impl Peer {
    /// Another connection, or none.
    pub(super) fn restart(&mut self) {
        *self = Peer { life: self.life + 1, ..Peer::default() };
    }

    /// A tuple was carried. Of two stamps the larger one wins, and of two values with one stamp the larger bytes; what
    /// has no stamp wins always.
    pub(super) fn learn(&mut self, key: &[u8], value: &[u8], stamp: Option<Stamp>) {
        let stamp = stamp.unwrap_or_default();
        let keeps = |(held_value, held): &(Vec<u8>, Stamp)| {
            stamp != Stamp::default() && (stamp, value) < (*held, held_value)
        };
        if !self.view.get(key).is_some_and(keeps) {
            self.view.insert(key.to_vec(), (value.to_vec(), stamp));
        }
    }
}
