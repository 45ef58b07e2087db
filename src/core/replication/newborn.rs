//! A node that starts again publishes above what the network remembers of its earlier life.

use crate::core::input::Millis;
use crate::core::link::LinkId;
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};
use crate::wire::Stamp;

/// How long after the first contact a node's earlier publications beat the network's memory.
const NEWBORN: Millis = 2000;

/// From the first contact with a network on, what this node published before counts as newer
/// than what the network remembers of its earlier life, for a while.
pub(in crate::core) fn first_contact(replica: &mut Replica) {
    let until = replica.io.now().saturating_add(NEWBORN);
    replica.newborn_until.get_or_insert(until);
}

/// The own value of a key that was published in this life and that the network, just met, is about
/// to overrule with something older in truth: what a peer held when we met, or a stamp of a time that
/// has not come, made by a clock that was wrong, or seen by one that is. Once for each key, or two
/// new nodes would outdo each other.
pub(super) fn outlives(
    replica: &Replica,
    key: &[u8],
    value: &[u8],
    stamp: Stamp,
    link: LinkId,
) -> Option<Vec<u8>> {
    let Replica { tuples, clock, io, node, .. } = replica;
    // A node that has published nothing has nothing to lose.
    let newborn = replica.newborn_until.is_some_and(|until| io.now() < until);
    if !newborn
        || !keeps(Rule::Newborn)
        || !clock.has_authored()
        || !(is_memory(replica, link) || clock.is_ahead(io.now(), stamp))
    {
        return None;
    }
    let (held, held_stamp) = tuples.get(key)?;
    let first = tuples.source(key) == Some(0) || !keeps(Rule::NewbornOnce);
    let own = held_stamp.is_by(*node) && first;
    (own && stamp > held_stamp && !stamp.is_by(*node) && held != value).then(|| held.to_vec())
}

/// Whether what comes on this link is what the peer held when we met.
fn is_memory(replica: &Replica, link: LinkId) -> bool {
    let Replica { peers, io, .. } = replica;
    match link {
        LinkId::Server(id) => peers.server(id).is_some_and(|server| server.tells_memory()),
        LinkId::Client(id) => peers.client(id).is_some_and(|client| client.tells_memory(io.now())),
    }
}
