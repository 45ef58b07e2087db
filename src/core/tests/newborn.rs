//! A newborn node, and a network that remembers its earlier life.

use super::*;
use crate::wire::{Extension, Stamp};

/// 2020, in milliseconds.
const EPOCH: Millis = 1_577_836_800_000;
const HOUR: i64 = 3_600_000;

/// A node that has published k=own, and then met a network that tells another value. Its stamp is of so many
/// milliseconds after the node's own beginning. `held`: the network tells it as what it held when they met,
/// otherwise later.
fn told(at: i64, held: bool) -> TestNode {
    let mut bench = TestNode::with(Setup { node: 1 << 63 | 1, epoch: EPOCH, ..Setup::default() });
    bench.command(&["PUBLISH", "k", "own"]);
    let server = bench.connected("tcp://127.0.0.1:1");
    if !held {
        bench.server_says(server, &signal(MessageType::Pong));
    }
    bench.pass(100);
    bench.told();
    let mut frame = publish("k", "theirs");
    let stamp = Some(Stamp { clock: EPOCH.saturating_add_signed(at) << 16, origin: 1 << 63 | 2 });
    Extension { stamp, ..Extension::default() }.write(&mut frame);
    bench.server_says(server, &frame);
    bench
}

#[test]
fn what_the_future_wrote_does_not_overrule_a_new_life() {
    let mut bench = told(HOUR, false);
    assert_eq!(bench.node.replica.tuples.get(b"k").map(|(value, _)| value), Some(&b"own"[..]));
    assert!(
        bench.node.replica.tuples.stamp(b"k").clock > EPOCH.saturating_add_signed(HOUR) << 16,
        "it outdoes the network"
    );
    assert!(bench.told().is_empty());
}

#[test]
fn what_was_written_since_overrules_it() {
    let mut bench = told(90, false);
    assert_eq!(bench.told(), ["DELIVER k=theirs"]);
}

#[test]
fn what_was_written_before_it_does_not() {
    let mut bench = told(-HOUR, true);
    assert_eq!(bench.node.replica.tuples.get(b"k").map(|(value, _)| value), Some(&b"own"[..]));
    assert!(bench.told().is_empty());
}

/// All clocks are right, nobody has started again: another node set the key after us and before we met.
#[test]
fn what_was_written_since_stands_where_the_network_held_it_when_they_met() {
    let mut bench = told(90, true);
    assert_eq!(bench.told(), ["DELIVER k=theirs"]);
}
