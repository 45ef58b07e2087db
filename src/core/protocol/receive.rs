//! What is done with a message, whether a client or a server sent it.

use crate::core::input::{Millis, Received};
use crate::core::io::Io;
use crate::core::limits::Limit;
use crate::core::link::LinkId;
use crate::core::output::Output;
use crate::core::peers::Conduct;
use crate::core::replica::Replica;
use crate::core::replication::{believe, catch_up, limits, replicate, turns};
use crate::wire::{self, Extension, Malformed, Message, Stamp, Summary};
use std::fmt::Arguments;

/// The message, and the bytes behind its last field.
pub(super) fn parse(message: Received<'_>) -> Result<(Message<'_>, &[u8]), Malformed> {
    match message.frames {
        1 => wire::decode_with_extension(message.frame),
        frames => Err(Malformed::Frames(frames)),
    }
}

/// A message of a peer has come. Where there is a limit, a peer that sends more is read more slowly.
pub(super) fn keep_rate(replica: &mut Replica, link: LinkId) {
    let Replica { peers, io, .. } = replica;
    let most = io.limits().most(Limit::Rate);
    if most == usize::MAX {
        return;
    }
    let Some(until) = peers.peer_mut(link).and_then(|peer| peer.is_paused(most, io.now())) else {
        return;
    };
    io.reached(Limit::Rate, format_args!("more messages a second wait until they are read"));
    io.push(Output::Pause { link, until });
}

/// A native peer begins to tell its set, of which this is the summary: how many messages that takes does not count.
pub(super) fn allow_set(replica: &mut Replica, link: LinkId, set: Option<Summary>) {
    let Replica { peers, io, .. } = replica;
    let tuples = set.map_or(0, |set| set.count as usize).min(io.limits().most(Limit::Tuples));
    if let Some(peer) = peers.peer_mut(link) {
        peer.tells_set(tuples, io.now());
    }
}

/// The stamp behind a tuple, where there is one. A tuple of the future is as good as malformed: to take its stamp
/// would be to let it stand against all that is written until then.
pub(super) fn stamp(replica: &Replica, rest: &[u8]) -> Result<Option<Stamp>, Malformed> {
    let stamp = Extension::read_stamp(rest)?;
    let Replica { clock, io, .. } = replica;
    match stamp.and_then(|stamp| clock.is_too_far(io.now(), stamp)) {
        Some(days) => Err(Malformed::Future(days)),
        None => Ok(stamp),
    }
}

/// A peer has sent a malformed message, which is dropped. Until when the peer is not listened to, if that was one
/// too many.
pub(super) fn drop_malformed(
    conduct: &mut Conduct,
    io: &mut Io,
    peer: Arguments<'_>,
    fault: Malformed,
) -> Option<Millis> {
    let more = conduct.sent_malformed(io.now());
    let shut = conduct.is_shut_out(io.limits().most(Limit::Malformed), io.now());
    io.malformed(peer, fault, more);
    shut
}

/// Take a tuple of a peer, with a stamp or without.
pub(super) fn take(
    replica: &mut Replica,
    key: &[u8],
    value: &[u8],
    stamp: Option<Stamp>,
    link: LinkId,
) {
    if let Err(refusal) = limits::allow(replica, key, value) {
        return limits::refuse(replica, refusal, (key, value), stamp, link);
    }
    match stamp {
        Some(stamp) => replicate::take_stamped(replica, key, value, stamp, link),
        None if answer_bare(replica, link, key, value) => {}
        None => believe::take_bare(replica, link, key, value),
    }
}

/// A native peer that does not know yet what we are sends its tuples without stamps. What we hold may well be
/// newer. So it is not believed, but told our value with its stamp. False where this is not such a case.
fn answer_bare(replica: &mut Replica, link: LinkId, key: &[u8], value: &[u8]) -> bool {
    let Replica { tuples, peers, .. } = &*replica;
    let Some(found) = tuples.found(key).filter(|_| peers.is_native(link)) else { return false };
    if tuples.source(key) == peers.source(link) {
        return false;
    }
    if found.value != value && peers.is_told(link) {
        let position = found.position;
        catch_up::tell_again(replica, link, position);
        turns::take_one(replica, link);
    }
    true
}
