//! Handles: numbers that stand for nodes, so that a stale one is an error and never a crash.

use super::errors::bad_argument;
use super::zgossip_node_t;
use crate::node::{Error, Node};
use std::sync::{Arc, PoisonError, RwLock};

/// All nodes that C has, in the order of their numbers.
#[derive(Default)]
pub(super) struct Nodes {
    table: RwLock<(usize, Vec<(usize, Arc<Node>)>)>,
}

pub(super) fn nodes() -> &'static Nodes {
    static NODES: Nodes = Nodes { table: RwLock::new((0, Vec::new())) };
    &NODES
}

impl Nodes {
    /// A new handle.
    pub(super) fn add(&self, node: Node) -> *mut zgossip_node_t {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        // Looks like an address, aligned as those of malloc are.
        table.0 += 16;
        let number = table.0;
        table.1.push((number, Arc::new(node)));
        std::ptr::without_provenance_mut(number)
    }

    fn find(&self, handle: *mut zgossip_node_t) -> Option<Arc<Node>> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let place = table.1.binary_search_by_key(&handle.addr(), |(number, _)| *number).ok()?;
        Some(Arc::clone(&table.1.get(place)?.1))
    }

    /// The node of a handle, which is none from now on.
    pub(super) fn remove(&self, handle: *mut zgossip_node_t) -> Result<Arc<Node>, Error> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        match table.1.binary_search_by_key(&handle.addr(), |(number, _)| *number) {
            Ok(place) => Ok(table.1.remove(place).1),
            Err(_) => Err(stale()),
        }
    }
}

fn stale() -> Error {
    bad_argument("the node", "has been destroyed")
}

/// The node of a handle.
pub(super) fn node(handle: *mut zgossip_node_t) -> Result<Arc<Node>, Error> {
    if handle.is_null() {
        return Err(bad_argument("the node", "is NULL"));
    }
    nodes().find(handle).ok_or_else(stale)
}
