//! FLUSH and `$TERM` wait until the neighbours have taken what was published.

use super::network::Network;
use super::*;

fn ends(bench: &mut TestNode) -> bool {
    bench.outputs().contains(&Output::Stop)
}

/// Node 0 is the server of node 1 and the client of node 2.
fn in_the_middle() -> Network {
    let mut network = Network::new(3);
    network.benches[0].command(&["SET", "zgossip/linger", "1000"]);
    network.link(1, 0);
    network.link(0, 2);
    (0..10).for_each(|_| network.pass(500));
    network
}

#[test]
fn a_flush_tells_how_many_have_taken_everything() {
    let mut network = in_the_middle();
    network.benches[0].command(&["PUBLISH", "k", "v"]);
    network.benches[0].command(&["FLUSH"]);
    assert!(!network.benches[0].told().contains(&"FLUSH 2".to_string()), "nobody can know yet");
    network.run();
    assert_eq!(network.value(1, "k"), Some(&b"v"[..]));
    assert_eq!(network.value(2, "k"), Some(&b"v"[..]));
    assert_eq!(network.benches[0].told(), ["FLUSH 2"]);
    // All is taken: nobody has to be asked.
    (0..10).for_each(|_| network.pass(500));
    network.benches[0].command(&["FLUSH"]);
    assert_eq!(network.benches[0].told(), ["FLUSH 2"]);
}

#[test]
fn a_neighbour_that_does_not_answer_is_not_counted_and_not_waited_for_longer_than_that() {
    let mut network = in_the_middle();
    network.benches[0].command(&["SET", "zgossip/linger", "300"]);
    network.benches[0].command(&["PUBLISH", "k", "v"]);
    network.benches[0].outputs();
    network.benches[0].command(&["FLUSH"]);
    network.benches[0].pass(299);
    assert!(network.benches[0].told().iter().all(|told| !told.starts_with("FLUSH")));
    network.benches[0].pass(1);
    assert_eq!(network.benches[0].told(), ["FLUSH 0"]);
    network.benches[0].command(&["FLUSH", "1000"]);
    network.benches[0].pass(1000);
    assert!(network.benches[0].told().is_empty());
    network.benches[0].pass(1);
    assert_eq!(network.benches[0].told(), ["FLUSH 0"]);
}

#[test]
fn who_has_no_neighbours_is_answered_at_once() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["FLUSH"]);
    assert_eq!(bench.told(), ["DELIVER k=v", "FLUSH 0"]);
    bench.command(&["$TERM"]);
    assert!(ends(&mut bench));
}

#[test]
fn the_end_waits_until_a_new_server_has_what_was_published() {
    let mut network = Network::new(2);
    network.benches[0].command(&["SET", "zgossip/linger", "250"]);
    network.benches[0].command(&["PUBLISH", "k", "v"]);
    network.connect(0, 1);
    network.benches[0].command(&["$TERM"]);
    let mut stopped = false;
    // Each output of node 0 is carried but the last, which ends it.
    for _ in 0..100 {
        let outputs = network.benches[0].outputs();
        stopped |= outputs.contains(&Output::Stop);
        network.benches[0].seen = outputs;
        if stopped || !network.step() {
            break;
        }
    }
    assert!(stopped, "the server has answered");
    assert_eq!(network.value(1, "k"), Some(&b"v"[..]));
}

#[test]
fn the_end_waits_for_a_server_that_is_not_there_yet_but_not_for_one_that_was_never_there() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "zgossip/linger", "250"]);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["CONNECT", "inproc://nobody"]);
    bench.command(&["$TERM"]);
    assert!(!ends(&mut bench));
    bench.pass(250);
    assert!(ends(&mut bench));

    let mut bench = TestNode::new();
    bench.command(&["SET", "zgossip/linger", "250"]);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["CONNECT", "inproc://nobody"]);
    bench.pass(250);
    bench.command(&["$TERM"]);
    assert!(ends(&mut bench), "it had its time");
}

#[test]
fn who_has_published_nothing_or_does_not_linger_ends_at_once() {
    let mut network = in_the_middle();
    network.publish(2, "k", "v");
    network.benches[0].command(&["$TERM"]);
    assert!(ends(&mut network.benches[0]));

    let mut network = in_the_middle();
    network.benches[0].command(&["SET", "zgossip/linger", "0"]);
    network.benches[0].command(&["PUBLISH", "k", "v"]);
    network.benches[0].command(&["$TERM"]);
    assert!(ends(&mut network.benches[0]));
}

#[test]
fn a_czmq_server_answers_by_its_pong_and_a_czmq_client_by_its_echo() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "zgossip/linger", "5000"]);
    let server = bench.connected("inproc://c");
    bench.server_says(server, &signal(MessageType::Pong));
    bench.client_says("c", &signal(MessageType::Hello));
    bench.client_says("c", &signal(MessageType::Ping));
    bench.pass(2000);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["FLUSH"]);
    bench.outputs();
    bench.pass(100);
    assert!(!bench.told().contains(&"FLUSH 2".to_string()));
    bench.client_says("c", &publish("k", "v"));
    assert!(bench.told().iter().all(|told| !told.starts_with("FLUSH")), "the server has not");
    for _ in 0..20 {
        bench.server_says(server, &signal(MessageType::Pong));
    }
    assert_eq!(bench.told(), ["FLUSH 2"]);
}

#[test]
fn a_client_cannot_answer_what_it_was_not_asked() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "zgossip/linger", "300"]);
    bench.join("c");
    bench.pass(1000);
    let mut ping = signal(MessageType::Ping).to_vec();
    wire::Extension { echo: Some(u64::MAX), ..wire::Extension::default() }.write(&mut ping);
    bench.client_says("c", &ping);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.told();
    bench.command(&["FLUSH"]);
    bench.pass(299);
    assert!(bench.told().is_empty());
    bench.client_says("c", &ping);
    assert_eq!(bench.told(), ["FLUSH 1"]);
}

/// A server tells its own set first, which may take long. It is not waited for without end.
#[test]
fn the_end_waits_while_the_server_still_tells_its_set_but_not_for_ever() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "zgossip/linger", "100"]);
    bench.command(&["PUBLISH", "k", "v"]);
    let server = bench.connected("inproc://s");
    let mut greeting = signal(MessageType::Pong).to_vec();
    let caps = Some(wire::Caps { node: 77, greeting: true, sketches: false, time: None });
    let summary = Some(wire::Summary { count: 1000, digest: 1 });
    wire::Extension { caps, summary, ..wire::Extension::default() }.write(&mut greeting);
    bench.server_says(server, &greeting);
    bench.command(&["$TERM"]);
    for key in 0..40 {
        bench.pass(99);
        assert!(!ends(&mut bench), "it is telling");
        bench.server_says(server, &publish(&format!("{key}"), "v"));
    }
    bench.pass(39);
    assert!(!ends(&mut bench));
    bench.server_says(server, &publish("more", "v"));
    bench.pass(1);
    assert!(ends(&mut bench), "4 s are over");
}

#[test]
fn many_who_wait_are_answered_by_one_question() {
    let mut network = in_the_middle();
    network.frames = 0;
    network.benches[0].command(&["PUBLISH", "k", "v"]);
    (0..3).for_each(|_| network.benches[0].command(&["FLUSH"]));
    network.run();
    let told = network.benches[0].told();
    assert_eq!(told.iter().filter(|told| *told == "FLUSH 2").count(), 3, "{told:?}");
    // Two tuples; PING and PONG with the server; two PINGs and a PONG with the client.
    assert_eq!(network.frames, 7);
}

#[test]
fn the_end_does_not_wait_for_an_earlier_flush() {
    let mut network = in_the_middle();
    network.benches[0].command(&["PUBLISH", "k", "v"]);
    network.benches[0].told();
    network.benches[0].command(&["FLUSH", "3600000"]);
    network.benches[0].command(&["$TERM"]);
    assert_eq!(network.benches[0].told(), ["FLUSH 0"]);
    network.benches[0].pass(1000);
    assert!(ends(&mut network.benches[0]));
}
