//! The rules by which tuples go to C nodes, and what is to be done in time (`docs/convergence.md`).

use super::Node;
use super::feed::Feed;
use super::flow::encode;
use super::input::Millis;
use super::legacy::{ACK, HOLD, LONGEST_HOLD, Legacy, PACE, Pending, RELAY, Register};
use super::link::LinkId;
use super::output::{Frame, Output};
use super::rules::{Rule, keeps};
use super::timers::{Alarm, What};
use crate::wire::Stamp;
use std::sync::Arc;

impl Node {
    pub(super) fn legacy(&mut self, link: LinkId) -> Option<&mut Legacy> {
        match link {
            LinkId::Client(client) => self.sessions.get_mut(client)?.legacy.as_deref_mut(),
            LinkId::Server(server) => self.servers.get_mut(server)?.legacy.as_deref_mut(),
        }
    }

    pub(super) fn register(&mut self, link: LinkId, key: &[u8]) -> Option<&mut Register> {
        self.legacy(link).map(|legacy| legacy.register(key))
    }

    /// R7: our value for a C node. One that is relayed, and may replace another, waits a little:
    /// most often the peer has it by then.
    pub(super) fn tell_legacy(&mut self, link: LinkId, key: &[u8], relayed: bool) {
        let now = self.now;
        let (relay, pace) = (self.hold_time() / RELAY, self.hold_time() / PACE);
        let pause = pace + self.jitter(pace / 4);
        let relay_at = now + relay / 2 + self.jitter(relay);
        let Some((value, stamp)) = self.tuples.get(key) else { return };
        let value: Arc<[u8]> = value.into();
        let Some(register) = self.register(link, key) else { return };
        register.hold = None;
        match &mut register.pending {
            None if register.peer.as_deref() == Some(&*value) && keeps(Rule::NotTwice) => {
                register.base = stamp;
                return;
            }
            Some(pending)
                if *pending.value == *value
                    && register.seen.as_deref().is_none_or(|seen| *seen == *value) =>
            {
                pending.stamp = stamp;
                return;
            }
            _ => {}
        }
        let rested_at = register.sent_at.map_or(0, |at| at.saturating_add(pause));
        let rests = now < rested_at && keeps(Rule::Pace);
        let waits = relayed && stamp.is_minted() && keeps(Rule::RelayWaits);
        if !rests && !waits {
            return self.send_legacy(link, key);
        }
        if register.paced.is_some() {
            return;
        }
        let mut at = rested_at;
        if !rests {
            // Keys stay in the order in which they came.
            let Some(legacy) = self.legacy(link) else { return };
            legacy.relayed_until = legacy.relayed_until.max(relay_at);
            at = legacy.relayed_until;
        }
        let number = self.set_alarm(at, link, key, What::Paced);
        if let Some(register) = self.register(link, key) {
            register.paced = number;
        }
    }

    /// How long a value must stand to be believed (R6), in step with how long our C neighbours take to
    /// answer: old news must have gone round by then.
    pub(super) fn hold_time(&self) -> Millis {
        (8 * self.legacy_rtt).clamp(HOLD, LONGEST_HOLD)
    }

    /// A C neighbour has taken so long to answer. The slowest counts, and is slowly forgotten.
    pub(super) fn sample_rtt(&mut self, sample: Millis) {
        self.legacy_rtt = sample.max(self.legacy_rtt - self.legacy_rtt.div_ceil(64));
    }

    /// Send at once what was held back.
    pub(super) fn send_paced(&mut self, link: LinkId) {
        let Some(legacy) = self.legacy(link) else { return };
        let mut paced: Vec<(u64, Arc<[u8]>)> = legacy
            .registers
            .iter_mut()
            .filter_map(|(key, register)| Some((register.paced.take()?, Arc::clone(key))))
            .collect();
        paced.sort_unstable();
        paced.into_iter().for_each(|(_, key)| self.send_legacy(link, &key));
    }

    /// Send what we hold now.
    fn send_legacy(&mut self, link: LinkId, key: &[u8]) {
        if let LinkId::Client(client) = link {
            if self.verbose {
                self.trace_forward(&[client]);
            }
        }
        if let Some(found) = self.tuples.found(key) {
            let (position, stamp) = (found.position, found.stamp);
            let frame = encode(&mut self.scratch, found.key, found.value);
            if self.window_opens(link).is_some() {
                return self.feed_link(link, Feed::from(position));
            }
            self.outputs.push_back(Output::Send {
                link,
                frame: Frame::Tuple {
                    frame,
                    position,
                    stamp: Some(stamp).filter(|_| !keeps(Rule::BareToC)),
                },
            });
            self.count_legacy_send(link, key, stamp);
        }
    }

    /// A tuple is on its way to a C node: remember what, and by which barrier it is taken.
    pub(super) fn count_legacy_send(&mut self, link: LinkId, key: &[u8], stamp: Stamp) {
        let now = self.now;
        let Some((value, _)) = self.tuples.get(key) else { return };
        let value: Arc<[u8]> = value.into();
        let (mut barrier, mut until) = (u64::MAX, now.saturating_add(ACK));
        if let LinkId::Server(id) = link {
            if let Some(server) = self.servers.get_mut(id) {
                server.count_tuple(now);
                if !server.mute {
                    // The PING that follows at the end of this turn.
                    (barrier, until) = (server.pings + 1, Millis::MAX);
                    if !self.pings_due.contains(&id) {
                        self.pings_due.push(id);
                    }
                }
            }
        }
        let Some(legacy) = self.legacy(link) else { return };
        let register = legacy.register(key);
        register.pending = Some(Pending { value, stamp, barrier, until });
        register.seen = None;
        register.sent_at = Some(now);
        legacy.waiting.push_back((barrier, until, key.into()));
        if until < Millis::MAX {
            self.wake_at(until);
        }
    }

    /// R5: all that was sent before this barrier, or long enough ago, has been taken.
    pub(super) fn on_barrier(&mut self, link: LinkId, barrier: u64) {
        let now = self.now;
        if let LinkId::Server(id) = link {
            let took = self.servers.get(id).and_then(|server| server.last_rtt);
            took.into_iter().for_each(|took| self.sample_rtt(took));
        }
        let Some(legacy) = self.legacy(link) else { return };
        for key in legacy.taken(barrier, now) {
            let Some(register) = self.register(link, &key) else { continue };
            let pending = register.pending.take_if(|p| {
                p.barrier <= barrier && keeps(Rule::Barrier)
                    || p.until <= now && keeps(Rule::AckByTime)
            });
            pending.into_iter().for_each(|pending| self.on_taken(link, &key, pending));
        }
    }

    pub(super) fn is_mute(&self, link: LinkId) -> bool {
        match link {
            LinkId::Client(_) => false,
            LinkId::Server(id) => self.servers.get(id).is_some_and(|server| server.mute),
        }
    }

    /// The alarm's number.
    pub(super) fn set_alarm(
        &mut self,
        at: Millis,
        link: LinkId,
        key: &[u8],
        what: What,
    ) -> Option<u64> {
        let source = self.source_of(link)?;
        self.wake_at(at);
        Some(self.alarms.set(Alarm { at, number: 0, link, source, key: key.into(), what }))
    }

    /// Alarms that are due, and sends that have waited long enough.
    pub(super) fn tend_legacy(&mut self) {
        while let Some(alarm) = self.alarms.due(self.now) {
            if self.source_of(alarm.link) == Some(alarm.source) {
                self.on_alarm(&alarm);
            }
        }
        for link in self.legacy_links() {
            self.on_barrier(link, 0);
            let first = self.legacy(link).and_then(|legacy| legacy.waiting.front());
            if let Some(until) = first.map(|(_, until, _)| *until).filter(|at| *at < Millis::MAX) {
                self.wake_at(until);
            }
        }
        if let Some(at) = self.alarms.next() {
            self.wake_at(at);
        }
    }

    fn on_alarm(&mut self, alarm: &Alarm) {
        let (link, key) = (alarm.link, &alarm.key);
        match alarm.what {
            What::Collected => self.end_collecting(link),
            What::Paced => {
                let due = self
                    .register(link, key)
                    .and_then(|register| register.paced.take_if(|number| *number == alarm.number));
                if due.is_some() && self.is_live(link) {
                    self.tell_legacy(link, key, false);
                }
            }
            What::Hold => {
                let now = self.now;
                let Some(register) = self.register(link, key) else { return };
                register.hold_alarm.take_if(|set| *set <= now);
                match register.hold.as_ref().map(|(_, at)| *at) {
                    Some(at) if at <= now => self.on_hold_over(link, key),
                    Some(at) => self.set_hold_alarm(at, link, key),
                    None => {}
                }
            }
        }
    }

    fn legacy_links(&self) -> Vec<LinkId> {
        let clients = self.sessions.iter().filter(|(_, session)| session.legacy.is_some());
        let servers = self.servers.iter().filter(|(_, server)| server.legacy.is_some());
        let clients = clients.map(|(client, _)| LinkId::Client(client));
        clients.chain(servers.map(|(server, _)| LinkId::Server(server))).collect()
    }

    /// Drop the registers that are at rest.
    pub(super) fn sweep_legacy(&mut self) {
        let now = self.now;
        for link in self.legacy_links() {
            if let Some(legacy) = self.legacy(link).filter(|_| keeps(Rule::Sweep)) {
                legacy.sweep(now);
            }
        }
    }
}
