//! The rules by which tuples go to C nodes and come from them (`docs/convergence.md`).

use super::Node;
use super::feed::Feed;
use super::flow::encode;
use super::input::Millis;
use super::legacy::{ACK, COLLECT, FASTEST_RELAY, HOLD, Legacy, PACE, Pending, RELAY, Register};
use super::link::LinkId;
use super::output::{Frame, Output};
use super::timers::{Alarm, What};
use crate::wire::{Stamp, digest};
use std::sync::Arc;

/// A reversal of a key delays the next one twice as long, up to this power.
const MAX_FLAPS: u32 = 8;

fn hash(value: &[u8]) -> u64 {
    digest(&[value])
}

impl Node {
    pub(super) fn legacy(&mut self, link: LinkId) -> Option<&mut Legacy> {
        match link {
            LinkId::Client(client) => self.sessions.get_mut(client)?.legacy.as_deref_mut(),
            LinkId::Remote(remote) => self.remotes.get_mut(remote)?.legacy.as_deref_mut(),
        }
    }

    fn register(&mut self, link: LinkId, key: &[u8]) -> Option<&mut Register> {
        self.legacy(link).map(|legacy| legacy.register(key))
    }

    /// A tuple without stamp, from a C node.
    pub(super) fn on_bare(&mut self, link: LinkId, key: &[u8], value: &[u8]) {
        let Some(legacy) = self.legacy(link) else {
            // Before HELLO: nothing is known of this peer, not even that it is one.
            if !self.holds(key, value) {
                self.take_bare(link, key, value);
            }
            return;
        };
        // R2: only collect until its whole set is here.
        if let Some(collected) = &mut legacy.collected {
            collected.push((key.into(), value.into()));
            return;
        }
        let register = legacy.register(key);
        if register.pending.is_some() {
            return self.on_bare_while_pending(link, key, value);
        }
        register.peer = Some(value.into());
        if register.paced.is_some() {
            return self.on_bare_while_paced(link, key, value);
        }
        match self.tuples.get(key) {
            None => self.take_bare(link, key, value),
            Some((held, stamp)) if held == value => {
                if let Some(register) = self.register(link, key) {
                    register.hold = None;
                    register.base = stamp;
                }
            }
            Some(_) => self.evaluate(link, key, value),
        }
    }

    /// R4: our own send will replace this value there; its echo or barrier tells when.
    fn on_bare_while_pending(&mut self, link: LinkId, key: &[u8], value: &[u8]) {
        let now = self.now;
        let echo_is_ack = matches!(link, LinkId::Client(_)) || self.is_mute(link);
        let known = self.provenance.knows(key, hash(value));
        let Some(register) = self.register(link, key) else { return };
        let Some(pending) = register.pending.clone() else { return };
        if *pending.value == *value {
            if echo_is_ack {
                let took = register.sent_at.map(|at| now.saturating_sub(at));
                register.pending = None;
                register.base = pending.stamp;
                register.peer = Some(pending.value);
                register.seen = None;
                took.into_iter().for_each(|took| self.sample_rtt(took));
            } else {
                register.seen = Some(value.into());
            }
            return;
        }
        register.seen = Some(value.into());
        if !known && !self.holds(key, value) {
            if let Some(register) = self.register(link, key) {
                register.fresh = Some(value.into());
            }
            self.provenance.remember(key, hash(value));
        }
    }

    /// R4: the source of what we are about to relay has spoken again.
    fn on_bare_while_paced(&mut self, link: LinkId, key: &[u8], value: &[u8]) {
        if self.holds(key, value) || self.provenance.knows(key, hash(value)) {
            return;
        }
        match self.tuples.get(key) {
            Some((_, stamp)) if stamp.is_minted() => self.take_bare(link, key, value),
            _ => self.provenance.remember(key, hash(value)),
        }
    }

    fn holds(&self, key: &[u8], value: &[u8]) -> bool {
        self.tuples.get(key).is_some_and(|(held, _)| held == value)
    }

    /// Believe a value of a C node: the smallest stamp above what it has replaced.
    fn take_bare(&mut self, link: LinkId, key: &[u8], value: &[u8]) {
        let stamp = Stamp::minted(self.tuples.stamp(key), hash(value));
        if let Some(register) = self.register(link, key) {
            register.base = stamp;
        }
        if let Err(refusal) = self.adopt(key, value, stamp, Some(link)) {
            self.warn_refused(key, refusal);
        }
        // Our own send may have replaced it there in the meantime.
        if self.is_live(link) {
            self.tell_legacy(link, key, true);
        }
    }

    /// R6: the register had our value and now has another.
    fn evaluate(&mut self, link: LinkId, key: &[u8], value: &[u8]) {
        if !self.provenance.knows(key, hash(value)) {
            return self.take_bare(link, key, value);
        }
        let held = self.tuples.get(key).map_or(0, |(held, _)| hash(held));
        // Of two nodes that hold each other's value, one must move first.
        let order = if hash(value) > held { 1 } else { 2 };
        let flaps = self.provenance.flaps(key).min(MAX_FLAPS);
        let delay = (HOLD << flaps) * order;
        let at = self.now + delay + self.jitter(delay / 4);
        let Some(register) = self.register(link, key) else { return };
        if register.hold.as_ref().is_some_and(|(held, _)| **held == *value) {
            return;
        }
        register.hold = Some((value.into(), at));
        self.set_hold_alarm(at, link, key);
    }

    /// One alarm for each register, the earliest asked for: a peer that goes back and forth must not
    /// be worth an alarm each time, as those lie there for minutes.
    fn set_hold_alarm(&mut self, at: Millis, link: LinkId, key: &[u8]) {
        let Some(register) = self.register(link, key) else { return };
        if register.hold_alarm.is_none_or(|set| at < set) {
            register.hold_alarm = Some(at);
            self.set_alarm(at, link, key, What::Hold);
        }
    }

    fn on_hold_over(&mut self, link: LinkId, key: &[u8]) {
        let Some(register) = self.register(link, key) else { return };
        let Some((value, _)) = register.hold.take() else { return };
        let stands = register.peer.as_deref() == Some(&*value);
        if register.pending.is_some() || !stands || self.holds(key, &value) {
            return;
        }
        self.provenance.count_flap(key);
        self.take_bare(link, key, &value);
    }

    /// R7: our value for a C node. One that is relayed, and may replace another, waits a little:
    /// most often the peer has it by then.
    pub(super) fn tell_legacy(&mut self, link: LinkId, key: &[u8], relayed: bool) {
        let now = self.now;
        let (relay, pace) = self.paces();
        let pause = pace + self.jitter(pace / 4);
        let relay_at = now + relay / 2 + self.jitter(relay);
        let Some((value, stamp)) = self.tuples.get(key) else { return };
        let value: Arc<[u8]> = value.into();
        let Some(register) = self.register(link, key) else { return };
        register.hold = None;
        match &mut register.pending {
            None if register.peer.as_deref() == Some(&*value) => {
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
        let at = if now < rested_at {
            rested_at
        } else if relayed {
            relay_at
        } else {
            return self.send_legacy(link, key);
        };
        if register.paced.is_none() {
            register.paced = Some(at);
            self.set_alarm(at, link, key, What::Paced);
        }
    }

    /// How long a relayed value is held back, and how far apart two sends of a key are: in step with
    /// how long our C neighbours take to answer, so that a fast network does not wait.
    fn paces(&self) -> (Millis, Millis) {
        let relay = (5 * self.legacy_rtt).clamp(FASTEST_RELAY, RELAY);
        (relay, (relay * PACE / RELAY).max(FASTEST_RELAY))
    }

    /// A C neighbour has taken so long to answer. The slowest counts, and is slowly forgotten.
    fn sample_rtt(&mut self, sample: Millis) {
        self.legacy_rtt = sample.max(self.legacy_rtt - self.legacy_rtt.div_ceil(64));
    }

    /// Send at once what was held back.
    pub(super) fn send_paced(&mut self, link: LinkId) {
        let Some(legacy) = self.legacy(link) else { return };
        let mut paced: Vec<(Millis, Arc<[u8]>)> = legacy
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
                frame: Frame::Tuple { frame, position, stamp: None },
            });
            self.count_legacy_send(link, key, stamp);
        }
    }

    /// A tuple is on its way to a C node: remember what, and by which barrier it is taken.
    pub(super) fn count_legacy_send(&mut self, link: LinkId, key: &[u8], stamp: Stamp) {
        let now = self.now;
        let Some((value, _)) = self.tuples.get(key) else { return };
        let value: Arc<[u8]> = value.into();
        let mut until = now.saturating_add(ACK);
        let mut barrier = None;
        if let LinkId::Remote(id) = link {
            if let Some(remote) = self.remotes.get_mut(id) {
                remote.count_tuple(now);
                if !remote.mute {
                    // The PING that follows at the end of this turn.
                    barrier = Some(remote.pings + 1);
                    until = Millis::MAX;
                    if !self.pings_due.contains(&id) {
                        self.pings_due.push(id);
                    }
                }
            }
        }
        let Some(legacy) = self.legacy(link) else { return };
        legacy.barriers += 1;
        let barrier = barrier.unwrap_or(legacy.barriers);
        let register = legacy.register(key);
        register.pending = Some(Pending { value, stamp, barrier });
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
        if let LinkId::Remote(id) = link {
            let took = self.remotes.get(id).and_then(|remote| remote.last_rtt);
            took.into_iter().for_each(|took| self.sample_rtt(took));
        }
        let Some(legacy) = self.legacy(link) else { return };
        for key in legacy.taken(barrier, now) {
            self.on_taken(link, &key, barrier);
        }
    }

    fn on_taken(&mut self, link: LinkId, key: &[u8], barrier: u64) {
        let now = self.now;
        let by_time = !matches!(link, LinkId::Remote(_)) || self.is_mute(link);
        let Some(register) = self.register(link, key) else { return };
        let reached = |pending: &mut Pending| pending.barrier <= barrier;
        let rested = register.sent_at.is_some_and(|at| at.saturating_add(ACK) <= now);
        let Some(pending) = register.pending.take_if(|p| reached(p) || (by_time && rested)) else {
            return;
        };
        register.base = pending.stamp;
        let peer = register.seen.take().unwrap_or(Arc::clone(&pending.value));
        register.peer = Some(Arc::clone(&peer));
        let fresh = register.fresh.take();
        let paced = register.paced.is_some();
        let Some((held, stamp)) = self.tuples.get(key) else { return };
        let (ours_stands, differs) = (*held == *pending.value, *held != *peer);
        let fresh = fresh.filter(|fresh| **fresh != *held);
        match fresh {
            // What we relayed came from a C node itself, and a value that nobody had seen has
            // appeared meanwhile: a newer write.
            Some(fresh) if stamp.is_minted() && ours_stands => self.take_bare(link, key, &fresh),
            _ if differs && !paced => self.evaluate(link, key, &peer),
            _ => {}
        }
    }

    /// A C node is there: collect what it tells.
    pub(super) fn begin_collecting(&mut self, link: LinkId) {
        if matches!(link, LinkId::Client(_)) {
            let at = self.now.saturating_add(COLLECT);
            self.set_alarm(at, link, b"", What::Collected);
        }
    }

    /// R3: its set is here. Compare, then tell it what it lacks.
    pub(super) fn end_collecting(&mut self, link: LinkId) {
        let Some(collected) = self.legacy(link).and_then(|legacy| legacy.collected.take()) else {
            return;
        };
        for (key, value) in collected {
            if let Some(register) = self.register(link, &key) {
                register.peer = Some(Arc::clone(&value));
            }
            match self.tuples.get(&key) {
                None => self.take_bare(link, &key, &value),
                Some((held, stamp)) if *held == *value => {
                    if let Some(register) = self.register(link, &key) {
                        register.base = stamp;
                    }
                }
                Some((_, stamp)) => {
                    let known = self.provenance.knows(&key, hash(&value));
                    if !known && stamp.is_minted() {
                        // Restarted with a new value: the owner of the key is a C node.
                        self.take_bare(link, &key, &value);
                    } else {
                        self.provenance.remember(&key, hash(&value));
                    }
                }
            }
        }
        self.feed_link(link, Feed::from(0));
    }

    fn is_mute(&self, link: LinkId) -> bool {
        match link {
            LinkId::Client(_) => false,
            LinkId::Remote(id) => self.remotes.get(id).is_some_and(|remote| remote.mute),
        }
    }

    fn set_alarm(&mut self, at: Millis, link: LinkId, key: &[u8], what: What) {
        let Some(source) = self.source_of(link) else { return };
        self.alarms.set(Alarm { at, link, source, key: key.into(), what });
        self.wake_at(at);
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
                    .and_then(|register| register.paced.take_if(|at| *at == alarm.at));
                if due.is_some() && self.is_live(link) {
                    self.tell_legacy(link, key, false);
                }
            }
            What::Hold => {
                let Some(register) = self.register(link, key) else { return };
                register.hold_alarm.take_if(|at| *at == alarm.at);
                match register.hold.as_ref().map(|(_, at)| *at) {
                    Some(at) if at > self.now => self.set_hold_alarm(at, link, key),
                    Some(_) => self.on_hold_over(link, key),
                    None => {}
                }
            }
        }
    }

    fn legacy_links(&self) -> Vec<LinkId> {
        let clients = self.sessions.iter().filter(|(_, session)| session.legacy.is_some());
        let remotes = self.remotes.iter().filter(|(_, remote)| remote.legacy.is_some());
        let clients = clients.map(|(client, _)| LinkId::Client(client));
        clients.chain(remotes.map(|(remote, _)| LinkId::Remote(remote))).collect()
    }

    /// Drop the registers that are at rest.
    pub(super) fn sweep_legacy(&mut self) {
        let now = self.now;
        for link in self.legacy_links() {
            if let Some(legacy) = self.legacy(link) {
                legacy.sweep(now);
            }
        }
    }
}
