//! Clocks that are wrong by more than a day: said on both sides.

use crate::core::input::Millis;
use crate::core::link::LinkId;
use crate::core::output::Level;
use crate::core::replica::Replica;
use crate::core::tuples::too_far;
use crate::wire::Caps;

const DAY: Millis = 24 * 3_600_000;
/// At most one line about clocks in so many milliseconds, whoever says what.
const LINE_INTERVAL: Millis = 60_000;

/// What a greeting says of this node.
pub(super) fn caps(replica: &Replica, greeting: bool, sketches: bool) -> Option<Caps> {
    let time = Some(replica.clock.time(replica.io.now()));
    Some(Caps { node: replica.node, greeting, sketches, time })
}

/// A native peer has told what its clock says. One of two that are far apart does not take what the other writes.
pub(super) fn compare(replica: &mut Replica, link: LinkId, theirs: Option<Caps>) {
    let Some(theirs) = theirs.and_then(|caps| caps.time) else { return };
    let Replica { clock, peers, io, .. } = replica;
    let ours = clock.time(io.now());
    let (lead, way) = match (too_far(theirs, ours), too_far(ours, theirs)) {
        (Some(lead), _) => (lead, "ahead of"),
        (None, Some(lead)) => (lead, "behind"),
        (None, None) => return,
    };
    let peer = match link {
        LinkId::Client(id) => peers.client(id).map(|it| format!("client {}", it.number())),
        LinkId::Server(id) => {
            let name = |endpoint| format!("server '{}'", String::from_utf8_lossy(endpoint));
            peers.server(id).map(|server| name(server.endpoint()))
        }
    };
    let Some(peer) = peer.filter(|_| replica.clock_lines.pass(io.now(), LINE_INTERVAL).is_some())
    else {
        return;
    };
    let days = lead / DAY;
    let line = format!(
        "the clock of {peer} is {days} days {way} this node's; what the one that is ahead writes is not taken \
         until it is right"
    );
    io.log(Level::Warning, &[line.as_bytes()]);
}
