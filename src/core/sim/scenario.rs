//! Networks and what happens in them.

use super::Random;
use super::check::{Verdict, judge};
use super::world::{Event, Peer, World};

/// How nodes are linked, and of which kind they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topology {
    /// Ours only: a random graph.
    AllOurs,
    /// A C node in the middle, ours around it.
    CHub,
    /// One of ours in the middle, C nodes around it.
    OurHub,
    /// Two C nodes, and ours connected to both.
    TwoCHubs,
    /// A random graph of both kinds, with cycles, without a link between two C nodes.
    Mixed,
}

/// What is written, and what goes wrong meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workload {
    /// One writer a key, several values within a round trip.
    Burst,
    /// The same, by nodes of ours.
    OurBurst,
    /// One writer a key, seconds apart.
    Slow,
    /// Several writers a key, all at once.
    Concurrent,
    /// The same with two values only.
    Toggle,
    /// One writer that goes back and forth between two values, far apart.
    SlowToggle,
    /// Several writers, and links that go down and up.
    Churn,
    /// A node starts again, empty, and publishes its key with a new value.
    Restart,
    /// A C node is cut off while one of ours rewrites its key, and comes back with the old value.
    StaleRejoin,
    /// Nodes of ours start again, empty, while others write; links are cut for seconds.
    Crash,
}

const SECOND: u64 = 1_000_000;
/// A network that has been silent for so long has come to rest.
const REST: u64 = 5 * SECOND;

fn build(world: &mut World, topology: Topology, nodes: u64, random: &mut Random) {
    for number in 0..nodes {
        let c = match topology {
            Topology::AllOurs => false,
            Topology::CHub => number == 0,
            Topology::OurHub => number > 0,
            Topology::TwoCHubs => number < 2,
            Topology::Mixed => number > 0 && random.one_in(2),
        };
        if c {
            world.add_c();
        } else {
            let skew = match random.below(4) {
                0 | 1 => 0,
                2 => random.between(0, 400) as i64 - 200,
                _ => random.between(0, 7_200_000) as i64 - 3_600_000,
            };
            world.add_ours(skew);
        }
    }
    let mut edges: Vec<(usize, usize)> = Vec::new();
    let is_c: Vec<bool> = world.nodes.iter().map(|node| matches!(node, Peer::C(_))).collect();
    let count = nodes as usize;
    match topology {
        Topology::CHub | Topology::OurHub => {
            edges.extend((1..count).map(|n| if random.below(10) < 7 { (n, 0) } else { (0, n) }));
        }
        Topology::TwoCHubs => edges.extend((2..count).flat_map(|n| [(n, 0), (n, 1)])),
        Topology::AllOurs | Topology::Mixed => {
            let allowed = |a: usize, b: usize| a != b && !(is_c[a] && is_c[b]);
            for node in 1..count {
                let others: Vec<usize> = (0..node).filter(|&other| allowed(node, other)).collect();
                let other = others.get(random.below(others.len() as u64) as usize).copied();
                edges.push((node, other.unwrap_or(0)));
            }
            for _ in 0..count {
                let a = random.below(nodes) as usize;
                let b = random.below(nodes) as usize;
                if allowed(a, b) {
                    edges.push((a, b));
                }
            }
        }
    }
    let mut known = std::collections::HashSet::new();
    for (a, b) in edges {
        if known.insert((a.min(b), a.max(b))) {
            let delay = random.between(200, 20_000);
            let jitter = [0, delay / 5, delay][random.below(3) as usize];
            world.add_link(a, b, delay, jitter);
        }
    }
}

/// What a run is expected to end with.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Last write of keys with a single writer.
    pub(super) last: Vec<(String, String)>,
    /// When the last write or fault happens.
    pub(super) end: u64,
}

impl Plan {
    fn write(&mut self, world: &mut World, time: u64, node: usize, key: &str, value: &str) {
        let (key, value) = (key.to_string(), value.to_string());
        world.at(time, Event::Publish { node, key, value });
        self.end = self.end.max(time);
    }

    fn single(&mut self, key: &str, value: &str) {
        self.last.retain(|(known, _)| known != key);
        self.last.push((key.to_string(), value.to_string()));
    }
}

fn plan(world: &mut World, workload: Workload, random: &mut Random) -> Option<Plan> {
    let mut plan = Plan::default();
    let all: Vec<usize> = (0..world.nodes.len()).collect();
    let ours = |node: &usize| matches!(world.nodes[*node], Peer::Ours(_));
    let (our_nodes, c_nodes): (Vec<usize>, Vec<usize>) = all.iter().partition(|node| ours(node));
    let pick = |from: &[usize], random: &mut Random| {
        from.get(random.below(from.len() as u64) as usize).copied()
    };
    let start = SECOND;
    match workload {
        Workload::Burst | Workload::OurBurst | Workload::Slow => {
            let writers = if workload == Workload::OurBurst { &our_nodes } else { &all };
            for key in 0..3 {
                let writer = pick(writers, random)?;
                let mut time = start;
                for number in 0..random.between(1, 6) {
                    time += match workload {
                        Workload::Slow => random.between(1_500_000, 3_000_000),
                        _ => random.below(30_000),
                    };
                    let (key, value) = (format!("k{key}"), format!("k{key}v{number}"));
                    plan.write(world, time, writer, &key, &value);
                    plan.single(&key, &value);
                }
            }
        }
        Workload::Concurrent | Workload::Toggle | Workload::Churn => {
            let span = if workload == Workload::Churn { 10 * SECOND } else { 60_000 };
            for key in 0..2 {
                for number in 0..random.between(2, 8) {
                    let value = match workload {
                        Workload::Toggle => ["A", "B"][random.below(2) as usize].to_string(),
                        _ => format!("k{key}v{number}"),
                    };
                    let node = pick(&all, random)?;
                    let time = start + random.below(span);
                    plan.write(world, time, node, &format!("k{key}"), &value);
                }
            }
            if workload == Workload::Churn {
                cut_links(world, &mut plan, random);
            }
        }
        Workload::SlowToggle => {
            for key in 0..2 {
                let writer = pick(&all, random)?;
                for number in 0..random.between(2, 4) {
                    let value = ["up", "down"][number as usize % 2];
                    let time = start + 40 * SECOND * (number + 1);
                    plan.write(world, time, writer, &format!("k{key}"), value);
                    plan.single(&format!("k{key}"), value);
                }
            }
        }
        Workload::Restart => {
            // Its own key: a value that the network has not seen, each time.
            let node = pick(if c_nodes.is_empty() { &our_nodes } else { &c_nodes }, random)?;
            plan.write(world, start, node, "k0", "gen1");
            for number in 2..5 {
                let time = start + number * 5 * SECOND;
                world.at(time, Event::Restart(node));
                plan.write(world, time + 1, node, "k0", &format!("gen{number}"));
                plan.single("k0", &format!("gen{number}"));
                reconnect(world, node, time + random.between(50_000, 2 * SECOND), &mut plan);
            }
        }
        Workload::StaleRejoin => {
            let (node, writer) = (pick(&c_nodes, random)?, pick(&our_nodes, random)?);
            plan.write(world, start, writer, "k0", "old");
            for link in links_of(world, node) {
                world.at(3 * SECOND, Event::Drop(link));
            }
            for number in 0..random.between(1, 4) {
                let value = format!("new{number}");
                plan.write(world, (5 + number) * SECOND, writer, "k0", &value);
                plan.single("k0", &value);
            }
            reconnect(world, node, 20 * SECOND, &mut plan);
        }
        Workload::Crash => {
            for key in 0..3 {
                for number in 0..random.between(2, 6) {
                    let node = pick(&all, random)?;
                    let time = start + random.below(10 * SECOND);
                    plan.write(world, time, node, &format!("k{key}"), &format!("k{key}v{number}"));
                }
            }
            for _ in 0..random.between(1, 3) {
                let node = pick(&our_nodes, random)?;
                let time = start + random.below(10 * SECOND);
                world.at(time, Event::Restart(node));
                reconnect(world, node, time + random.between(50_000, 3 * SECOND), &mut plan);
            }
            cut_links(world, &mut plan, random);
        }
    }
    Some(plan)
}

fn links_of(world: &World, node: usize) -> Vec<usize> {
    let touches =
        |link: &usize| world.links[*link].client == node || world.links[*link].server == node;
    (0..world.links.len()).filter(touches).collect()
}

fn reconnect(world: &mut World, node: usize, time: u64, plan: &mut Plan) {
    for link in links_of(world, node) {
        world.at(time, Event::Connect(link));
    }
    plan.end = plan.end.max(time);
}

fn cut_links(world: &mut World, plan: &mut Plan, random: &mut Random) {
    for link in 0..world.links.len() {
        if random.one_in(2) {
            let down = random.between(SECOND, 9 * SECOND);
            let up = down + random.between(10_000, 3 * SECOND);
            world.at(down, Event::Drop(link));
            world.at(up, Event::Connect(link));
            plan.end = plan.end.max(up);
        }
    }
}

/// One run. None where the workload does not fit the topology.
pub(super) fn run(seed: u64, topology: Topology, workload: Workload) -> Option<Verdict> {
    let mut random = Random::new(seed ^ 0x5EED);
    let nodes = random.between(3, 9);
    run_sized(seed, topology, workload, nodes)
}

/// One run with so many nodes.
fn run_sized(seed: u64, topology: Topology, workload: Workload, nodes: u64) -> Option<Verdict> {
    let mut random = Random::new(seed);
    let mut world = World::new(random.next());
    build(&mut world, topology, nodes, &mut random);
    for link in 0..world.links.len() {
        world.at(random.below(50_000), Event::Connect(link));
    }
    let plan = plan(&mut world, workload, &mut random)?;
    let most = 20_000 + 200 * world.links.len() as u64;
    // Some heartbeats must pass in silence; holds that have doubled eight times take minutes.
    let mut quiet = world.run_until(plan.end + REST, most);
    while quiet && !world.is_at_rest(REST) && world.now < plan.end + 1000 * SECOND {
        let end = world.now + REST;
        quiet = world.run_until(end, most);
    }
    let quiet = quiet && world.is_at_rest(REST);
    Some(judge(&world, &plan, quiet))
}
