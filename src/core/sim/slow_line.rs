//! Lines on which a large value takes longer than anything that the nodes wait for. A connection that makes
//! progress is never given up and no session begun anew: that would put everything on the line once more.

use super::Random;
use super::nodes::SimNode;
use super::plan::{Act, Last, LinkPlan, NodePlan, Plan};
use super::topology::{Topology, network};
use super::verdict::run_world;
use super::workload::{SECOND, START};
use super::world::World;
use crate::wire::MessageType;

/// A value that crosses a line of `RATE` bytes a second in 40 seconds.
const LARGE: usize = 40_000;
const RATE: u64 = 1000;

fn large(letter: char) -> String {
    letter.to_string().repeat(LARGE)
}

/// Two native nodes and a slow line: node 0 connects to node 1.
fn line() -> Plan {
    let node = |seed| NodePlan { c: false, silent: false, hostile: false, skew: 0, seed };
    Plan {
        seed: 1,
        nodes: vec![node(2), node(6)],
        links: vec![LinkPlan { client: 0, server: 1, delay: 1000, jitter: 0, rate: Some(RATE) }],
        acts: Vec::new(),
        last_counts: Last::Everybody,
        rest_within: u64::MAX,
    }
}

/// Run to the end; what was sent on the slow lines that may be sent once only, and was sent again.
fn run(plan: &Plan) -> World {
    let mut world = World::new(plan);
    let verdict = run_world(&mut world, plan);
    let broken = verdict.broken.map(|text| text.chars().take(100).collect::<String>());
    assert_eq!((broken, verdict.wrong), (None, 0));
    let again = world.slow.iter().find(|((_, _, frame), count)| {
        (is_hello(frame) || frame.len() >= LARGE / 10) && **count > 1
    });
    if let Some(((link, from, frame), count)) = again {
        panic!("link {link}, node {from}: {count} times {:?}", frame.get(..20));
    }
    world
}

fn is_hello(frame: &[u8]) -> bool {
    frame.get(2) == Some(&(MessageType::Hello as u8))
}

/// HELLOs on all slow lines, whatever was said behind them.
fn hellos(world: &World) -> usize {
    world.slow.iter().filter(|((_, _, frame), _)| is_hello(frame)).map(|(_, count)| count).sum()
}

/// When a native node has delivered this key last, in seconds.
fn delivered(world: &World, node: usize, key: &str) -> u64 {
    let SimNode::Native(native) = &world.nodes[node] else { panic!("a CZMQ node") };
    let of_key = |(at, other, _): &(u64, String, String)| (other == key).then_some(at / SECOND);
    native.delivered.iter().rev().find_map(of_key).expect("it was delivered")
}

#[test]
fn a_large_value_crosses_once_and_what_is_behind_it_comes_right_behind_it() {
    let mut plan = line();
    plan.at(0, Act::Connect(0));
    plan.write(START, 0, "large", &large('x'));
    for second in 1..60 {
        plan.write(START + second * SECOND, 0, &format!("behind{second}"), "v");
    }
    let world = run(&plan);
    assert_eq!(hellos(&world), 1);
    assert!((41..=43).contains(&delivered(&world, 1, "large")));
    assert!(delivered(&world, 1, "behind1") <= 44);
    assert!(delivered(&world, 1, "behind59") <= 62, "no backlog of what is not needed");
}

#[test]
fn large_values_in_both_directions_cross_once_each() {
    let mut plan = line();
    plan.at(0, Act::Connect(0));
    for (number, letter) in ('a'..'e').enumerate() {
        let at = START + number as u64 * 7 * SECOND;
        plan.write(at, 0, &format!("up-{letter}"), &large(letter));
        plan.write(at, 1, &format!("down-{letter}"), &large(letter));
    }
    assert_eq!(hellos(&run(&plan)), 1);
}

/// The greeting waits for the server's set, but not for ever: then the client's own goes out.
#[test]
fn a_new_client_is_heard_while_the_server_s_large_value_is_still_coming() {
    let mut plan = line();
    plan.write(0, 1, "theirs", &large('x'));
    plan.write(0, 0, "ours", "v");
    plan.at(START, Act::Connect(0));
    plan.write(START + 10 * SECOND, 0, "later", "v");
    let world = run(&plan);
    assert_eq!(hellos(&world), 1);
    assert!(delivered(&world, 1, "ours") <= 8);
    assert!(delivered(&world, 1, "later") <= 12);
}

#[test]
fn sets_with_large_values_meet_and_each_goes_once() {
    let mut plan = line();
    for (number, letter) in ('a'..'d').enumerate() {
        plan.write(number as u64, 0, &format!("up-{letter}"), &large(letter));
        plan.write(number as u64, 1, &format!("down-{letter}"), &large(letter));
    }
    plan.at(START, Act::Connect(0));
    assert_eq!(hellos(&run(&plan)), 1);
}

/// Native nodes and others in any network; some lines between native nodes are slow.
fn network_with_slow_lines(seed: u64, topology: Topology) -> Plan {
    let mut random = Random::new(seed);
    let count = random.between(3, 7) as usize;
    let mut plan = network(topology, count, &mut random);
    plan.last_counts = Last::SingleWriters;
    let between_native: Vec<bool> = plan
        .links
        .iter()
        .map(|link| plan.is_native(link.client) && plan.is_native(link.server))
        .collect();
    for (link, _) in plan.links.iter_mut().zip(between_native).filter(|(_, native)| *native) {
        link.rate = (!random.one_in(3)).then(|| random.between(RATE, 4 * RATE));
    }
    for key in 0..random.between(1, 4) {
        let writer = random.below(count as u64) as usize;
        let time = START + random.below(60 * SECOND);
        plan.write(time, writer, &format!("k{key}"), &format!("large{key}{}", large('x')));
        plan.write(time + 1, writer, &format!("behind{key}"), &format!("b{key}"));
    }
    plan
}

#[test]
fn in_any_network_large_values_cross_slow_lines_once() {
    for topology in [Topology::AllNative, Topology::Mixed] {
        for seed in 0..60 {
            println!("{topology:?}, seed {seed}");
            let plan = network_with_slow_lines(seed, topology);
            let slow = plan.links.iter().filter(|link| link.rate.is_some()).count();
            assert_eq!(hellos(&run(&plan)), slow);
        }
    }
}
