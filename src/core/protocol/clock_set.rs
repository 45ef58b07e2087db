//! The clock of the machine was set: what was written while it was wrong is mended.

use super::greeting::greet_again;
use super::with_clients::end_session;
use crate::core::link::LinkId;
use crate::core::replica::Replica;
use crate::wire::{Stamp, digest};

/// The machine's clock was set, by more than a day. What has a stamp that nobody takes gets one that everybody
/// does: what this node wrote is written now, and what others wrote gets the smallest stamp there is, so that
/// it gives way to whatever they write. Then all native peers are met anew, because either side may have
/// refused what it takes now.
pub(super) fn on_set(replica: &mut Replica) {
    let Replica { tuples, clock, io, node, .. } = replica;
    let now = io.now();
    for position in 0..tuples.end() {
        let Some((value, stamp)) = tuples.at_position(position) else { continue };
        if clock.is_too_far(now, stamp).is_none() {
            continue;
        }
        let corrected = match stamp.is_by(*node) {
            true => clock.author(now, Stamp::default()),
            false => Stamp::minted(Stamp::default(), digest(&[value])),
        };
        tuples.correct(position, corrected);
    }
    let servers: Vec<_> = replica.peers.servers().iter().map(|(id, _)| id).collect();
    let clients: Vec<_> = replica.peers.clients().iter().map(|(id, _)| id).collect();
    let has_session =
        |replica: &Replica, link| replica.peers.is_native(link) && replica.peers.is_told(link);
    for id in servers {
        if has_session(replica, LinkId::Server(id)) {
            greet_again(replica, id);
        }
    }
    for id in clients {
        if has_session(replica, LinkId::Client(id)) {
            end_session(replica, id);
        }
    }
}
