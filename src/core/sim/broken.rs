//! Every rule is needed: without it, something here notices. `docs/convergence.md` has the table.

use super::super::Input;
use super::super::rules::Rule;
use super::super::rules::tests::without;
use super::topology::{TOPOLOGIES, Topology};
use super::verdict::run;
use super::workload::{WORKLOADS, Workload, plan};
use super::world::World;

const RULES: [Rule; 35] = [
    Rule::LargestWins,
    Rule::AboveReplaced,
    Rule::Witness,
    Rule::BoundedLead,
    Rule::SmallestMint,
    Rule::Newborn,
    Rule::NewbornOnce,
    Rule::NotBack,
    Rule::NotToldBack,
    Rule::DeliverChanges,
    Rule::BareToCzmq,
    Rule::Collect,
    Rule::TakeUnknown,
    Rule::OverruleStale,
    Rule::BelieveRestart,
    Rule::WhilePending,
    Rule::EchoIsAck,
    Rule::Barrier,
    Rule::AckByTime,
    Rule::Fresh,
    Rule::LookAfter,
    Rule::Hold,
    Rule::HoldEnds,
    Rule::HoldOrder,
    Rule::HoldDoubles,
    Rule::Remember,
    Rule::RememberFew,
    Rule::Pace,
    Rule::ReplicationWaits,
    Rule::NotTwice,
    Rule::Sweep,
    Rule::Heartbeat,
    Rule::GreetOnInvalid,
    Rule::GreetAfterStall,
    Rule::Compare,
];

/// What a run shows, in a network in which a rule is broken; None where it shows nothing.
fn caught(topology: Topology, workload: Workload, seed: u64) -> Option<String> {
    let verdict = run(&plan(seed, topology, workload)?);
    let bursts = matches!(workload, Workload::Burst | Workload::NativeBurst);
    let may_be_wrong = bursts && matches!(topology, Topology::TwoCzmqHubs | Topology::Mixed);
    let wrong = (verdict.wrong > 0 && !may_be_wrong).then(|| "last write".to_string());
    let invariant = |text: String| text.split(':').next().unwrap_or_default().to_string();
    verdict.broken.map(invariant).or(wrong)
}

/// What one run cannot show: the last value of a burst may be lost now and then, but not more often than five
/// times in a thousand.
fn too_often(rule: Rule) -> Option<(u64, String)> {
    let mut wrong = 0;
    for seed in 0..1000 {
        let Some(plan) = plan(seed, Topology::Mixed, Workload::Burst) else { continue };
        wrong += u64::from(without(rule, || run(&plan)).wrong > 0);
        if wrong > 5 {
            return Some((seed + 1, "last write, too often | Mixed Burst".to_string()));
        }
    }
    None
}

/// How many runs it takes to notice that a rule is broken, and what is noticed first.
fn noticed(rule: Rule) -> Option<(u64, String)> {
    let (topologies, workloads, seeds) = match rule {
        Rule::SmallestMint | Rule::Hold | Rule::ReplicationWaits => return too_often(rule),
        Rule::Fresh | Rule::EchoIsAck => (&[Topology::NativeHub][..], &[Workload::Turns][..], 4000),
        Rule::HoldDoubles => (&[Topology::Mixed][..], &[Workload::Far][..], 4000),
        _ => (&TOPOLOGIES[..], &WORKLOADS[..], 60),
    };
    let mut runs = 0;
    for seed in 0..seeds {
        for topology in topologies {
            for workload in workloads {
                runs += 1;
                if let Some(by) = without(rule, || caught(*topology, *workload, seed)) {
                    return Some((runs, format!("{by} | {topology:?} {workload:?} {seed}")));
                }
            }
        }
    }
    None
}

#[test]
fn each_broken_rule_is_noticed() {
    let mut unnoticed = Vec::new();
    for rule in RULES {
        match noticed(rule) {
            Some((runs, by)) => println!("| {rule:?} | {by} | {runs} |"),
            None => unnoticed.push(rule),
        }
    }
    assert!(unnoticed.is_empty(), "nothing notices the lack of {unnoticed:?}");
}

/// There is no rule to break for this: no code makes up values. So the test makes one up.
#[test]
fn a_value_that_nobody_wrote_is_noticed() {
    let plan = plan(0, Topology::AllNative, Workload::Slow).expect("a plan");
    let mut world = World::new(&plan);
    assert!(world.run_until(500_000, u64::MAX));
    world.input(0, Input::Command(&[b"PUBLISH", b"k0", b"made up"]));
    assert!(world.watch.broken.is_some_and(|text| text.starts_with("invented:")));
}
