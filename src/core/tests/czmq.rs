use super::*;

/// A CZMQ client that has told what it holds.
fn c_client(bench: &mut TestNode, name: &str) {
    bench.client_says(name, &signal(MessageType::Hello));
    bench.client_says(name, &signal(MessageType::Ping));
    bench.outputs();
}

#[test]
fn a_client_that_goes_back_and_forth_costs_no_alarm_each_time() {
    let mut bench = TestNode::new();
    c_client(&mut bench, "c");
    for round in 0..10_000 {
        bench.client_says("c", &publish("k", ["1", "2", "3"][round % 3]));
        if round % 100 == 0 {
            bench.pass(1);
        }
    }
    assert!(
        bench.node.replica.io.alarms().of_keys() < 20,
        "{} alarms",
        bench.node.replica.io.alarms().of_keys()
    );
}

#[test]
fn a_value_that_stands_long_enough_is_believed_whatever_was_said_before_it() {
    let mut bench = TestNode::new();
    c_client(&mut bench, "c");
    for value in ["1", "2", "3", "1", "2", "3", "1", "2"] {
        bench.client_says("c", &publish("k", value));
        bench.pass(10);
    }
    bench.told();
    bench.pass(400);
    assert!(bench.told().is_empty(), "not yet");
    bench.pass(2000);
    assert_eq!(bench.told(), ["DELIVER k=2"]);
}

/// A value that a CZMQ peer said and that is held down is no news any more once the peer has gone: the owner has
/// written since.
#[test]
fn a_held_down_value_of_a_peer_that_has_gone_does_not_replace_what_the_owner_writes() {
    let mut bench = TestNode::new();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.pass(600);
    bench.server_says(server, &publish("k", "one"));
    bench.command(&["PUBLISH", "k", "two"]);
    bench.pass(2000);
    bench.server_says(server, &publish("k", "one"));
    bench.input(Input::ServerDown(server));
    bench.command(&["PUBLISH", "k", "three"]);
    bench.pass(100_000);
    let held = bench.node.replica.tuples.get(b"k").map(|(value, _)| value);
    assert_eq!(held, Some(&b"three"[..]));
}
