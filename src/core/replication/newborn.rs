//! A newborn node: what it has published wins over what the network remembers of its earlier life.

use crate::core::input::Millis;
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};
use crate::wire::Stamp;

/// For how long after its first contact a node is newborn.
const NEWBORN: Millis = 2000;

/// There is contact with a network. From the first contact on the node is newborn, for a while.
pub(in crate::core) fn first_contact(replica: &mut Replica) {
    let until = replica.io.now().saturating_add(NEWBORN);
    replica.newborn_until.get_or_insert(until);
}

/// Our own value of a key, where this tuple would replace it and must not.
///
/// The node is newborn and has published the value itself in this life. What is about to replace it has a
/// stamp that lies in the future, and so tells of a clock that is or was wrong: it may well be of an earlier life
/// of this node. By right clocks no value of an earlier life has a larger stamp than one of this life, and
/// whatever has a larger one was written later. This is done once for each key, or two newborn nodes would outdo
/// each other without end.
pub(super) fn outlives(
    replica: &Replica,
    key: &[u8],
    value: &[u8],
    stamp: Stamp,
) -> Option<Vec<u8>> {
    let Replica { tuples, clock, io, node, .. } = replica;
    // A node that has published nothing has nothing to lose.
    let newborn = replica.newborn_until.is_some_and(|until| io.now() < until);
    if !newborn
        || !keeps(Rule::Newborn)
        || !clock.has_authored()
        || !clock.is_ahead(io.now(), stamp)
    {
        return None;
    }
    let (held, held_stamp) = tuples.get(key)?;
    let first = tuples.source(key) == Some(0) || !keeps(Rule::NewbornOnce);
    let own = held_stamp.is_by(*node) && first;
    (own && stamp > held_stamp && !stamp.is_by(*node) && held != value).then(|| held.to_vec())
}
