//! What CZMQ peers say: believed, held down, or overruled, as the rules in `czmq` decide.

use super::catch_up;
use super::replicate;
use super::tell;
use crate::core::alarms::Alarm;
use crate::core::czmq::{
    COLLECT, Collected, Heard, HoldDownAlarm, Pending, Said, Taken, hold_down, judge, value_digest,
};
use crate::core::input::Millis;
use crate::core::link::{LinkId, ServerId};
use crate::core::replica::Replica;
use crate::core::rules::{Rule, keeps};
use crate::wire::Stamp;
use std::sync::Arc;

/// A tuple without stamp, from a CZMQ peer.
pub(in crate::core) fn take_bare(replica: &mut Replica, link: LinkId, key: &[u8], value: &[u8]) {
    let echo_acknowledges = match link {
        LinkId::Client(_) => true,
        LinkId::Server(id) => {
            replica.peers.server(id).is_some_and(|server| server.window().is_mute())
        }
    };
    let Replica { tuples, history, peers, pace, io, .. } = replica;
    let held = tuples.get(key).map(|(held, _)| held);
    let Some(czmq) = peers.czmq(link) else {
        // It has not said HELLO yet: we do not even know of which kind it is.
        if held != Some(value) {
            believe(replica, link, key, value);
        }
        return;
    };
    let said = Said { key, value, held, echo_acknowledges, now: io.now() };
    match czmq.says(said, || history.knows(key, value_digest(value))) {
        Heard::Nothing => {}
        Heard::NewKey => believe(replica, link, key, value),
        Heard::Other => look_at(replica, link, key, value),
        Heard::Fresh => history.remember(key, value_digest(value)),
        Heard::Acknowledged { pending, took } => {
            took.into_iter().for_each(|took| pace.sample(took));
            on_taken(replica, link, key, pending);
        }
    }
}

/// Believe a value of a CZMQ peer: it gets the smallest stamp above what it replaces.
fn believe(replica: &mut Replica, link: LinkId, key: &[u8], value: &[u8]) {
    let mut over = replica.tuples.stamp(key);
    if !keeps(Rule::SmallestMint) {
        over = replica.clock.author(replica.io.now(), over);
    }
    let stamp = Stamp::minted(over, value_digest(value));
    let place = replica.tuples.place(key);
    if let Err(refusal) = replicate::accept(replica, place, (key, value), stamp, Some(link)) {
        replicate::warn_refused(replica, key, refusal);
    }
    // What we have sent meanwhile may have replaced it there.
    if replica.peers.is_told(link) {
        tell::tell(replica, link, key, true);
    }
}

/// R6: the register does not hold our value, but this one.
fn look_at(replica: &mut Replica, link: LinkId, key: &[u8], value: &[u8]) {
    if !replica.history.knows(key, value_digest(value)) {
        return believe(replica, link, key, value);
    }
    if replica.has_yet_to_tell(link, key) {
        return;
    }
    let Replica { tuples, history, peers, pace, io, .. } = replica;
    let held = tuples.get(key).map(|(held, _)| held);
    let time = hold_down(value, held, history.returns(key), pace);
    let until = io.now() + time + io.jitter(time / 4);
    let alarm = peers.czmq(link).and_then(|czmq| czmq.holds_down(key, value, until));
    set_hold_down_alarm(replica, link, key, alarm);
}

fn set_hold_down_alarm(replica: &mut Replica, link: LinkId, key: &[u8], at: Option<Millis>) {
    let (Some(at), Some(source)) = (at, replica.peers.source(link)) else { return };
    replica.io.set_alarm(at, Alarm::HoldDown(link, source, key.into()));
}

/// The alarm of a hold-down rang: if it is over and the value still stands, believe it.
pub(in crate::core) fn on_hold_down(replica: &mut Replica, link: LinkId, key: &[u8]) {
    let now = replica.io.now();
    let Some(czmq) = replica.peers.czmq(link) else { return };
    match czmq.hold_down_alarm(key, now) {
        HoldDownAlarm::Nothing => {}
        HoldDownAlarm::SetAt(at) => set_hold_down_alarm(replica, link, key, Some(at)),
        HoldDownAlarm::Over(value) if replica.holds(key, &value) => {}
        HoldDownAlarm::Over(_) if replica.has_yet_to_tell(link, key) => {}
        HoldDownAlarm::Over(value) => {
            replica.history.count_return(key);
            believe(replica, link, key, &value);
        }
    }
}

/// A CZMQ server has answered a PING: what was sent before that has been taken.
pub(in crate::core) fn on_pong(replica: &mut Replica, id: ServerId) {
    let Some(server) = replica.peers.server(id) else { return };
    let (pongs, took) = (server.window().pongs(), server.window().round_trip());
    took.into_iter().for_each(|took| replica.pace.sample(took));
    on_acknowledged(replica, LinkId::Server(id), pongs);
}

/// So much time has passed that what a CZMQ peer was sent counts as taken.
pub(in crate::core) fn on_time_to_acknowledge(replica: &mut Replica, link: LinkId) {
    on_acknowledged(replica, link, 0);
    let next = replica.peers.czmq(link).and_then(|czmq| czmq.acknowledged_at());
    if let Some(at) = next {
        replica.io.set_alarm(at, Alarm::Acknowledged(link));
    }
}

/// R5: all that was sent before the PING of this number, or long enough ago, has been taken.
fn on_acknowledged(replica: &mut Replica, link: LinkId, barrier: u64) {
    let now = replica.io.now();
    let Some(czmq) = replica.peers.czmq(link) else { return };
    for key in czmq.take_acknowledged(barrier, now) {
        let czmq = replica.peers.czmq(link);
        let pending = czmq.and_then(|czmq| czmq.take_pending(&key, barrier, now));
        pending.into_iter().for_each(|pending| on_taken(replica, link, &key, pending));
    }
}

/// Our value was taken. What the register holds now may be another one all the same.
fn on_taken(replica: &mut Replica, link: LinkId, key: &[u8], pending: Pending) {
    let told = !replica.has_yet_to_tell(link, key);
    let held = replica.tuples.get(key);
    let minted = held.is_some_and(|(_, stamp)| stamp.is_minted());
    let Some(czmq) = replica.peers.czmq(link) else { return };
    match czmq.taken(key, pending, held.map(|(held, _)| held), minted) {
        Taken::Nothing => {}
        Taken::NewerWrite(value) => believe(replica, link, key, &value),
        // What it holds may be our last value, which nobody need remember.
        Taken::HoldsOther(value) if told => look_at(replica, link, key, &value),
        Taken::HoldsOther(_) => {}
    }
}

/// R2: a CZMQ peer has said HELLO, and what it holds is collected. A server's PONG tells when that was all. A
/// client may never say PING, so an alarm is set for it.
pub(in crate::core) fn begin_collecting(replica: &mut Replica, link: LinkId) {
    let Replica { peers, io, .. } = replica;
    if let (LinkId::Client(_), Some(source)) = (link, peers.source(link)) {
        io.set_alarm(io.now().saturating_add(COLLECT), Alarm::Collected(link, source));
    }
}

/// R3: its whole set is known. Compare, then tell it what it lacks. False where it was known before.
pub(in crate::core) fn end_collecting(replica: &mut Replica, link: LinkId) -> bool {
    let Some(czmq) = replica.peers.czmq(link) else { return false };
    let Some(collected) = czmq.ends_collecting() else { return false };
    for (key, value) in collected {
        take_collected(replica, link, &key, &value);
    }
    catch_up::tell_everything(replica, link);
    true
}

fn take_collected(replica: &mut Replica, link: LinkId, key: &Arc<[u8]>, value: &Arc<[u8]>) {
    let Replica { tuples, history, peers, .. } = replica;
    // The peer may have said another value later.
    if peers.czmq(link).is_some_and(|czmq| !czmq.said_last(key, value)) {
        return history.remember(key, value_digest(value));
    }
    let held = tuples.get(key);
    let minted = held.is_some_and(|(_, stamp)| stamp.is_minted());
    let known = || history.knows(key, value_digest(value));
    match judge(value, held.map(|(held, _)| held), known, minted) {
        Collected::Nothing => {}
        Collected::Believe => believe(replica, link, key, value),
        Collected::Overrule => history.remember(key, value_digest(value)),
    }
}
