//! Clocks that are wrong, and stamps of the future.

use super::network::Network;
use super::*;
use crate::wire::{Caps, Extension, Stamp};

/// The second of January 2027.
const TODAY: Millis = 1_798_848_000_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// The largest reading that a stamp can have on the wire: the last before the year 3000.
const LAST: u64 = (32_503_680_000_000 << 16) - 1;

fn at(time: Millis) -> u64 {
    time << 16
}

fn node(number: u64, date: Millis) -> TestNode {
    TestNode::with(Setup { node: number, epoch: date, ..Setup::default() })
}

/// A PUBLISH of somebody else's, as a native peer sends it.
fn stamped(key: &str, value: &str, clock: u64) -> Vec<u8> {
    let mut frame = publish(key, value);
    let stamp = Some(Stamp { clock, origin: 1 << 63 | 77 });
    Extension { stamp, ..Extension::default() }.write(&mut frame);
    frame
}

fn held(bench: &TestNode, key: &str) -> Option<String> {
    let (value, _) = bench.node.replica.tuples.get(key.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

fn stamp(bench: &TestNode, key: &str) -> u64 {
    bench.node.replica.tuples.stamp(key.as_bytes()).clock
}

/// Nodes in a row, each a client of the one before it, with these dates.
fn row(dates: &[Millis]) -> Network {
    let mut network = Network::with(dates.len(), Sketching::default());
    for (number, date) in dates.iter().enumerate() {
        network.benches[number] = node(number as u64 + 1, *date);
    }
    (1..dates.len()).for_each(|client| network.link(client, client - 1));
    network
}

#[test]
fn a_stamp_that_is_hours_ahead_is_taken_and_one_of_days_is_dropped_and_said() {
    let mut bench = node(1, TODAY);
    bench.join("peer");
    bench.client_says("peer", &stamped("k", "hours", at(TODAY + 20 * HOUR)));
    bench.client_says("peer", &stamped("k", "days", at(TODAY + 3 * DAY)));
    assert_eq!(held(&bench, "k").as_deref(), Some("hours"));
    assert_eq!(
        bench.logged(),
        [
            "dropped a malformed message from client 0: its stamp is 3 days ahead of this clock, so one of the two \
             is wrong"
        ]
    );
    bench.client_says("peer", &stamped("other", "v", at(TODAY)));
    assert_eq!(held(&bench, "other").as_deref(), Some("v"), "the link lives");
}

#[test]
fn a_tuple_whose_extension_cannot_be_read_is_dropped_and_not_taken_for_one_without() {
    let unreadable = [
        stamped("k", "v", LAST + 1),
        stamped("k", "v", u64::MAX),
        [publish("k", "v"), b"\x5a\x45\x01\x00\x14\x02\x00\x11short".to_vec()].concat(),
        [publish("k", "v"), b"\x5a\x45\x01".to_vec()].concat(),
        [publish("k", "v"), b"\x5a\x45\x01\x00\x02\x0a\x00".to_vec()].concat(),
    ];
    for frame in unreadable {
        let mut bench = node(1, TODAY);
        bench.join("peer");
        bench.client_says("peer", &frame);
        assert_eq!(held(&bench, "k"), None, "{frame:x?}");
        assert!(bench.logged()[0].ends_with("its extension cannot be read"));
    }
}

/// Known attack: the largest stamp there is, then the key bare at two nodes. They made stamps that neither of them
/// could read, took them for none, and made new ones, for ever.
#[test]
fn no_stamp_makes_two_nodes_answer_each_other_without_end() {
    for dates in [[TODAY, TODAY], [0, 0], [TODAY, TODAY + 2], [TODAY + 5 * HOUR, TODAY]] {
        for poison in [LAST, LAST - 1, at(TODAY + DAY), at(TODAY + DAY - 1), at(36_525 * DAY)] {
            let mut network = row(&dates);
            for bench in &mut network.benches {
                bench.client_says("stranger", &stamped("k", "poison", poison));
                bench.client_says("stranger", &publish("k", "bare"));
                bench.client_says("other", &publish("k", "bare too"));
            }
            let mut frames = 0;
            while network.step() {
                frames += 1;
                assert!(frames < 100, "{dates:?} {poison:x}");
            }
            for bench in &mut network.benches {
                bench.input(Input::ClientGone(ClientId(0)));
            }
            network.pass(70_000);
            let [one, two] = &network.benches[..] else { unreachable!() };
            assert_eq!(held(one, "k"), held(two, "k"), "{dates:?} {poison:x}");
        }
    }
}

#[test]
fn an_owner_writes_over_the_largest_stamp_that_is_taken() {
    let mut network = row(&[TODAY, TODAY + 1, TODAY]);
    network.benches[2].client_says("stranger", &stamped("k", "poison", at(TODAY + DAY)));
    network.run();
    assert_eq!(held(&network.benches[0], "k").as_deref(), Some("poison"));
    network.benches[0].command(&["PUBLISH", "k", "owner"]);
    network.pass(5000);
    for bench in &network.benches {
        assert_eq!(held(bench, "k").as_deref(), Some("owner"));
    }
}

#[test]
fn a_node_whose_clock_begins_in_1970_takes_part() {
    let mut network = row(&[TODAY, 0]);
    network.benches[0].command(&["PUBLISH", "k", "of today"]);
    network.run();
    assert_eq!(held(&network.benches[1], "k").as_deref(), Some("of today"));
    network.benches[1].command(&["PUBLISH", "k", "of 1970"]);
    network.benches[1].command(&["PUBLISH", "new", "of 1970"]);
    network.run();
    assert_eq!(held(&network.benches[0], "k").as_deref(), Some("of 1970"));
    // It is not newborn any more.
    network.pass(3000);
    network.benches[0].command(&["PUBLISH", "new", "of today"]);
    network.run();
    assert_eq!(held(&network.benches[1], "new").as_deref(), Some("of today"));
}

/// The lines about clocks of each node.
fn lines(network: &mut Network) -> Vec<Vec<String>> {
    let about = |line: &String| line.starts_with("the clock of");
    network.benches.iter_mut().map(|it| it.logged().into_iter().filter(about).collect()).collect()
}

#[test]
fn a_clock_that_is_a_month_ahead_is_said_on_both_sides_and_mended_when_it_is_right() {
    let mut network = row(&[TODAY, TODAY + 30 * DAY]);
    // The lines were taken out with the frames; the link is made again for them to be seen.
    let server = ServerId(0);
    network.benches[1].input(Input::ServerDown(server));
    network.pass(61_000);
    network.benches[1].input(Input::ServerUp(server));
    let hello = network.benches[1].outputs();
    let [Output::Send { frame: Frame::Signal(_, Some(hello)), .. }, ..] = &hello[..] else {
        panic!("{hello:?}")
    };
    let mut frame = signal(MessageType::Hello).to_vec();
    hello.write(&mut frame);
    network.benches[0].client_says("1-0", &frame);
    assert_eq!(
        lines(&mut network)[0],
        [
            "the clock of client 0 is 30 days ahead of this node's; what the one that is ahead writes is not taken \
          until it is right"
        ]
    );

    let mut network = row(&[TODAY, TODAY + 30 * DAY]);
    network.benches[1].command(&["PUBLISH", "k", "of the future"]);
    network.benches[0].command(&["PUBLISH", "other", "of today"]);
    network.pass(5000);
    assert_eq!(held(&network.benches[0], "k"), None);
    assert_eq!(held(&network.benches[1], "other").as_deref(), Some("of today"));
    let now = network.benches[1].now;
    network.benches[1].node.is_told_date(now, TODAY + now);
    network.pass(5000);
    assert_eq!(held(&network.benches[0], "k").as_deref(), Some("of the future"));
    assert!(stamp(&network.benches[1], "k") < at(TODAY + DAY), "it is written anew");
    network.benches[0].command(&["PUBLISH", "k", "of now"]);
    network.run();
    assert_eq!(held(&network.benches[1], "k").as_deref(), Some("of now"));
}

#[test]
fn what_others_wrote_in_a_future_that_was_wrong_gives_way_to_whatever_they_write() {
    let mut bench = node(1, TODAY + 30 * DAY);
    bench.join("peer");
    bench.client_says("peer", &stamped("k", "v", at(TODAY + 30 * DAY)));
    bench.node.is_told_date(bench.now, TODAY);
    bench.pass(1);
    assert_eq!(held(&bench, "k").as_deref(), Some("v"), "nothing is lost");
    bench.client_says("peer", &stamped("k", "newer", at(TODAY - 300 * DAY)));
    assert_eq!(held(&bench, "k").as_deref(), Some("newer"));
}

#[test]
fn a_clock_that_was_a_month_behind_has_the_others_tell_again() {
    let mut network = row(&[TODAY - 30 * DAY, TODAY, TODAY]);
    network.benches[1].command(&["PUBLISH", "k", "of today"]);
    network.pass(100_000);
    assert_eq!(held(&network.benches[0], "k"), None);
    let now = network.benches[0].now;
    network.benches[0].node.is_told_date(now, TODAY + now);
    network.pass(5000);
    assert_eq!(held(&network.benches[0], "k").as_deref(), Some("of today"));
}

#[test]
fn the_date_is_that_of_the_write_after_a_sleep_and_after_a_step() {
    let mut bench = node(1, TODAY);
    bench.command(&["PUBLISH", "before", "v"]);
    assert_eq!(stamp(&bench, "before"), at(TODAY));
    // The time that the node is told stands still while the machine sleeps.
    bench.node.is_told_date(bench.now, TODAY + 8 * HOUR);
    bench.command(&["PUBLISH", "slept", "v"]);
    assert_eq!(stamp(&bench, "slept"), at(TODAY + 8 * HOUR));
    // It had been hours ahead, and is set right.
    bench.node.is_told_date(bench.now, TODAY + HOUR);
    bench.command(&["PUBLISH", "right", "v"]);
    assert!(stamp(&bench, "right") <= at(TODAY + HOUR + 500) + 1);
}

#[test]
fn a_peer_of_an_earlier_version_says_no_date() {
    let mut bench = node(1, TODAY);
    let mut frame = signal(MessageType::Hello).to_vec();
    let caps = Some(Caps { node: 77, greeting: false, sketches: false, time: None });
    Extension { caps, ..Extension::default() }.write(&mut frame);
    bench.client_says("peer", &frame);
    assert!(bench.logged().is_empty());
}
