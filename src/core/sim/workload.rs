//! Workloads: what is written, and what goes wrong meanwhile.

use super::Random;
use super::faults::{crash, cut_links, lossy, partition, reconnect, stall};
use super::plan::{Act, Last, Plan};
use super::topology::{Topology, network, skew};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workload {
    /// One writer for each key, several values within a round trip.
    Burst,
    /// The same, written by native nodes only.
    NativeBurst,
    /// One writer for each key, seconds apart.
    Slow,
    /// Several writers for each key, all at once.
    Concurrent,
    /// The same with two values only.
    Toggle,
    /// One writer that goes back and forth between two values, far apart.
    SlowToggle,
    /// Nodes that hold different values of one key when they connect.
    Meet,
    /// Several writers, and links that go down and up.
    Churn,
    /// The network falls into two parts for seconds, and both are written to.
    Partition,
    /// A node starts again, empty and perhaps with another clock, and publishes its key with a new value.
    Restart,
    /// A CZMQ node is cut off while a native node rewrites its key, and comes back with the old value.
    StaleRejoin,
    /// Native nodes start again, empty, while others write. Links are cut for seconds.
    Crash,
    /// Native nodes do nothing for up to three seconds, and CZMQ nodes forget them.
    Stall,
    /// Tuples between two native nodes are lost although the link is up.
    Lossy,
    /// One key gets dozens of values.
    Flood,
    /// Several writers, and links that take up to a second, and up to two with jitter.
    Far,
    /// One of the CZMQ nodes only listens, and sends no echo.
    Listeners,
    /// A CZMQ node connects late to a native node, with a value that is older than the one there.
    Late,
    /// CZMQ nodes around a native node write one key in turns, each as soon as the write before has come to
    /// the middle.
    Turns,
}

pub(super) const WORKLOADS: [Workload; 19] = [
    Workload::Burst,
    Workload::NativeBurst,
    Workload::Slow,
    Workload::Concurrent,
    Workload::Toggle,
    Workload::SlowToggle,
    Workload::Meet,
    Workload::Churn,
    Workload::Partition,
    Workload::Restart,
    Workload::StaleRejoin,
    Workload::Crash,
    Workload::Stall,
    Workload::Lossy,
    Workload::Flood,
    Workload::Far,
    Workload::Listeners,
    Workload::Late,
    Workload::Turns,
];

pub(super) const SECOND: u64 = 1_000_000;
/// Far links take so many times as long as others.
const FAR: u64 = 60;
/// When the first value is written: everything is up by then.
pub(super) const START: u64 = SECOND;

/// The plan of a seed. None where the workload does not fit the network.
pub(super) fn plan(seed: u64, topology: Topology, workload: Workload) -> Option<Plan> {
    let mut random = Random::new(seed);
    let nodes = random.between(3, 9) as usize;
    let mut plan = network(topology, nodes, &mut random);
    add(&mut plan, workload, &mut random)?;
    Some(plan)
}

/// The nodes of a plan by kind.
pub(super) struct Nodes {
    pub(super) all: Vec<usize>,
    pub(super) native: Vec<usize>,
    pub(super) c: Vec<usize>,
}

pub(super) fn pick(from: &[usize], random: &mut Random) -> Option<usize> {
    from.get(random.below(from.len() as u64) as usize).copied()
}

fn add(plan: &mut Plan, workload: Workload, random: &mut Random) -> Option<()> {
    let all: Vec<usize> = (0..plan.nodes.len()).collect();
    let (native, c): (Vec<usize>, Vec<usize>) = all.iter().partition(|node| plan.is_native(**node));
    let nodes = Nodes { all, native, c };
    match workload {
        Workload::Burst => bursts(plan, &nodes.all, 0..30_000, random),
        Workload::NativeBurst => bursts(plan, &nodes.native, 0..30_000, random),
        Workload::Slow => bursts(plan, &nodes.all, 1_500_000..3_000_000, random),
        Workload::Concurrent | Workload::Toggle => {
            writes(plan, &nodes.all, 60_000, workload == Workload::Toggle, random);
            plan.rest_within = 10 * SECOND;
        }
        Workload::SlowToggle => slow_toggle(plan, &nodes, random),
        Workload::Meet => meet(plan, &nodes, random),
        Workload::Churn => {
            writes(plan, &nodes.all, 10 * SECOND, false, random);
            cut_links(plan, random);
        }
        Workload::Partition => partition(plan, &nodes, random),
        Workload::Restart => restart(plan, &nodes, random)?,
        Workload::StaleRejoin => stale_rejoin(plan, &nodes, random)?,
        Workload::Crash => {
            writes(plan, &nodes.all, 10 * SECOND, false, random);
            crash(plan, &nodes, random);
            cut_links(plan, random);
        }
        Workload::Stall => {
            writes(plan, &nodes.all, 10 * SECOND, false, random);
            stall(plan, &nodes, random);
        }
        Workload::Lossy => lossy(plan, &nodes, random)?,
        Workload::Flood => flood(plan, &nodes, random),
        Workload::Far => {
            writes(plan, &nodes.all, SECOND, random.one_in(2), random);
            plan.rest_within = 100 * SECOND;
            for link in &mut plan.links {
                // A CZMQ node forgets a client whose PINGs come more than a second apart.
                (link.delay, link.jitter) = (link.delay * FAR, (link.jitter * FAR).min(600_000));
            }
        }
        Workload::Listeners => listeners(plan, &nodes, random)?,
        Workload::Late => late(plan, &nodes, random)?,
        Workload::Turns => turns(plan, &nodes, random)?,
    }
    Some(())
}

/// Three keys with a single writer each, up to six values so far apart.
fn bursts(plan: &mut Plan, from: &[usize], apart: std::ops::Range<u64>, random: &mut Random) {
    plan.last_counts = Last::SingleWriters;
    plan.rest_within = 10 * SECOND;
    for key in 0..3 {
        let Some(writer) = pick(from, random) else { return };
        let mut time = START;
        for number in 0..random.between(1, 6) {
            time += random.between(apart.start, apart.end);
            plan.write(time, writer, &format!("k{key}"), &format!("k{key}v{number}"));
        }
    }
}

/// Two keys that anybody writes, within so many microseconds.
pub(super) fn writes(
    plan: &mut Plan,
    from: &[usize],
    span: u64,
    toggle: bool,
    random: &mut Random,
) {
    for key in 0..2 {
        for number in 0..random.between(2, 8) {
            let value = match toggle {
                true => ["A", "B"][random.below(2) as usize].to_string(),
                false => format!("k{key}v{number}"),
            };
            let Some(node) = pick(from, random) else { return };
            plan.write(START + random.below(span), node, &format!("k{key}"), &value);
        }
    }
}

fn slow_toggle(plan: &mut Plan, nodes: &Nodes, random: &mut Random) {
    plan.last_counts = Last::SingleWriters;
    for key in 0..2 {
        let Some(writer) = pick(&nodes.all, random) else { return };
        for number in 0..random.between(2, 4) {
            let value = ["up", "down"][number as usize % 2];
            plan.write(START + 40 * SECOND * (number + 1), writer, &format!("k{key}"), value);
        }
    }
}

fn meet(plan: &mut Plan, nodes: &Nodes, random: &mut Random) {
    plan.rest_within = 10 * SECOND;
    for key in 0..2 {
        for node in &nodes.all {
            if !random.one_in(3) {
                let value = format!("k{key}of{node}");
                plan.write(random.below(40_000), *node, &format!("k{key}"), &value);
            }
        }
    }
}

fn restart(plan: &mut Plan, nodes: &Nodes, random: &mut Random) -> Option<()> {
    plan.last_counts = Last::SingleWriters;
    // The node writes a key of its own, each time with a value that the network has not seen.
    let node = pick(if nodes.c.is_empty() { &nodes.native } else { &nodes.c }, random)?;
    plan.write(START, node, "k0", "gen1");
    for number in 2..5 {
        let time = START + number * 5 * SECOND;
        plan.at(time, Act::Restart { node, skew: skew(random) });
        plan.write(time + 1, node, "k0", &format!("gen{number}"));
        reconnect(plan, node, time + random.between(50_000, 2 * SECOND));
    }
    Some(())
}

fn stale_rejoin(plan: &mut Plan, nodes: &Nodes, random: &mut Random) -> Option<()> {
    plan.last_counts = Last::SingleWriters;
    let (node, writer) = (pick(&nodes.c, random)?, pick(&nodes.native, random)?);
    plan.write(START, writer, "k0", "old");
    for link in plan.links_of(node) {
        plan.at(3 * SECOND, Act::Drop(link));
    }
    for number in 0..random.between(1, 4) {
        plan.write((5 + number) * SECOND, writer, "k0", &format!("new{number}"));
    }
    reconnect(plan, node, 20 * SECOND);
    Some(())
}

fn flood(plan: &mut Plan, nodes: &Nodes, random: &mut Random) {
    for number in 0..40 {
        let Some(node) = pick(&nodes.all, random) else { return };
        plan.write(START + random.below(3 * SECOND), node, "k0", &format!("k0v{number}"));
    }
}

fn listeners(plan: &mut Plan, nodes: &Nodes, random: &mut Random) -> Option<()> {
    let is_leaf = |node: &usize| {
        let client = plan.links_of(*node).iter().all(|link| plan.links[*link].client == *node);
        client && plan.without_node(*node).is_connected()
    };
    let leaves: Vec<usize> = nodes.c.iter().copied().filter(is_leaf).collect();
    let listener = pick(&leaves, random)?;
    plan.nodes[listener].silent = true;
    writes(plan, &nodes.native, SECOND, false, random);
    Some(())
}

fn late(plan: &mut Plan, nodes: &Nodes, random: &mut Random) -> Option<()> {
    is_our_star(plan, nodes)?;
    plan.last_counts = Last::Everybody;
    let late = pick(&nodes.c, random)?;
    let link = *plan.links_of(late).first()?;
    plan.acts.retain(|(_, act)| *act != Act::Connect(link));
    plan.write(SECOND / 2, late, "k0", "old");
    plan.write(START, pick(&nodes.native, random)?, "k0", "new");
    plan.at(START + random.between(SECOND / 2, 5 * SECOND), Act::Connect(link));
    Some(())
}

/// None unless a native node is in the middle of a star of CZMQ nodes.
fn is_our_star(plan: &Plan, nodes: &Nodes) -> Option<()> {
    let ends = |link: usize| plan.links[link].client + plan.links[link].server;
    let is_star = (0..plan.links.len()).all(|link| ends(link) == link + 1);
    (nodes.native.len() == 1 && is_star).then_some(())
}

fn turns(plan: &mut Plan, nodes: &Nodes, random: &mut Random) -> Option<()> {
    is_our_star(plan, nodes)?;
    plan.last_counts = Last::Everybody;
    plan.rest_within = SECOND;
    let mut time = START;
    for number in 0..random.between(2, 8) {
        time += random.between(45_000, 300_000);
        plan.write(time, pick(&nodes.c, random)?, "k0", &format!("k0v{number}"));
    }
    Some(())
}
