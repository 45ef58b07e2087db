//! Many seeds. SEEDS sets how many for each pair of topology and workload; FIRST the first.

use super::scenario::{Topology, Workload, run};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

const ALL: [Workload; 10] = [
    Workload::Burst,
    Workload::OurBurst,
    Workload::Slow,
    Workload::Concurrent,
    Workload::Toggle,
    Workload::SlowToggle,
    Workload::Churn,
    Workload::Restart,
    Workload::StaleRejoin,
    Workload::Crash,
];

/// Run the seeds; how many there were, and those that did not end well.
fn sweep(topology: Topology, workload: Workload) -> (u64, Vec<u64>, Vec<u64>) {
    let (first, seeds) = (number("FIRST", 0), number("SEEDS", 60));
    let (mut runs, mut bad, mut wrong) = (0, Vec::new(), Vec::new());
    for seed in first..first + seeds {
        let Some(verdict) = run(seed, topology, workload) else { continue };
        runs += 1;
        if !verdict.is_good() {
            bad.push(seed);
        }
        if verdict.wrong > 0 {
            wrong.push(seed);
        }
    }
    (runs, bad, wrong)
}

fn assert_good(topology: Topology, most_wrong_in_a_thousand: u64) {
    let mut failures = Vec::new();
    for workload in ALL {
        let (runs, bad, wrong) = sweep(topology, workload);
        println!(
            "{topology:?} {workload:?}: {runs} runs, {} bad, {} wrong {:?} {:?}",
            bad.len(),
            wrong.len(),
            bad.iter().take(5).collect::<Vec<_>>(),
            wrong.iter().take(5).collect::<Vec<_>>()
        );
        let too_wrong = wrong.len() as u64 * 1000 > most_wrong_in_a_thousand * runs.max(200);
        if !bad.is_empty() || too_wrong {
            failures.push(format!("{workload:?}: seeds {bad:?}, wrong {wrong:?}"));
        }
    }
    assert!(failures.is_empty(), "{topology:?}: {failures:#?}");
}

#[test]
fn our_nodes_always_agree() {
    assert_good(Topology::AllOurs, 0);
}

#[test]
fn a_c_hub_and_our_leaves_agree() {
    assert_good(Topology::CHub, 0);
}

#[test]
fn our_hub_and_c_leaves_agree() {
    assert_good(Topology::OurHub, 0);
}

#[test]
fn two_c_hubs_and_our_leaves_agree() {
    assert_good(Topology::TwoCHubs, 12);
}

#[test]
fn mixed_networks_without_a_link_between_c_nodes_agree() {
    assert_good(Topology::Mixed, 10);
}

/// One run again, as a failure names it: REPLAY="OurHub Concurrent 4".
#[test]
fn replay() {
    let Ok(text) = std::env::var("REPLAY") else {
        println!("nothing to replay: REPLAY is not set");
        return;
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [topology, workload, seed] = words.as_slice() else { panic!("topology, workload, seed") };
    let topologies =
        [Topology::AllOurs, Topology::CHub, Topology::OurHub, Topology::TwoCHubs, Topology::Mixed];
    let topology = topologies.into_iter().find(|known| format!("{known:?}") == *topology);
    let workload = ALL.into_iter().find(|known| format!("{known:?}") == *workload);
    let seed = seed.parse().expect("a seed");
    let verdict = run(seed, topology.expect("a topology"), workload.expect("a workload"));
    println!("{verdict:#?}");
}
