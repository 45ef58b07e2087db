//! What the time calls for.

use super::{with_clients, with_servers};
use crate::core::alarms::{Alarm, What};
use crate::core::replica::Replica;
use crate::core::replication::{believe, tell, turns};
use crate::core::rules::{Rule, keeps};

/// Time has passed.
pub(in crate::core) fn on_tick(replica: &mut Replica) {
    replica.io.clear_wake();
    if replica.io.now() >= replica.io.housekeeping() {
        replica.io.next_housekeeping();
        with_clients::look_at_all(replica);
        sweep(replica);
    }
    with_servers::look_at_all(replica);
    look_at_alarms(replica);
    turns::take_all(replica);
}

/// Alarms that are due, and sends that have waited long enough.
fn look_at_alarms(replica: &mut Replica) {
    while let Some(alarm) = replica.io.due_alarm() {
        if replica.peers.source(alarm.link) == Some(alarm.source) {
            on_alarm(replica, &alarm);
        }
    }
    for link in replica.peers.czmq_links() {
        believe::on_acknowledged(replica, link, 0);
        let at = replica.peers.czmq(link).and_then(|czmq| czmq.acknowledged_at());
        at.into_iter().for_each(|at| replica.io.wake_at(at));
    }
    if let Some(at) = replica.io.alarms().next() {
        replica.io.wake_at(at);
    }
}

fn on_alarm(replica: &mut Replica, alarm: &Alarm) {
    match alarm.what {
        What::Collected => believe::end_collecting(replica, alarm.link),
        What::Paced => tell::on_paced(replica, alarm.link, &alarm.key, alarm.number),
        What::HoldDown => believe::on_hold_down(replica, alarm.link, &alarm.key),
    }
}

/// Drop what is known of keys at rest.
fn sweep(replica: &mut Replica) {
    let now = replica.io.now();
    for link in replica.peers.czmq_links() {
        if let Some(czmq) = replica.peers.czmq(link).filter(|_| keeps(Rule::Sweep)) {
            czmq.sweep(now);
        }
    }
}

/// When to be told the time again. `Some` of a time in the past: as soon as there is time.
pub(in crate::core) fn next_deadline(replica: &Replica) -> Option<u64> {
    let clients = replica.peers.clients().iter().next().map(|_| replica.io.housekeeping());
    replica.io.wake().into_iter().chain(clients).min()
}
