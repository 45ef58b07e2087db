//! A stranger in the network: it says any well-formed frames to one or several nodes, and then it leaves.
//!
//! Once it has left, the network comes to rest and is equal, and what an owner writes then stands everywhere. What the
//! nodes have sent because of it is a multiple of the bytes that it has said.
//!
//! In the environment, HOSTILE sets how many seeds there are, FIRST the first one.

use super::super::rules::Rule;
use super::super::rules::tests::without;
use super::Random;
use super::nodes::{EPOCH, number};
use super::plan::{Act, Last, LinkPlan, NodePlan, Plan};
use super::topology::{Topology, network};
use super::verdict::{Verdict, run_world, tell};
use super::workload::{SECOND, START};
use super::world::World;
use crate::wire::{
    Caps, Extension, MessageType, Sketch, Stamp, Summary, encode_publish, encode_signal,
};
use std::num::NonZero;
use std::ops::Range;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Keys that owners and strangers write.
const KEYS: u64 = 6;
/// How long the strangers stay.
const STAY: u64 = 3 * SECOND;
/// For each byte that a stranger says, the nodes may send it so many, and so many on each of their links.
const MULTIPLE: u64 = 2;
/// Besides, they may tell it the set so often, while it is there, whatever that cost it: P38.
const TELLINGS: u64 = 6;
/// And send it so many bytes of sketches: P27.
const SKETCHES: u64 = 12_000;
/// And send so many bytes to each other: sets that differ for a while are compared by heartbeats.
const ALLOWANCE: u64 = 30_000;

/// The network of a seed, and the strangers in it.
fn plan(seed: u64) -> Plan {
    let mut random = Random::new(seed);
    let nodes = random.between(2, 5) as usize;
    let topology = if random.one_in(4) { Topology::NativeHub } else { Topology::AllNative };
    let mut plan = network(topology, nodes, &mut random);
    plan.last_counts = Last::SingleWriters;
    // With clocks that are hours apart, a stamp at the end of what one takes is too far ahead for the other.
    plan.nodes.iter_mut().for_each(|node| node.skew = random.below(400) as i64 - 200);
    let native: Vec<usize> = (0..nodes).filter(|node| plan.is_native(*node)).collect();
    let owner = |key: u64| native[key as usize % native.len()];
    for key in 0..KEYS {
        let value = format!("first {}", "x".repeat(random.below(1500) as usize));
        plan.write(START + random.below(SECOND), owner(key), &format!("k{key}"), &value);
    }
    // A stamp at the end of what is taken is taken first by those whose clocks are ahead of the others', and a
    // heartbeat shows the others what they lack. Only then can they write over it.
    let at_the_end = random.one_in(2);
    for _ in 0..random.between(1, 2) {
        stranger(&mut plan, &native, at_the_end, &mut random);
    }
    let gone = START + SECOND + STAY + if at_the_end { 30 * SECOND } else { 0 };
    for key in 0..KEYS {
        let at = gone + random.between(SECOND / 10, SECOND);
        plan.write(at, owner(key), &format!("k{key}"), "last");
    }
    plan
}

/// A stranger joins some nodes, by links on which most of the time it is the client, and has its say.
fn stranger(plan: &mut Plan, native: &[usize], at_the_end: bool, random: &mut Random) {
    let me = plan.nodes.len();
    plan.nodes.push(NodePlan { c: false, silent: false, hostile: true, skew: 0, seed: 0 });
    let mut links = Vec::new();
    for node in native {
        if links.is_empty() || random.one_in(2) {
            let (client, server) = if random.one_in(4) { (*node, me) } else { (me, *node) };
            links.push(plan.links.len());
            plan.at(START, Act::Connect(plan.links.len()));
            plan.links.push(LinkPlan { client, server, delay: 500, jitter: 0, rate: None });
        }
    }
    let origins: Vec<u64> = native.iter().map(|node| number(plan.nodes[*node].seed)).collect();
    let script = Script { origins, at_the_end };
    let mut at = START + SECOND;
    let end = at + STAY;
    while at < end {
        // Now and then the same few things many times, in one go or at some distance.
        let (times, gap) = (random.between(20, 400), random.below(10_000));
        let (said, times, gap) = match random.below(12) {
            0 => {
                ((0..random.between(1, 3)).map(|_| script.frame(at, random)).collect(), times, gap)
            }
            1 => (script.demand(random), times, gap),
            _ => (vec![script.frame(at, random)], 1, 0),
        };
        let everywhere = random.one_in(3);
        for time in 0..times {
            let to = links[random.below(links.len() as u64) as usize];
            for link in links.iter().filter(|link| everywhere || **link == to) {
                let at = (at + time * gap).min(end);
                let say = |frame: &Vec<u8>| Act::Say { link: *link, frame: frame.clone() };
                said.iter().for_each(|frame| plan.at(at, say(frame)));
            }
        }
        let pause = [1000, 100_000, 600_000][random.below(3) as usize];
        at += random.below(pause);
    }
    for link in links {
        plan.at(end + 1000, Act::Drop(link));
    }
}

/// What a stranger can say.
struct Script {
    /// The numbers of the nodes around it.
    origins: Vec<u64>,
    /// Stamps too at the end of what is taken.
    at_the_end: bool,
}

impl Script {
    fn frame(&self, at: u64, random: &mut Random) -> Vec<u8> {
        let message =
            [MessageType::Hello, MessageType::Ping, MessageType::Pong, MessageType::Invalid]
                .get(random.below(14) as usize)
                .copied();
        let mut frame = match message {
            Some(message) => encode_signal(message).to_vec(),
            None => publish(random),
        };
        let tuple = message.is_none();
        if !tuple || !random.one_in(3) {
            self.extension(tuple, at, random).write(&mut frame);
        }
        if tuple && random.one_in(12) {
            // What cannot be read must not be taken for a tuple without a stamp.
            frame.truncate(frame.len() - 1);
        }
        frame
    }

    /// What makes a node say much, if it can be had again and again: a HELLO, a sketch, an answer.
    fn demand(&self, random: &mut Random) -> Vec<Vec<u8>> {
        let say = |message, extension: Extension| {
            let mut frame = encode_signal(message).to_vec();
            extension.write(&mut frame);
            frame
        };
        let caps = Some(Caps { node: 1, greeting: true, sketches: true, time: None });
        let native = Extension { caps, ..Extension::default() };
        let none = Extension::default();
        let summary = Some(Summary { count: KEYS, digest: 1 });
        let unlike = Extension { summary, ..Extension::default() };
        let ask = Extension { ask: Some(16), ..Extension::default() };
        match random.below(4) {
            0 => vec![say(MessageType::Invalid, none.clone()), say(MessageType::Pong, none)],
            1 => vec![say(MessageType::Pong, unlike.clone()), say(MessageType::Pong, unlike)],
            2 => vec![say(MessageType::Hello, native), say(MessageType::Ping, ask)],
            _ => vec![say(MessageType::Ping, ask), publish(random)],
        }
    }

    fn extension(&self, tuple: bool, at: u64, random: &mut Random) -> Extension {
        let mut extension = Extension::default();
        let digest = random.next();
        if tuple || random.one_in(8) {
            extension.stamp = Some(self.stamp(at, random));
        }
        if !tuple && !random.one_in(4) {
            let (greeting, sketches) = (random.one_in(2), random.one_in(2));
            let time = [None, Some(0), Some(u64::MAX)][random.below(3) as usize];
            extension.caps = Some(Caps { node: self.origin(random), greeting, sketches, time });
        }
        if random.one_in(2) {
            let count = random.below(2 * KEYS);
            extension.summary = Some(Summary { count, digest });
        }
        if random.one_in(4) {
            extension.ask = Some([0, 1, 8, 16, u16::MAX][random.below(5) as usize]);
        }
        if random.one_in(6) {
            let mut sketch = Sketch::new(digest, random.below(32) as usize);
            for _ in 0..random.below(40) {
                sketch.toggle(random.next());
            }
            extension.sketch = Some(sketch);
        }
        if random.one_in(6) {
            extension.wants = (0..random.below(20)).map(|_| random.next()).collect();
            extension.wants.sort_unstable();
        }
        extension
    }

    fn origin(&self, random: &mut Random) -> u64 {
        match random.below(3) {
            0 => random.next(),
            1 => self.origins[random.below(self.origins.len() as u64) as usize],
            _ => u64::MAX,
        }
    }

    /// Any stamp at all, and rather those at which something begins or ends.
    fn stamp(&self, at: u64, random: &mut Random) -> Stamp {
        const DAY: u64 = 24 * 3_600_000;
        let now = EPOCH as u64 + at / 1000;
        let time = match random.below(8) {
            0 => random.next() >> 16,
            1 => now + random.below(DAY),
            2 | 3 if self.at_the_end => now + DAY + random.below(1000) - 500,
            4 => 32_503_680_000_000 - random.below(3),
            5 => now - random.below(2000),
            6 => now + random.below(2000),
            _ => 0,
        };
        // One below, because a stamp above it must be possible.
        let clock = (time << 16).wrapping_sub(random.below(3));
        let origin = self.origin(random);
        Stamp { clock, origin: if random.one_in(4) { origin } else { origin | 1 << 63 } }
    }
}

fn publish(random: &mut Random) -> Vec<u8> {
    let (key, value) = (random.below(KEYS + 1), random.below(3));
    let mut frame = Vec::new();
    let value = format!("poison {value}{}", "y".repeat(random.below(2) as usize * 100));
    encode_publish(&mut frame, format!("k{key}").as_bytes(), value.as_bytes(), 0);
    frame
}

/// What comes of a seed: the verdict, the bytes that strangers have said, and what nodes have sent more than
/// without a word of theirs: to each other, tuples to strangers, everything else to strangers.
fn outcome(plan: &Plan) -> (Verdict, u64, [u64; 3]) {
    let mut quiet = plan.clone();
    quiet.acts.retain(|(_, act)| !matches!(act, Act::Say { .. }));
    let said = plan.acts.iter().map(|(_, act)| match act {
        Act::Say { frame, .. } => frame.len() as u64,
        _ => 0,
    });
    let (mut with, mut without) = (World::new(plan), World::new(&quiet));
    let verdict = run_world(&mut with, plan);
    run_world(&mut without, &quiet);
    let more = [0, 1, 2].map(|to| with.bytes[to].saturating_sub(without.bytes[to]));
    (verdict, said.sum(), more)
}

/// What is wrong with it.
fn fault(plan: &Plan) -> Option<String> {
    let (verdict, said, [among, tuples, signals]) = outcome(plan);
    let strangers = plan
        .links
        .iter()
        .filter(|link| plan.nodes[link.client].hostile || plan.nodes[link.server].hostile);
    let set = plan.acts.iter().map(|(_, act)| match act {
        Act::Publish { value, .. } => 50 + value.len() as u64,
        _ => 0,
    });
    let (set, strangers) = (set.sum::<u64>(), strangers.count() as u64);
    let wrong = (verdict.wrong > 0).then(|| "last write".to_string());
    let much =
        |sent: u64, most: u64| (sent > most).then(|| format!("bytes: {sent} sent for {said}"));
    let spread = much(among, ALLOWANCE + MULTIPLE * said * plan.links.len() as u64);
    let told = much(tuples, TELLINGS * set * strangers + MULTIPLE * said);
    let answered = much(signals, SKETCHES * strangers + MULTIPLE * said);
    verdict.broken.or(wrong).or(spread).or(told).or(answered)
}

/// Rules that only strangers break a network without.
const RULES: [Rule; 5] =
    [Rule::NoFuture, Rule::FewTellings, Rule::FewAnswers, Rule::FewSketches, Rule::GoneIsGone];

/// `docs/convergence.md` has the table.
#[test]
fn each_rule_against_strangers_is_needed() {
    let noticed = |rule| {
        (0..1000).find_map(|seed| {
            let fault = without(rule, || fault(&plan(seed)))?;
            let by = fault.split(':').next().unwrap_or_default().to_string();
            println!("| {rule:?} | {by} | {} |", seed + 1);
            Some(())
        })
    };
    let unnoticed: Vec<_> = RULES.into_iter().filter(|rule| noticed(*rule).is_none()).collect();
    assert!(unnoticed.is_empty(), "nothing notices the lack of {unnoticed:?}");
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn no_stranger_leaves_anything_behind() {
    let (first, seeds) = (setting("FIRST", 0), setting("HOSTILE", 200));
    if let Some((seed, fault)) = first_fault(first..first + seeds) {
        panic!("STRANGER={seed}: {fault}");
    }
    println!("{seeds} seeds");
}

/// The smallest seed that fails, and why. All processors share the work, and one that has found a fault stops.
fn first_fault(seeds: Range<u64>) -> Option<(u64, String)> {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return None;
            }
            let outcome = catch_unwind(|| fault(&plan(seed)));
            if let Some(fault) = outcome.unwrap_or_else(|_| Some("a panic".to_string())) {
                return Some((seed, fault));
            }
        }
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().expect("it catches panics")).min()
    })
}

/// Does one run again, as a failure names it: STRANGER=12. One that fails is made as small as possible.
#[test]
fn replay_of_a_stranger() {
    let Ok(seed) = std::env::var("STRANGER") else {
        println!("nothing to replay: STRANGER is not set");
        return;
    };
    let plan = plan(seed.parse().expect("a seed"));
    let Some(found) = fault(&plan) else { return };
    let kind = |text: &str| text.split(':').next().unwrap_or_default().to_string();
    let same = |plan: &Plan| fault(plan).is_some_and(|fault| kind(&fault) == kind(&found));
    let small = plan.shrink(same);
    println!("{found}; the smallest that fails alike: {:?}, {:?}", small.nodes, small.links);
    println!("{:#?}", tell(&small));
}
