//! Known to be told: FLUSH and `$TERM` wait until the neighbours have taken what was published before.
//!
//! A server says so by its PONG, a CZMQ client by an echo, a native client by sending back the number in a PING. Who
//! does not take anything is not waited for: the wait ends after a time without progress.

use super::heartbeat;
use crate::core::alarms::Alarm;
use crate::core::flushes::Waits;
use crate::core::input::Millis;
use crate::core::link::LinkId;
use crate::core::output::Output;
use crate::core::peers::Progress;
use crate::core::replica::Replica;

/// How often it is looked whether anything moves.
const LOOK: Millis = 10;

/// FLUSH or `$TERM`: wait for the neighbours.
pub(in crate::core) fn begin(replica: &mut Replica, what: Waits, patience: Millis, end: Millis) {
    let Replica { flushes, peers, io, .. } = replica;
    flushes.add(what, patience, end, peers.moved(), io.now());
    look(replica);
}

/// Something has moved, or it is time to look.
pub(in crate::core) fn look(replica: &mut Replica) {
    while let Some(first) = replica.flushes.first() {
        let asked = ask_all(replica, first.number);
        let Replica { flushes, peers, io, .. } = replica;
        let now = io.now();
        let until = flushes.until(peers.moved(), now);
        let waits = match first.what {
            Waits::Flush => asked.waits || asked.absent_since.is_some(),
            // Who has not come for so long since CONNECT is not waited for.
            Waits::End => {
                asked.waits
                    || asked
                        .absent_since
                        .is_some_and(|since| now < since.saturating_add(first.patience))
            }
        };
        if waits && now < until {
            io.set_alarm(now.saturating_add(LOOK).min(until), Alarm::Flush);
            return;
        }
        flushes.remove_first();
        match first.what {
            Waits::Flush => io.outbox().reply("FLUSH", asked.taken),
            Waits::End => io.push(Output::Stop),
        }
    }
}

/// How far all neighbours are together.
#[derive(Default)]
struct Asked {
    /// So many have taken everything.
    taken: i64,
    /// Somebody is waited for.
    waits: bool,
    /// When the last CONNECT was to a server that is not there.
    absent_since: Option<Millis>,
}

/// Ask all who can be asked, and have not been.
fn ask_all(replica: &mut Replica, number: u64) -> Asked {
    let servers = replica.peers.servers().iter().map(|(id, _)| LinkId::Server(id));
    let clients = replica.peers.clients().iter().map(|(id, _)| LinkId::Client(id));
    let links: Vec<_> = servers.chain(clients).collect();
    let mut asked = Asked::default();
    for link in links {
        match replica.peers.flushed(link, number) {
            None => {}
            Some(Progress::Taken) => asked.taken += 1,
            Some(Progress::Waits) => asked.waits = true,
            Some(Progress::Absent(since)) => {
                asked.absent_since = asked.absent_since.max(Some(since))
            }
            Some(Progress::Told(theirs))
                if theirs.is_some() && theirs == replica.summary_for(link) =>
            {
                asked.taken += 1
            }
            Some(Progress::Told(_)) => {
                asked.waits = true;
                let last = replica.flushes.last();
                ask(replica, link, last);
            }
        }
    }
    asked
}

fn ask(replica: &mut Replica, link: LinkId, number: u64) {
    match link {
        LinkId::Server(id) => {
            heartbeat::ping(replica, id, Vec::new());
            if let Some(server) = replica.peers.server_mut(id) {
                server.is_asked(number);
            }
        }
        LinkId::Client(id) => {
            heartbeat::ask_client(replica, id, number);
            if let Some(client) = replica.peers.client_mut(id) {
                client.is_asked(number);
            }
        }
    }
}
