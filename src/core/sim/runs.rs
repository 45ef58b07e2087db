//! Many runs. In the environment, SEEDS sets how many seeds each pair of topology and workload gets, FIRST
//! sets the first seed, and ONLY takes only pairs whose name contains it.

use super::topology::{TOPOLOGIES, Topology};
use super::verdict::{Verdict, run, tell};
use super::workload::{WORKLOADS, Workload, plan};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What came of the runs of one pair.
#[derive(Default)]
struct Sweep {
    runs: u64,
    bad: Vec<(u64, Verdict)>,
    wrong: Vec<u64>,
    most_delivered: usize,
    settled_after: Vec<u64>,
}

fn sweep(topology: Topology, workload: Workload) -> Sweep {
    let (first, seeds) = (number("FIRST", 0), number("SEEDS", 140));
    let mut sweep = Sweep::default();
    for seed in first..first + seeds {
        let Some(plan) = plan(seed, topology, workload) else { continue };
        let verdict = run(&plan);
        sweep.runs += 1;
        sweep.settled_after.push(verdict.settled_after);
        sweep.most_delivered = sweep.most_delivered.max(verdict.most_delivered);
        if verdict.wrong > 0 {
            sweep.wrong.push(seed);
        }
        if verdict.broken.is_some() {
            sweep.bad.push((seed, verdict));
        }
    }
    sweep.settled_after.sort_unstable();
    sweep
}

/// Run all workloads with this topology. Of a thousand runs with bursts, so many may end with another value
/// than the writer's last.
fn assert_good(topology: Topology, most_wrong_in_a_thousand: u64) {
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut failures = Vec::new();
    for workload in WORKLOADS {
        let name = format!("{topology:?} {workload:?}");
        if !name.contains(&only) {
            continue;
        }
        let Sweep { runs, bad, wrong, most_delivered, settled_after } = sweep(topology, workload);
        let p99 = settled_after.get(settled_after.len() * 99 / 100).map_or(0, |at| at / 1000);
        println!(
            "{name}: {runs} runs, {} bad, {} wrong, 99 % at rest after {p99} ms, \
             at most {most_delivered} DELIVERs of a key",
            bad.len(),
            wrong.len(),
        );
        let bursts = matches!(workload, Workload::Burst | Workload::NativeBurst);
        let allowed = if bursts { most_wrong_in_a_thousand * runs.max(1000) / 1000 } else { 0 };
        if let Some((seed, verdict)) = bad.first() {
            failures.push(format!("REPLAY=\"{name} {seed}\": {verdict:?}, {} more", bad.len() - 1));
        }
        if wrong.len() as u64 > allowed {
            failures.push(format!("REPLAY=\"{name} {}\": {} wrong", wrong[0], wrong.len()));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn native_nodes_always_agree() {
    assert_good(Topology::AllNative, 0);
}

#[test]
fn a_czmq_hub_and_native_leaves_agree() {
    assert_good(Topology::CzmqHub, 0);
}

#[test]
fn a_native_hub_and_czmq_leaves_agree() {
    assert_good(Topology::NativeHub, 0);
}

#[test]
fn two_czmq_hubs_and_native_leaves_agree() {
    assert_good(Topology::TwoCzmqHubs, 2);
}

#[test]
fn mixed_networks_without_a_link_between_czmq_nodes_agree() {
    assert_good(Topology::Mixed, 4);
}

/// Prints a digest of all that each run sends: two versions of the core that behave alike print the same.
/// TRANSCRIPT sets how many seeds each pair gets; without it there are none.
#[test]
fn transcript() {
    for topology in TOPOLOGIES {
        for workload in WORKLOADS {
            let plans =
                (0..number("TRANSCRIPT", 0)).filter_map(|seed| plan(seed, topology, workload));
            for (seed, plan) in plans.enumerate() {
                let Verdict { broken, wrong, publishes, transcript, .. } = run(&plan);
                println!(
                    "{topology:?} {workload:?} {seed}: {transcript:016x} {publishes} {wrong} {broken:?}"
                );
            }
        }
    }
}

/// Does one run again, as a failure names it: REPLAY="NativeHub Concurrent 4". One that fails is made as
/// small as possible.
#[test]
fn replay() {
    let Ok(text) = std::env::var("REPLAY") else {
        println!("nothing to replay: REPLAY is not set");
        return;
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [topology, workload, seed] = words.as_slice() else { panic!("topology, workload, seed") };
    let topology = TOPOLOGIES.into_iter().find(|known| format!("{known:?}") == *topology);
    let workload = WORKLOADS.into_iter().find(|known| format!("{known:?}") == *workload);
    let seed = seed.parse().expect("a seed");
    let plan = plan(seed, topology.expect("a topology"), workload.expect("a workload"))
        .expect("a workload that fits the topology");
    let verdict = run(&plan);
    println!("{verdict:#?}");
    let fails = |verdict: &Verdict| (verdict.broken.is_some(), verdict.wrong > 0);
    let failure = fails(&verdict);
    if failure != (false, false) {
        let small = plan.shrink(|plan| fails(&run(plan)) == failure);
        println!("the smallest that fails alike: {small:#?}");
        println!("{:#?}", tell(&small));
    }
}
