//! Peers that have to catch up: a new one must be told everything, a slow one what it missed.

use crate::core::alarms::Alarm;
use crate::core::input::Unsent;
use crate::core::link::LinkId;
use crate::core::peers::Cursor;
use crate::core::replica::Replica;
use crate::wire::MessageType;

/// Have a peer told what follows this cursor.
pub(in crate::core) fn begin(replica: &mut Replica, link: LinkId, cursor: Cursor) {
    let Replica { peers, io, .. } = replica;
    peers.set_cursor(link, cursor);
    if let LinkId::Server(id) = link {
        if let Some(server) = peers.server(id) {
            io.set_alarm(server.heartbeat_at(), Alarm::Server(id));
        }
    }
    peers.takes_turns(link);
    io.set_alarm(io.now(), Alarm::CatchUp);
}

/// A frame could not be queued, because a client's queue in the ROUTER is full. From here on the client costs
/// a cursor and no longer a queue: what it lacks is told later.
///
/// The queue of a DEALER has room for 40,000 messages. The driver treats a server that lets it fill as if its
/// connection had gone, so nothing has to be done for servers here: the greeting of the next connection
/// begins anew.
pub(in crate::core) fn on_blocked(replica: &mut Replica, link: LinkId, unsent: Unsent) {
    let LinkId::Client(id) = link else { return };
    let (end, now) = (replica.tuples.end(), replica.io.now());
    let Some(client) = replica.peers.client_mut(id) else { return };
    let position = match unsent {
        Unsent::Tuple(position) => position,
        Unsent::Signal(MessageType::Pong) => {
            client.is_owed_pong();
            end
        }
        Unsent::Signal(_) => return,
    };
    let Some(retry_at) = client.falls_behind(position, now) else { return };
    replica.peers.takes_turns(link);
    replica.io.set_alarm(retry_at, Alarm::CatchUp);
}

/// Close the holes in the log. Only while no output waits to be carried out, as outputs name positions.
pub(in crate::core) fn compact_if_worth_it(replica: &mut Replica) {
    if replica.tuples.wants_compaction() {
        replica.tuples.compact(replica.peers.positions_mut());
    }
}
