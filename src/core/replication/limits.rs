//! What lies beyond the limits of this node: it is neither held nor passed on, and its sender stays a peer.

use crate::core::limits::Limit;
use crate::core::link::LinkId;
use crate::core::memory;
use crate::core::replica::Replica;
use crate::core::tuples::Refusal;
use crate::wire::{Stamp, tuple_digest};

/// Whether a tuple may be held, or what keeps it from being.
#[inline]
pub(in crate::core) fn allow(replica: &Replica, key: &[u8], value: &[u8]) -> Result<(), Refusal> {
    let Replica { tuples, io, .. } = replica;
    let most = |limit| io.limits().most(limit);
    let near = !io.limits().is_small(value.len())
        || tuples.count() >= most(Limit::Tuples)
        || tuples.bytes() + key.len() + value.len() > most(Limit::Bytes);
    if near { look_closer(replica, key, value) } else { Ok(()) }
}

/// The same where a limit is near: the tuple may take the place of another one.
#[cold]
fn look_closer(replica: &Replica, key: &[u8], value: &[u8]) -> Result<(), Refusal> {
    let Replica { tuples, io, .. } = replica;
    let most = |limit| io.limits().most(limit);
    if value.len() > most(Limit::Value) {
        return Err(Refusal::Limit(Limit::Value));
    }
    let size = key.len() + value.len();
    let full = tuples.count() >= most(Limit::Tuples);
    match tuples.size(key) {
        None if full => return Err(Refusal::Limit(Limit::Tuples)),
        held if size <= held.unwrap_or(0) => {}
        held if tuples.bytes() - held.unwrap_or(0) + size <= most(Limit::Bytes) => {}
        _ => return Err(Refusal::Limit(Limit::Bytes)),
    }
    if memory::has_room(value.len()) { Ok(()) } else { Err(Refusal::NoMemory) }
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
