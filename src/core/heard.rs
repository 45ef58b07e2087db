//! The rules by which what C nodes say is believed (`docs/convergence.md`).

use super::Node;
use super::feed::Feed;
use super::input::Millis;
use super::legacy::{COLLECT, Pending};
use super::link::LinkId;
use super::rules::{Rule, keeps};
use super::timers::What;
use crate::wire::{Stamp, digest};
use std::sync::Arc;

/// A reversal of a key delays the next one twice as long, up to this power.
const MAX_FLAPS: u32 = 8;

fn hash(value: &[u8]) -> u64 {
    digest(&[value])
}

impl Node {
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
        if let Some(collected) = legacy.collected.as_mut().filter(|_| keeps(Rule::Collect)) {
            collected.push((key.into(), value.into()));
            return;
        }
        let register = legacy.register(key);
        if register.pending.is_some() && keeps(Rule::WhilePending) {
            return self.on_bare_while_pending(link, key, value);
        }
        register.peer = Some(value.into());
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
        if *pending.value == *value && echo_is_ack && keeps(Rule::EchoIsAck) {
            let took = register.sent_at.map(|at| now.saturating_sub(at));
            register.seen = None;
            register.pending = None;
            took.into_iter().for_each(|took| self.sample_rtt(took));
            return self.on_taken(link, key, pending);
        }
        register.seen = Some(value.into());
        if !known && *pending.value != *value && !self.holds(key, value) {
            if let Some(register) = self.register(link, key) {
                register.fresh = Some(value.into());
            }
            self.provenance.remember(key, hash(value));
        }
    }

    fn holds(&self, key: &[u8], value: &[u8]) -> bool {
        self.tuples.get(key).is_some_and(|(held, _)| held == value)
    }

    /// Believe a value of a C node: the smallest stamp above what it has replaced.
    fn take_bare(&mut self, link: LinkId, key: &[u8], value: &[u8]) {
        let mut over = self.tuples.stamp(key);
        if !keeps(Rule::SmallestMint) {
            over = self.hlc.author(self.now, over);
        }
        let stamp = Stamp::minted(over, hash(value));
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
        let order = if hash(value) > held || !keeps(Rule::HoldOrder) { 1 } else { 2 };
        let most = if keeps(Rule::HoldDoubles) { MAX_FLAPS } else { 0 };
        let flaps = self.provenance.flaps(key).min(most);
        let hold = if keeps(Rule::Hold) { self.hold_time() } else { 0 };
        let delay = (hold << flaps) * order;
        let at = self.now + delay + self.jitter(delay / 4);
        let Some(register) = self.register(link, key) else { return };
        if register.hold.as_ref().is_some_and(|(held, _)| **held == *value) {
            return;
        }
        register.hold = Some((value.into(), at));
        self.set_hold_alarm(at, link, key);
    }

    /// One alarm is enough, however often the value changes meanwhile.
    pub(super) fn set_hold_alarm(&mut self, at: Millis, link: LinkId, key: &[u8]) {
        let Some(register) = self.register(link, key) else { return };
        if register.hold_alarm.is_none_or(|set| at < set) {
            register.hold_alarm = Some(at);
            self.set_alarm(at, link, key, What::Hold);
        }
    }

    pub(super) fn on_hold_over(&mut self, link: LinkId, key: &[u8]) {
        let Some(register) = self.register(link, key) else { return };
        let Some((value, _)) = register.hold.take() else { return };
        let stands = register.peer.as_deref() == Some(&*value);
        let open = register.pending.is_some() || !keeps(Rule::HoldEnds);
        if open || !stands || self.holds(key, &value) {
            return;
        }
        self.provenance.count_flap(key);
        self.take_bare(link, key, &value);
    }

    /// Our value was taken. What the register holds now is looked at.
    pub(super) fn on_taken(&mut self, link: LinkId, key: &[u8], pending: Pending) {
        let Some(register) = self.register(link, key) else { return };
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
            Some(fresh) if stamp.is_minted() && ours_stands && keeps(Rule::Fresh) => {
                self.take_bare(link, key, &fresh)
            }
            _ if differs && !paced && keeps(Rule::LookAfter) => self.evaluate(link, key, &peer),
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
        // It may have changed meanwhile: what it said last is what it holds.
        for (key, value) in &collected {
            if let Some(register) = self.register(link, key) {
                register.peer = Some(Arc::clone(value));
            }
        }
        for (key, value) in collected {
            if self.register(link, &key).is_some_and(|held| held.peer.as_ref() != Some(&value)) {
                self.provenance.remember(&key, hash(&value));
                continue;
            }
            match self.tuples.get(&key) {
                None if !keeps(Rule::TakeUnknown) => {}
                None => self.take_bare(link, &key, &value),
                Some((held, stamp)) if *held == *value => {
                    if let Some(register) = self.register(link, &key) {
                        register.base = stamp;
                    }
                }
                Some((_, stamp)) => {
                    let known = self.provenance.knows(&key, hash(&value));
                    let owner_is_c = stamp.is_minted() && keeps(Rule::BelieveRestart);
                    if !known && owner_is_c || !keeps(Rule::OverruleStale) {
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
}
