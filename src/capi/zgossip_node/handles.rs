//! Handles: numbers that stand for nodes, so that a stale one is an error and never a crash.

use super::errors::bad_argument;
use crate::driver::undivided;
use crate::node::{Error, Node};
use std::sync::{Arc, PoisonError, RwLock};

/// A node. Opaque: a number that no later node gets again, and not the address of anything.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zgossip_node_t {
    _private: [u8; 0],
}

/// All nodes that C has.
static NODES: RwLock<Table> = RwLock::new(Table { last: 0, nodes: Vec::new() });

struct Table {
    /// The number given last; none is ever given again.
    last: usize,
    /// In the order of their numbers.
    nodes: Vec<(usize, Arc<Node>)>,
}

impl Table {
    fn place(&self, handle: *mut zgossip_node_t) -> Result<usize, Error> {
        let place = self.nodes.binary_search_by_key(&handle.addr(), |(number, _)| *number);
        place.map_err(|_| match handle.is_null() {
            true => bad_argument("the node", "is NULL"),
            false => bad_argument("the node", "has been destroyed"),
        })
    }
}

/// A handle for this node.
pub(super) fn add(node: Node) -> *mut zgossip_node_t {
    let node = Arc::new(node);
    let number = undivided(|| {
        let mut table = NODES.write().unwrap_or_else(PoisonError::into_inner);
        // Aligned as an address would be, for those who look.
        table.last += 16;
        let number = table.last;
        table.nodes.push((number, node));
        number
    });
    std::ptr::without_provenance_mut(number)
}

/// The node of a handle.
pub(super) fn node(handle: *mut zgossip_node_t) -> Result<Arc<Node>, Error> {
    undivided(|| {
        let table = NODES.read().unwrap_or_else(PoisonError::into_inner);
        let place = table.place(handle)?;
        Ok(Arc::clone(&table.nodes[place].1))
    })
}

/// The node of a handle, which is none from now on.
pub(super) fn remove(handle: *mut zgossip_node_t) -> Result<Arc<Node>, Error> {
    undivided(|| {
        let mut table = NODES.write().unwrap_or_else(PoisonError::into_inner);
        let place = table.place(handle)?;
        Ok(table.nodes.remove(place).1)
    })
}
