//! What goes wrong.

use super::Random;
use super::plan::{Act, Plan};
use super::topology::skew;
use super::workload::{Nodes, SECOND, START, pick, writes};

pub(super) fn partition(plan: &mut Plan, nodes: &Nodes, random: &mut Random) {
    writes(plan, &nodes.all, 10 * SECOND, false, random);
    let cut_off: Vec<bool> = nodes.all.iter().map(|_| random.one_in(2)).collect();
    let down = START + random.below(4 * SECOND);
    let up = down + random.between(SECOND / 10, 6 * SECOND);
    for link in 0..plan.links.len() {
        if cut_off[plan.links[link].client] != cut_off[plan.links[link].server] {
            plan.at(down + random.below(1000), Act::Drop(link));
            plan.at(up + random.below(500_000), Act::Connect(link));
        }
    }
}

pub(super) fn crash(plan: &mut Plan, nodes: &Nodes, random: &mut Random) {
    for _ in 0..random.between(1, 3) {
        let Some(node) = pick(&nodes.native, random) else { return };
        let time = START + random.below(10 * SECOND);
        plan.at(time, Act::Restart { node, skew: skew(random) });
        reconnect(plan, node, time + random.between(50_000, 3 * SECOND));
    }
}

pub(super) fn stall(plan: &mut Plan, nodes: &Nodes, random: &mut Random) {
    for _ in 0..random.between(1, 3) {
        let Some(node) = pick(&nodes.native, random) else { return };
        let micros = random.between(SECOND / 2, 3 * SECOND);
        plan.at(START + random.below(10 * SECOND), Act::Stall { node, micros });
    }
}

pub(super) fn lossy(plan: &mut Plan, nodes: &Nodes, random: &mut Random) -> Option<()> {
    writes(plan, &nodes.all, 10 * SECOND, false, random);
    let between_native = |link: &usize| {
        plan.is_native(plan.links[*link].client) && plan.is_native(plan.links[*link].server)
    };
    let links: Vec<usize> = (0..plan.links.len()).filter(between_native).collect();
    for _ in 0..random.between(1, 3) {
        let link = pick(&links, random)?;
        let from = START + random.below(5 * SECOND);
        plan.at(from, Act::Lose { link, on: true });
        plan.at(from + random.below(6 * SECOND), Act::Lose { link, on: false });
    }
    Some(())
}

pub(super) fn reconnect(plan: &mut Plan, node: usize, time: u64) {
    for link in plan.links_of(node) {
        plan.at(time, Act::Connect(link));
    }
}

pub(super) fn cut_links(plan: &mut Plan, random: &mut Random) {
    for link in 0..plan.links.len() {
        if random.one_in(2) {
            let down = random.between(SECOND, 9 * SECOND);
            let up = down + random.between(10_000, 3 * SECOND);
            plan.at(down, Act::Drop(link));
            plan.at(up, Act::Connect(link));
        }
    }
}
