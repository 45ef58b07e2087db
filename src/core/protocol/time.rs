//! What the time calls for: each alarm that rings goes to the module that set it.

use super::{clock_set, sketches, with_clients, with_servers};
use crate::core::alarms::{Alarm, AlarmNumber};
use crate::core::link::{LinkId, Source};
use crate::core::replica::Replica;
use crate::core::replication::{believe, flush, tell, turns};
use crate::core::rules::{Rule, keeps};

/// Time has passed: do what is due. An alarm that is set for now meanwhile waits until the next time, so that
/// no alarm keeps the node busy for ever.
pub(in crate::core) fn on_tick(replica: &mut Replica) {
    let now = replica.io.now();
    replica.io.limits_mut().look(now);
    let last = replica.io.alarms().last();
    while let Some((number, alarm)) = replica.io.due_alarm(last) {
        ring(replica, number, alarm);
    }
    turns::take_all(replica);
}

fn ring(replica: &mut Replica, number: AlarmNumber, alarm: Alarm) {
    let stands = |replica: &Replica, link: LinkId, source: Source| {
        replica.peers.source(link) == Some(source)
    };
    match alarm {
        Alarm::Housekeeping => keep_house(replica),
        Alarm::ClockSet => clock_set::on_set(replica),
        Alarm::Server(id) => with_servers::look_at(replica, id),
        // Everybody gets a turn after all alarms.
        Alarm::CatchUp => {}
        Alarm::Flush => flush::look(replica),
        Alarm::Sketches => sketches::send_due(replica),
        Alarm::Acknowledged(link) => believe::on_time_to_acknowledge(replica, link),
        Alarm::Collected(link, source) if stands(replica, link, source) => {
            believe::end_collecting(replica, link);
        }
        Alarm::Paced(link, source, key) if stands(replica, link, source) => {
            tell::on_paced(replica, link, &key, number);
        }
        Alarm::HoldDown(link, source, key) if stands(replica, link, source) => {
            believe::on_hold_down(replica, link, &key);
        }
        // The connection for which it was set is gone.
        Alarm::Collected(..) | Alarm::Paced(..) | Alarm::HoldDown(..) => {}
    }
}

/// Check the clients, and forget the registers that are at rest. Goes on while there is anybody to do it for.
fn keep_house(replica: &mut Replica) {
    with_clients::look_at_all(replica);
    let now = replica.io.now();
    let czmq_links = replica.peers.czmq_links();
    if !czmq_links.is_empty() || replica.peers.clients().iter().next().is_some() {
        replica.io.keep_house();
    }
    for link in czmq_links {
        if let Some(czmq) = replica.peers.czmq(link).filter(|_| keeps(Rule::Sweep)) {
            czmq.sweep(now);
        }
    }
}
