//! Peers that have to be told what they lack: a new one everything, a slow one what it missed.

use crate::core::alarms::Alarm;
use crate::core::input::Unsent;
use crate::core::link::LinkId;
use crate::core::peers::Cursor;
use crate::core::replica::Replica;
use crate::wire::MessageType;

/// Tell a peer everything from this cursor on.
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

/// A frame could not be queued. A client is too far behind: from now on it is a cursor, and costs a
/// position instead of a queue. A DEALER's queue holds 40,000 messages; the driver takes a server that lets it
/// fill for one whose connection has gone, and the greeting after the next one repeats everything.
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

/// Close the log's holes. Only where no output waits to be carried out: sends name positions.
pub(in crate::core) fn compact_if_worth_it(replica: &mut Replica) {
    if replica.tuples.wants_compaction() {
        replica.tuples.compact(replica.peers.positions_mut());
    }
}
