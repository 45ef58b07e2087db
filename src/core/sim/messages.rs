//! How many messages a tuple costs, and whether large networks come to rest.

use super::Random;
use super::plan::{Act, Last, LinkPlan, NodePlan, Plan};
use super::topology::{Topology, network};
use super::verdict::run;
use super::world::World;

const SECOND: u64 = 1_000_000;

/// How many messages one new tuple causes in a network that is at rest.
fn messages(plan: &mut Plan, writer: usize, at: u64) -> u64 {
    plan.write(at, writer, "key", "value");
    let mut world = World::new(plan);
    assert!(world.run_until(at - 1, u64::MAX));
    let before = world.publishes;
    assert!(world.run_until(at + 2 * SECOND, u64::MAX), "{:?}", world.watch.broken);
    let all = 0..plan.nodes.len();
    assert!(all.into_iter().all(|node| world.value(node, "key").is_some()));
    world.publishes - before
}

#[test]
fn a_new_tuple_crosses_each_link_but_the_way_it_came() {
    let (mut trees, mut graphs) = (0, 0);
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let nodes = random.between(2, 12) as usize;
        let mut plan = network(Topology::AllNative, nodes, &mut random);
        let links = plan.links.len();
        let writer = random.below(nodes as u64) as usize;
        let expected = 2 * links - (nodes - 1);
        assert_eq!(messages(&mut plan, writer, 5 * SECOND), expected as u64, "seed {seed}");
        if links == nodes - 1 { trees += 1 } else { graphs += 1 }
    }
    assert!(trees > 0 && graphs > 0, "{trees} trees, {graphs} others");
}

/// The same with CZMQ nodes: the sender gets the tuple back from everybody.
#[test]
fn a_new_tuple_of_czmq_nodes_crosses_each_link_twice() {
    let c = |seed| NodePlan { c: true, silent: false, hostile: false, skew: 0, seed };
    let link = |client| LinkPlan { client, server: 0, delay: 1000, jitter: 0, rate: None };
    let mut plan = Plan {
        seed: 1,
        nodes: (0..6).map(c).collect(),
        links: (1..6).map(link).collect(),
        acts: (0..5).map(|link| (0, Act::Connect(link))).collect(),
        last_counts: Last::Nobody,
        rest_within: u64::MAX,
    };
    // Soon enough, before they forget each other.
    assert_eq!(messages(&mut plan, 3, SECOND / 2), 10);
}

/// NODES in the environment sets how many nodes there are.
#[test]
fn a_large_network_comes_to_rest() {
    let nodes = std::env::var("NODES").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let begun = std::time::Instant::now();
    let mut random = Random::new(7);
    let mut plan = network(Topology::AllNative, nodes, &mut random);
    plan.last_counts = Last::SingleWriters;
    let keys = 10;
    for number in 0..3 * keys {
        let writer = (number % keys) as usize * (nodes / keys as usize);
        let (key, value) = (format!("k{}", number % keys), format!("v{number}"));
        plan.write(SECOND + random.below(SECOND), writer, &key, &value);
    }
    let verdict = run(&plan);
    println!(
        "{nodes} nodes, {} links: at rest {} ms after the last write, {} messages for {} writes, \
         {:.1} s",
        plan.links.len(),
        verdict.settled_after / 1000,
        verdict.publishes,
        3 * keys,
        begun.elapsed().as_secs_f64(),
    );
    assert_eq!((verdict.broken, verdict.wrong), (None, 0));
}
