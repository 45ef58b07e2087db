use super::*;

#[test]
fn hello_is_answered_by_all_tuples_in_the_order_of_publication() {
    let mut bench = TestNode::new();
    for (key, value) in [("b", "1"), ("a", "1"), ("b", "2")] {
        bench.command(&["PUBLISH", key, value]);
    }
    bench.join("c");
    assert_eq!(bench.sent(), ["client:c PUBLISH a=1", "client:c PUBLISH b=2"]);
}

#[test]
fn hello_to_an_empty_node_has_no_answer() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Hello));
    assert!(bench.sent().is_empty());
}

#[test]
fn ping_is_answered_with_and_without_hello() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Ping));
    bench.client_says("c", &signal(MessageType::Hello));
    bench.client_says("c", &signal(MessageType::Ping));
    assert_eq!(bench.sent(), ["client:c PONG", "client:c PONG"]);
}

#[test]
fn the_pong_comes_behind_all_tuples_however_many_there_are() {
    let mut bench = TestNode::new();
    for number in 0..2000 {
        bench.command(&["PUBLISH", &format!("k{number}"), "v"]);
    }
    bench.client_says("c", &signal(MessageType::Hello));
    bench.client_says("c", &signal(MessageType::Ping));
    bench.pass(1);
    let sent = bench.sent();
    assert_eq!(sent.len(), 2001);
    assert_eq!(sent.last().map(String::as_str), Some("client:c PONG"));
}

#[test]
fn a_new_tuple_goes_to_everybody_but_its_source_once() {
    let mut bench = TestNode::new();
    for client in ["a", "b", "c"] {
        bench.join(client);
    }
    bench.client_says("b", &publish("k", "v"));
    assert_eq!(bench.sent(), ["client:a PUBLISH k=v", "client:c PUBLISH k=v"]);
    bench.client_says("a", &publish("k", "v"));
    assert!(bench.sent().is_empty(), "a duplicate goes nowhere");
    assert_eq!(bench.told(), ["DELIVER k=v"]);
}

#[test]
fn a_tuple_without_hello_is_kept_and_answered_by_invalid() {
    let mut bench = TestNode::new();
    bench.client_says("c", &publish("k", "v"));
    assert_eq!(bench.sent(), ["client:c INVALID"]);
    assert_eq!(bench.told(), ["DELIVER k=v"]);
    bench.command(&["PUBLISH", "x", "y"]);
    assert!(bench.sent().is_empty(), "nothing is told before HELLO");
}

#[test]
fn a_silent_client_is_still_told_after_any_time() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Hello));
    bench.pass(3_600_000);
    bench.outputs();
    bench.command(&["PUBLISH", "k", "v"]);
    assert_eq!(bench.sent(), ["client:c PUBLISH k=v"]);
}

#[test]
fn a_second_hello_is_answered_by_the_tuples_again_at_a_limited_rate() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "v"]);
    for _ in 0..100 {
        bench.client_says("c", &signal(MessageType::Hello));
    }
    bench.pass(25);
    assert_eq!(bench.sent(), ["client:c PUBLISH k=v"]);
    for _ in 0..100 {
        bench.client_says("c", &signal(MessageType::Hello));
    }
    bench.pass(2000);
    assert_eq!(bench.sent(), ["client:c PUBLISH k=v"], "a hundred HELLOs are worth one answer");
}

#[test]
fn pong_and_invalid_end_a_session() {
    for id in [MessageType::Pong, MessageType::Invalid] {
        let mut bench = TestNode::new();
        bench.client_says("c", &signal(MessageType::Hello));
        bench.client_says("c", &signal(id));
        assert_eq!(bench.sent(), ["client:c INVALID"]);
        bench.command(&["PUBLISH", "k", "v"]);
        assert!(bench.sent().is_empty());
    }
}

#[test]
fn malformed_messages_are_dropped_whole_with_one_line_for_each_peer() {
    let mut bench = TestNode::new();
    bench.join("good");
    for _ in 0..50 {
        bench.client_says("bad", b"\xaa\xa0\x07\x01");
    }
    let message = Received { frame: &publish("k", "v"), frames: 3 };
    bench.input(Input::FromClient { routing_id: b"worse", message });
    let logged = bench.logged();
    assert_eq!(logged.len(), 2, "{logged:?}");
    assert!(logged[0].contains("bad message ID 7"), "{logged:?}");
    assert!(logged[1].contains("message of 3 frames"), "{logged:?}");
    assert!(bench.told().is_empty());
    bench.command(&["PUBLISH", "x", "y"]);
    assert_eq!(bench.sent(), ["client:good PUBLISH x=y"]);
}

#[test]
fn many_malformed_peers_do_not_fill_the_log() {
    let mut bench = TestNode::new();
    for number in 0..1000 {
        bench.client_says(&format!("bad{number}"), b"junk");
    }
    assert_eq!(bench.logged().len(), 20);
    bench.pass(60_000);
    bench.client_says("late", b"junk");
    assert_eq!(bench.logged().len(), 1);
}

#[test]
fn a_client_that_is_full_gets_what_it_missed_later_and_only_the_latest_values() {
    let mut bench = TestNode::new();
    bench.join("slow");
    bench.command(&["PUBLISH", "a", "1"]);
    assert_eq!(bench.refuse(), 1, "one tuple was sent");
    for number in 2..1000 {
        bench.command(&["PUBLISH", "a", &number.to_string()]);
        bench.command(&["PUBLISH", "b", &number.to_string()]);
    }
    assert!(bench.sent().is_empty(), "nothing is queued for a client that is full");
    bench.pass(1000);
    assert_eq!(bench.sent(), ["client:slow PUBLISH a=999", "client:slow PUBLISH b=999"]);
}

#[test]
fn a_pong_that_did_not_fit_is_sent_later() {
    let mut bench = TestNode::new();
    bench.client_says("slow", &signal(MessageType::Hello));
    bench.client_says("slow", &signal(MessageType::Ping));
    let Some(Output::Send { link, .. }) = bench.outputs().pop() else { panic!("no PONG") };
    bench.input(Input::Blocked { link, unsent: Unsent::Signal(MessageType::Pong) });
    bench.pass(1000);
    assert_eq!(bench.sent(), ["client:slow PONG"]);
}

#[test]
fn a_client_whose_connection_is_gone_is_forgotten() {
    let mut bench = TestNode::new();
    bench.join("c");
    bench.command(&["PUBLISH", "a", "1"]);
    let Some(Output::Send { link: LinkId::Client(client), .. }) = bench.outputs().pop() else {
        panic!("nothing was sent")
    };
    bench.input(Input::ClientGone(client));
    bench.command(&["PUBLISH", "b", "1"]);
    assert!(bench.sent().is_empty());
    bench.join("c");
    assert_eq!(bench.sent().len(), 2, "back, it is told everything");
}

#[test]
fn a_client_is_not_told_what_it_sent_on_this_connection_but_on_the_next() {
    let mut bench = TestNode::new();
    bench.client_says("c", &publish("mine", "1"));
    bench.command(&["PUBLISH", "k", "v"]);
    bench.outputs();
    bench.join("c");
    assert_eq!(bench.sent(), ["client:c PUBLISH k=v"]);
    bench.join("c-again");
    assert_eq!(bench.sent().len(), 2);
}

#[test]
fn the_connection_of_a_client_silent_for_long_is_probed_by_a_pong() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Hello));
    bench.pass(29_000);
    assert!(bench.sent().is_empty());
    bench.pass(3_000);
    assert_eq!(bench.sent(), ["client:c PONG"]);
}

#[test]
fn sessions_that_never_said_hello_do_not_pile_up() {
    let mut bench = TestNode::new();
    for number in 0..1000 {
        bench.client_says(&format!("c{number}"), &signal(MessageType::Ping));
    }
    bench.pass(60_000);
    assert_eq!(bench.node.replica.peers.clients().iter().count(), 0);
    assert_eq!(bench.node.next_deadline(), None, "an empty node sleeps");
}

#[test]
fn what_a_czmq_client_tells_behind_its_hello_is_here_before_it_is_told_anything() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "ours"]);
    bench.client_says("c", &signal(MessageType::Hello));
    bench.client_says("c", &publish("theirs", "1"));
    assert!(bench.sent().is_empty());
    bench.client_says("c", &signal(MessageType::Ping));
    assert_eq!(bench.sent(), ["client:c PUBLISH k=ours", "client:c PONG"]);
    assert_eq!(bench.told(), ["DELIVER k=ours", "DELIVER theirs=1"]);
}

#[test]
fn of_values_in_quick_succession_a_czmq_client_is_told_the_first_and_the_last() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Hello));
    bench.pass(100);
    for number in 0..50 {
        bench.command(&["PUBLISH", "k", &number.to_string()]);
    }
    bench.pass(2000);
    assert_eq!(bench.sent(), ["client:c PUBLISH k=0", "client:c PUBLISH k=49"]);
}

#[test]
fn equal_sets_have_nothing_to_say_but_hello() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "v"]);
    bench.outputs();
    let mut frame = signal(MessageType::Hello).to_vec();
    let caps = Some(wire::Caps { node: 77, greeting: false, sketches: false, time: None });
    let summary = Some(bench.node.replica.tuples.summary());
    wire::Extension { caps, summary, ..wire::Extension::default() }.write(&mut frame);
    bench.client_says("c", &frame);
    assert_eq!(bench.sent(), ["client:c PONG"]);
    bench.command(&["PUBLISH", "k", "w"]);
    assert_eq!(bench.sent(), ["client:c PUBLISH k=w"], "and is told what comes");
}

#[test]
fn a_czmq_client_that_goes_back_and_forth_does_not_make_alarms_pile_up() {
    let mut t = TestNode::new();
    t.client_says("c", &signal(MessageType::Hello));
    for value in ["a", "b", "c"] {
        t.client_says("c", &publish("k", value));
    }
    t.pass(2000);
    for round in 0..10_000 {
        t.now += round % 2;
        t.client_says("c", &publish("k", ["a", "b"][round as usize % 2]));
    }
    let alarms = t.node.replica.io.alarms().of_keys();
    assert!((1..20).contains(&alarms), "{alarms} alarms");
    t.pass(5000);
    assert_eq!(
        t.told().last().map(String::as_str),
        Some("DELIVER k=b"),
        "it stands, it is believed"
    );
}

/// A client without a session is told nothing but what it asks for. A PONG that does not fit must not make it one
/// that catches up: its HELLO would find it there, and it would never be told what was published before.
#[test]
fn a_pong_that_does_not_fit_begins_no_session() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "v"]);
    bench.join("c");
    bench.pass(1000);
    bench.client_says("c", &signal(MessageType::Pong));
    bench.outputs();
    let mut ask = signal(MessageType::Ping).to_vec();
    wire::Extension { ask: Some(4), ..wire::Extension::default() }.write(&mut ask);
    for ping in [signal(MessageType::Ping).to_vec(), ask] {
        bench.client_says("c", &ping);
        for output in bench.outputs() {
            let Output::Send { link, frame: Frame::Signal(id, _) } = output else { continue };
            bench.input(Input::Blocked { link, unsent: Unsent::Signal(id) });
        }
    }
    bench.client_says("c", &hello());
    bench.pass(1000);
    assert!(bench.sent().contains(&"client:c PUBLISH k=v".to_string()));
}
