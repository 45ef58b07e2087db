//! What lies beyond the limits of a node.

use super::network::Network;
use super::*;

const LONG: &str = "a value of more than ten bytes";

fn limit(bench: &mut TestNode, name: &str, most: &str) {
    bench.command(&["SET", &format!("zgossip/limits/{name}"), most]);
}

fn pass(network: &mut Network, seconds: u64) {
    (0..2 * seconds).for_each(|_| network.pass(500));
}

/// All is said: what is carried from now on is heartbeats only.
fn is_at_rest(network: &mut Network) {
    (network.tuples, network.frames) = (0, 0);
    pass(network, 300);
    assert_eq!(network.tuples, 0, "tuples are told again and again");
    // At each end of two links at most two frames in 1.5 seconds.
    assert!(network.frames <= 2 * 2 * 200, "{} frames although all is said", network.frames);
}

/// Node 1 is between the others, as the server of one and the client of the other.
fn limited_in_the_middle(name: &str, most: &str) -> Network {
    let mut network = Network::new(3);
    limit(&mut network.benches[1], name, most);
    network.link(0, 1);
    network.link(1, 2);
    network
}

#[test]
fn nodes_with_different_limits_for_values_come_to_rest() {
    let mut network = limited_in_the_middle("value", "10");
    for node in [0, 2] {
        // Its clock is an hour ahead: what is refused is newer all the same.
        let bench = &mut network.benches[node];
        bench.node.is_told_date(bench.now, bench.now + 3_600_000);
        network.publish(node, &format!("long{node}"), LONG);
        network.publish(node, &format!("grows{node}"), "short");
        network.publish(node, &format!("grows{node}"), LONG);
        network.publish(node, &format!("shrinks{node}"), LONG);
        network.publish(node, &format!("shrinks{node}"), "short");
    }
    is_at_rest(&mut network);
    for node in [0, 2] {
        assert_eq!(network.value(1, &format!("long{node}")), None);
        assert_eq!(network.value(1, &format!("grows{node}")), Some(&b"short"[..]));
        let shrinks = format!("shrinks{node}");
        assert!((0..3).all(|node| network.value(node, &shrinks) == Some(b"short")));
        // The next value wins, wherever it is written.
        network.publish(1, &format!("long{node}"), "mine");
        network.publish(1, &format!("grows{node}"), "mine");
    }
    is_at_rest(&mut network);
    for key in ["long0", "long2", "grows0", "grows2"] {
        assert!((0..3).all(|node| network.value(node, key) == Some(b"mine")), "{key}");
    }
}

#[test]
fn what_was_refused_comes_once_the_limit_is_higher() {
    let mut network = limited_in_the_middle("value", "10");
    network.publish(0, "k", LONG);
    network.publish(2, "l", LONG);
    is_at_rest(&mut network);
    limit(&mut network.benches[1], "value", "0");
    pass(&mut network, 70);
    for node in 0..3 {
        assert_eq!(network.value(node, "k"), Some(LONG.as_bytes()), "node {node}");
        assert_eq!(network.value(node, "l"), Some(LONG.as_bytes()), "node {node}");
    }
    is_at_rest(&mut network);
}

#[test]
fn a_full_set_takes_new_values_and_no_new_keys() {
    let mut network = limited_in_the_middle("tuples", "2");
    for key in ["a", "b", "c", "d"] {
        network.publish(0, key, "1");
    }
    network.publish(2, "e", "1");
    network.publish(0, "a", "2");
    network.publish(0, "d", "2");
    is_at_rest(&mut network);
    assert_eq!(network.value(1, "a"), Some(&b"2"[..]));
    assert_eq!(network.benches[1].node.tuple_count(), 2);
    assert_eq!(network.value(2, "a"), Some(&b"2"[..]));
    assert_eq!(network.value(2, "d"), None);
}

#[test]
fn bytes_are_counted_as_they_come_and_go() {
    let mut network = limited_in_the_middle("bytes", "20");
    network.publish(0, "k", "123456789");
    network.publish(0, "l", "123456789");
    network.publish(0, "m", "");
    network.publish(0, "k", "12345678901");
    assert_eq!(network.value(1, "l"), Some(&b"123456789"[..]));
    assert_eq!(network.value(1, "m"), None, "the set is full");
    assert_eq!(network.value(1, "k"), Some(&b"123456789"[..]), "it would grow");
    network.publish(0, "l", "1234567");
    network.publish(0, "n", "1");
    assert_eq!(network.value(1, "n"), Some(&b"1"[..]));
    is_at_rest(&mut network);
}

#[test]
fn more_refused_tuples_than_are_remembered_come_to_rest_as_well() {
    let mut network = limited_in_the_middle("tuples", "10");
    for key in 0..1100 {
        network.benches[0].command(&["PUBLISH", &format!("{key}"), "v"]);
        network.benches[2].command(&["PUBLISH", &format!("x{key}"), "v"]);
    }
    network.run();
    pass(&mut network, 10);
    is_at_rest(&mut network);
    assert_eq!(network.benches[1].node.tuple_count(), 10);
}

#[test]
fn a_limit_is_said_once_a_minute_with_a_count() {
    let mut bench = TestNode::new();
    limit(&mut bench, "value", "10");
    bench.join("c");
    bench.outputs();
    for _ in 0..3 {
        bench.client_says("c", &publish("key", LONG));
    }
    let line =
        "zgossip/limits/value is 10: a value of 'key' with 30 bytes is not taken from a peer";
    assert_eq!(bench.logged(), [line]);
    bench.pass(60_000);
    bench.outputs();
    bench.client_says("c", &publish("key", LONG));
    assert_eq!(bench.logged(), [format!("{line} (and 2 times before that)")]);
    bench.client_says("c", &publish("key", "short"));
    assert_eq!(bench.node.tuple_count(), 1, "the link lives");
}

#[test]
fn the_owner_is_told_what_is_refused() {
    let mut bench = TestNode::new();
    limit(&mut bench, "value", "10");
    limit(&mut bench, "tuples", "1");
    bench.command(&["PUBLISH", "k", LONG]);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["PUBLISH", "l", "v"]);
    assert_eq!(
        bench.logged(),
        [
            "PUBLISH of 'k' refused: zgossip/limits/value is 10",
            "PUBLISH of 'l' refused: zgossip/limits/tuples is 1",
        ]
    );
    assert_eq!(bench.node.tuple_count(), 1);
}

/// A CZMQ peer knows no limits: what it says beyond them is not heard, and what we hold is not told against it.
#[test]
fn a_czmq_peer_is_not_answered_where_its_value_is_refused() {
    let mut bench = TestNode::new();
    limit(&mut bench, "value", "10");
    bench.client_says("c", &signal(MessageType::Hello));
    bench.pass(1000);
    bench.client_says("c", &publish("key", "short"));
    bench.pass(1000);
    bench.outputs();
    bench.client_says("c", &publish("key", LONG));
    bench.pass(10_000);
    let told = bench.sent();
    assert!(told.iter().all(|line| !line.contains("PUBLISH")), "{told:?}");
    assert_eq!(bench.node.tuple(b"key").map(|pair| pair.value().to_vec()), Some(b"short".to_vec()));
}

#[test]
fn beyond_the_limit_for_peers_nobody_is_listened_to() {
    let mut bench = TestNode::new();
    limit(&mut bench, "peers", "2");
    bench.client_says("a", &hello());
    bench.client_says("b", &hello());
    bench.outputs();
    bench.client_says("c", &hello());
    bench.client_says("c", &publish("key", "value"));
    assert_eq!(bench.logged(), ["zgossip/limits/peers is 2: no more clients are listened to"]);
    assert_eq!(bench.node.tuple_count(), 0);
    let gone = bench.node.replica.peers.clients().find(b"a").unwrap();
    bench.input(Input::ClientGone(gone));
    bench.client_says("c", &hello());
    bench.client_says("c", &publish("key", "value"));
    assert_eq!(bench.node.tuple_count(), 1, "there is room again");
}

fn pauses(bench: &mut TestNode) -> Vec<Millis> {
    let outputs = bench.outputs().into_iter();
    let pauses = outputs.filter_map(|output| match output {
        Output::Pause { until, .. } => Some(until),
        _ => None,
    });
    pauses.collect()
}

#[test]
fn who_sends_more_than_the_limit_a_second_is_read_more_slowly() {
    let mut bench = TestNode::new();
    limit(&mut bench, "rate", "10");
    let now = bench.now;
    bench.client_says("c", &publish("a", "1"));
    let server = bench.connected("inproc://s");
    bench.server_says(server, &publish("b", "1"));
    assert_eq!(pauses(&mut bench), []);
    bench.client_says("c", &publish("a", "2"));
    bench.client_says("c", &publish("a", "3"));
    let outputs = bench.outputs();
    let client = bench.node.replica.peers.clients().find(b"c").unwrap();
    let paused = |by| Output::Pause { link: LinkId::Client(client), until: now + by };
    assert!(outputs.contains(&paused(100)) && outputs.contains(&paused(200)));
    let line = "zgossip/limits/rate is 10: more messages a second wait until they are read";
    assert!(outputs.contains(&Output::Log(Level::Warning, line.into())));
    assert_eq!(bench.node.tuple(b"a").map(|pair| pair.value().to_vec()), Some(b"3".to_vec()));
    // Each peer has a rate of its own, from the time on that its set is here.
    bench.server_says(server, &signal(MessageType::Pong));
    bench.server_says(server, &publish("b", "2"));
    assert_eq!(pauses(&mut bench), []);
    bench.server_says(server, &publish("b", "3"));
    assert_eq!(pauses(&mut bench), [now + 100]);
    bench.pass(10_000);
    bench.client_says("c", &publish("a", "4"));
    assert_eq!(pauses(&mut bench), []);
}

#[test]
fn a_set_that_is_told_does_not_count() {
    let mut bench = TestNode::new();
    limit(&mut bench, "rate", "10");
    let summary = Some(wire::Summary { count: 100, digest: 1 });
    let caps = Some(wire::Caps { node: 7, greeting: false, sketches: false, time: None });
    let mut hello = signal(MessageType::Hello).to_vec();
    wire::Extension { caps, summary, ..wire::Extension::default() }.write(&mut hello);
    bench.client_says("native", &hello);
    (0..100).for_each(|key| bench.client_says("native", &publish(&key.to_string(), "v")));
    assert_eq!(pauses(&mut bench), []);
    (0..2).for_each(|key| bench.client_says("native", &publish(&key.to_string(), "w")));
    assert!(!pauses(&mut bench).is_empty());
    // A CZMQ peer does not say how many they are.
    bench.client_says("czmq", &signal(MessageType::Hello));
    (0..100).for_each(|key| bench.client_says("czmq", &publish(&key.to_string(), "x")));
    assert_eq!(pauses(&mut bench), []);
    bench.pass(1000);
    (0..3).for_each(|key| bench.client_says("czmq", &publish(&key.to_string(), "y")));
    assert!(!pauses(&mut bench).is_empty());
}

#[test]
fn a_client_that_sends_too_much_that_is_malformed_is_not_listened_to_for_a_while() {
    let mut bench = TestNode::new();
    bench.join("c");
    (0..101).for_each(|_| bench.client_says("c", b"nonsense"));
    bench.outputs();
    bench.client_says("c", &publish("key", "value"));
    bench.client_says("c", b"nonsense");
    assert_eq!(bench.node.tuple_count(), 0);
    bench.pass(1000);
    bench.outputs();
    bench.client_says("c", &signal(MessageType::Ping));
    assert!(bench.sent().contains(&"client:c INVALID".to_string()), "it may not have been heard");
    bench.client_says("c", &hello());
    bench.client_says("c", &publish("key", "value"));
    assert_eq!(bench.node.tuple_count(), 1);
}

#[test]
fn a_server_that_sends_too_much_that_is_malformed_is_left_alone_for_a_while() {
    let mut bench = TestNode::new();
    let server = bench.connected("inproc://s");
    bench.outputs();
    (0..101).for_each(|_| bench.server_says(server, b"nonsense"));
    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::Disconnect { server }));
    bench.pass(999);
    assert!(!bench.outputs().iter().any(|output| matches!(output, Output::Connect { .. })));
    bench.pass(1);
    let connect = Output::Connect { server, endpoint: b"inproc://s".to_vec(), curve: None };
    assert!(bench.outputs().contains(&connect));
    // It could not be connected at that time: later, then.
    bench.input(Input::ConnectFailed { server, reason: "Too many open files" });
    bench.pass(1000);
    assert!(bench.outputs().contains(&connect));
    bench.input(Input::ServerUp(server));
    assert!(bench.sent().contains(&"server:0 HELLO".to_string()));
}

#[test]
fn what_was_refused_for_want_of_memory_comes_again_a_minute_later() {
    let mut limits = Limits::default();
    assert_eq!(limits.is_short_of_memory(1000), Some(0));
    assert_eq!(limits.is_short_of_memory(2000), None, "one line a minute");
    limits.look(60_999);
    assert_eq!(limits.changes(), 0);
    limits.look(61_000);
    assert_eq!(limits.changes(), 1, "it does not count as known any longer");
    limits.look(200_000);
    assert_eq!(limits.changes(), 1, "once");
    assert_eq!(limits.is_short_of_memory(200_000), Some(1));
}
