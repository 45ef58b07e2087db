//! A CZMQ peer that cannot take what it lacks: what it holds meanwhile is our own doing, and nothing that it wrote.

use super::*;

/// So much time passes, and the peer takes nothing.
fn pass_refusing(bench: &mut TestNode, time: Millis) {
    let end = bench.now + time;
    while let Some(due) = bench.node.next_deadline().filter(|due| *due <= end) {
        bench.now = bench.now.max(due);
        bench.input(Input::Tick);
        bench.refuse();
    }
    bench.now = end;
}

/// Connected to a server that reads and answers nothing, so that it counts as a CZMQ peer.
fn mute_server(bench: &mut TestNode) {
    bench.connected("inproc://nobody");
    bench.pass(1000);
    bench.outputs();
}

/// A CZMQ client that has told what it holds.
fn client(bench: &mut TestNode) {
    bench.client_says("c", &signal(MessageType::Hello));
    bench.client_says("c", &signal(MessageType::Ping));
    bench.outputs();
}

/// The peer was sent "1".
fn holds_the_first(bench: &mut TestNode, peer: fn(&mut TestNode)) {
    peer(bench);
    bench.command(&["PUBLISH", "k", "1"]);
    bench.pass(1);
    assert!(bench.sent().iter().any(|line| line.ends_with("PUBLISH k=1")));
}

/// It can take nothing since then.
fn is_full(bench: &mut TestNode, peer: fn(&mut TestNode)) {
    holds_the_first(bench, peer);
    bench.command(&["PUBLISH", "large", "value"]);
    bench.refuse();
}

#[test]
fn what_it_was_sent_before_does_not_count_as_written_there() {
    for peer in [mute_server, client] {
        for last in [2, 40] {
            let mut bench = TestNode::new();
            is_full(&mut bench, peer);
            for value in 2..=last {
                bench.command(&["PUBLISH", "k", &value.to_string()]);
                pass_refusing(&mut bench, 100);
            }
            bench.told();
            pass_refusing(&mut bench, 60_000);
            assert!(bench.told().is_empty());
            bench.pass(1000);
            let due = format!("PUBLISH k={last}");
            assert!(bench.sent().iter().any(|line| line.ends_with(&due)), "it is told in the end");
        }
    }
}

#[test]
fn nor_does_it_where_the_owner_has_unpublished_the_value_meanwhile() {
    for peer in [mute_server, client] {
        let mut bench = TestNode::new();
        is_full(&mut bench, peer);
        bench.command(&["UNPUBLISH", "k"]);
        bench.command(&["PUBLISH", "k", "2"]);
        bench.told();
        pass_refusing(&mut bench, 60_000);
        assert!(bench.told().is_empty());
    }
}

#[test]
fn its_echoes_of_what_it_was_sent_before_are_not_believed_however_long_it_is_full() {
    let mut bench = TestNode::new();
    is_full(&mut bench, client);
    bench.command(&["PUBLISH", "k", "2"]);
    bench.refuse();
    bench.told();
    for _ in 0..60 {
        bench.client_says("c", &publish("k", "1"));
        pass_refusing(&mut bench, 1000);
    }
    assert!(bench.told().is_empty());
    bench.client_says("c", &publish("k", "new"));
    assert_eq!(bench.told(), ["DELIVER k=new"], "but what nobody has seen before is");
}

#[test]
fn a_hold_down_that_began_before_ends_with_nothing() {
    let mut bench = TestNode::new();
    holds_the_first(&mut bench, client);
    bench.pass(5000);
    bench.command(&["PUBLISH", "k", "2"]);
    bench.pass(5000);
    bench.client_says("c", &publish("k", "1"));
    bench.command(&["PUBLISH", "large", "value"]);
    bench.refuse();
    bench.command(&["PUBLISH", "k", "3"]);
    bench.told();
    pass_refusing(&mut bench, 60_000);
    assert!(bench.told().is_empty());
}

#[test]
fn a_value_that_was_unpublished_and_replaced_is_not_taken_for_a_new_one() {
    let mut bench = TestNode::new();
    holds_the_first(&mut bench, client);
    bench.pass(5000);
    bench.command(&["UNPUBLISH", "k"]);
    bench.command(&["PUBLISH", "k", "2"]);
    bench.pass(5000);
    bench.told();
    bench.client_says("c", &publish("k", "1"));
    assert!(bench.told().is_empty(), "a late echo is held down like any other");
}
