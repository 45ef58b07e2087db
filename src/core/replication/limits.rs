//! What lies beyond the limits of this node: it is neither held nor passed on, and its sender stays a peer.

use crate::core::limits::Limit;
use crate::core::link::LinkId;
use crate::core::memory::has_room;
use crate::core::replica::Replica;
use crate::core::tuples::Refusal;
use crate::wire::{Stamp, tuple_digest};

/// Whether a tuple may be held, or what keeps it from being.
#[inline]
pub(in crate::core) fn allow(replica: &Replica, key: &[u8], value: &[u8]) -> Result<(), Refusal> {
    let Replica { tuples, io, .. } = replica;
    let most = |limit| io.limits().most(limit);
    let near = value.len() > most(Limit::Value)
        || tuples.count() >= most(Limit::Tuples)
        || tuples.bytes() + key.len() + value.len() > most(Limit::Bytes);
    match if near { limit_reached(replica, key, value) } else { None } {
        Some(limit) => Err(Refusal::Limit(limit)),
        None if has_room(value.len()) => Ok(()),
        None => Err(Refusal::NoMemory(value.len())),
    }
}

/// The limit that keeps a tuple from being held. Where one is near, the tuple may take the place of another one.
#[cold]
fn limit_reached(replica: &Replica, key: &[u8], value: &[u8]) -> Option<Limit> {
    let Replica { tuples, io, .. } = replica;
    let most = |limit| io.limits().most(limit);
    if value.len() > most(Limit::Value) {
        return Some(Limit::Value);
    }
    let size = key.len() + value.len();
    let full = tuples.count() >= most(Limit::Tuples);
    match tuples.size(key) {
        None if full => Some(Limit::Tuples),
        held if size <= held.unwrap_or(0) => None,
        held if tuples.bytes() - held.unwrap_or(0) + size <= most(Limit::Bytes) => None,
        _ => Some(Limit::Bytes),
    }
}

/// A peer's tuple is refused. From a native peer it counts as known from now on.
pub(in crate::core) fn refuse(
    replica: &mut Replica,
    refusal: Refusal,
    (key, value): (&[u8], &[u8]),
    stamp: Option<Stamp>,
    link: LinkId,
) {
    let Replica { clock, tuples, peers, io, .. } = replica;
    if let Some(stamp) = stamp.filter(|stamp| *stamp > tuples.stamp(key)) {
        clock.witness(io.now(), stamp);
        let digest = tuple_digest(key, value, stamp);
        peers.refuse(link, key, stamp, digest, io.limits().changes());
    }
    let (key, size) = (String::from_utf8_lossy(shown(key)), value.len());
    let limit = match refusal {
        Refusal::Limit(limit) => limit,
        _ => return io.is_short_of_memory(&key, size),
    };
    match limit {
        Limit::Value => io.reached(
            limit,
            format_args!("a value of '{key}' with {size} bytes is not taken from a peer"),
        ),
        _ => io.reached(limit, format_args!("'{key}' is not taken from a peer")),
    }
}

/// As much of a key as a line of the log shows.
pub(in crate::core) fn shown(key: &[u8]) -> &[u8] {
    key.get(..40).unwrap_or(key)
}
