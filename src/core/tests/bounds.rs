//! What a peer makes a node do and send is bounded, however it goes about it, and those who mean well are served.

use super::*;
use crate::wire::{Caps, Extension, Stamp, Summary};

/// A node that holds so many tuples.
fn filled(tuples: usize, value: &str) -> TestNode {
    let mut bench = TestNode::new();
    for number in 0..tuples {
        bench.command(&["PUBLISH", &format!("k{number}"), value]);
    }
    bench.told();
    bench.outputs();
    bench
}

/// Tuples and HELLOs, PONGs and so on sent since the last look.
fn count(bench: &mut TestNode) -> (usize, usize) {
    let sent = bench.sent();
    let tuples = sent.iter().filter(|line| line.contains(" PUBLISH ")).count();
    (tuples, sent.len() - tuples)
}

fn asking(cells: u16) -> Vec<u8> {
    let mut frame = signal(MessageType::Ping).to_vec();
    Extension { ask: Some(cells), ..Extension::default() }.write(&mut frame);
    frame
}

/// HELLO, or the welcome, of a native peer that can ask for sketches or be asked for them.
fn sketching(id: MessageType) -> Vec<u8> {
    let mut frame = signal(id).to_vec();
    let caps =
        Some(Caps { node: 77, greeting: id == MessageType::Pong, sketches: true, time: None });
    let summary = Some(Summary { count: 1000, digest: 1 });
    Extension { caps, summary, ..Extension::default() }.write(&mut frame);
    frame
}

#[test]
fn the_set_is_told_ever_more_seldom_whatever_sessions_a_client_makes_of_it() {
    let czmq_hello = signal(MessageType::Hello).to_vec();
    for hello in [hello(), czmq_hello] {
        for end in [MessageType::Pong, MessageType::Invalid] {
            let mut bench = filled(1000, "v");
            for _ in 0..10_000 {
                bench.client_says("c", &hello);
                bench.client_says("c", &signal(MessageType::Ping));
                bench.client_says("c", &signal(end));
                bench.pass(1);
            }
            let (tuples, _) = count(&mut bench);
            assert!(tuples <= 8 * 1000, "{tuples} tuples in ten seconds");
            bench.pass(60_000);
            bench.client_says("c", &hello);
            bench.pass(100);
            assert_eq!(count(&mut bench).0, 1000, "it has mended its ways");
        }
    }
}

#[test]
fn a_client_that_comes_back_is_told_everything_at_once() {
    for again in ["c", "another"] {
        let mut bench = filled(10, "v");
        bench.client_says("c", &hello());
        bench.pass(1);
        assert_eq!(count(&mut bench).0, 10);
        bench.pass(300);
        bench.client_says(again, &signal(MessageType::Pong));
        bench.client_says(again, &hello());
        bench.pass(1);
        assert_eq!(count(&mut bench).0, 10);
    }
}

#[test]
fn a_client_that_does_not_read_is_tried_with_one_pong_at_a_time_and_owed_none_the_less() {
    let mut bench = filled(1, "v");
    bench.client_says("c", &signal(MessageType::Hello));
    bench.pass(1000);
    bench.outputs();
    // As the driver does: what goes out, or does not, before the next input.
    let carry_out = |bench: &mut TestNode, reads: bool| {
        let mut tried = 0;
        for output in bench.outputs() {
            if let Output::Send { link, frame: Frame::Signal(id, _) } = output {
                tried += 1;
                if !reads {
                    bench.input(Input::Blocked { link, unsent: Unsent::Signal(id) });
                }
            }
        }
        tried
    };
    let pass = |bench: &mut TestNode, reads: bool| {
        bench.now += 1;
        let mut tried = 0;
        while bench.node.next_deadline().is_some_and(|due| due <= bench.now) {
            bench.input(Input::Tick);
            tried += carry_out(bench, reads);
        }
        tried
    };
    for _ in 0..2000 {
        bench.client_says("c", &signal(MessageType::Ping));
        carry_out(&mut bench, false);
    }
    let tries: usize = (0..10_000).map(|_| pass(&mut bench, false)).sum();
    assert!(tries <= 150, "{tries} PONGs were tried in ten seconds");
    let answered: usize = (0..200).map(|_| pass(&mut bench, true)).sum();
    assert_eq!(answered, 2000, "the k-th PONG answers the k-th PING");
}

#[test]
fn a_ping_makes_nobody_else_told() {
    let mut bench = filled(5000, "v");
    bench.join("behind");
    count(&mut bench);
    bench.join("pings");
    count(&mut bench);
    for _ in 0..100 {
        bench.client_says("pings", &signal(MessageType::Ping));
    }
    assert_eq!(count(&mut bench).0, 0);
    bench.pass(10);
    assert!(count(&mut bench).0 > 0);
}

#[test]
fn all_that_are_catching_up_share_what_is_sent_in_one_turn() {
    let mut bench = filled(1000, "v");
    for number in 0..1000 {
        bench.client_says(&format!("c{number}"), &hello());
    }
    let (tuples, _) = count(&mut bench);
    assert!(tuples <= 2000, "{tuples} tuples before anybody else had a turn");
    let (mut rounds, mut total) = (0, tuples);
    while bench.node.next_deadline().is_some_and(|due| due <= bench.now) {
        bench.input(Input::Tick);
        let (tuples, _) = count(&mut bench);
        assert!(tuples <= 2000, "{tuples} tuples in one turn");
        (rounds, total) = (rounds + 1, total + tuples);
    }
    assert_eq!(total, 1_000_000);
    assert!(rounds <= 1000, "{rounds} turns");
}

#[test]
fn a_turn_is_so_many_bytes() {
    let mut bench = filled(100, &"v".repeat(100_000));
    bench.client_says("c", &hello());
    let (first, _) = count(&mut bench);
    assert!((1..=11).contains(&first), "{first} tuples of 100 kB in one turn");
    bench.pass(10);
    assert_eq!(count(&mut bench).0, 100 - first);
}

#[test]
fn a_tuple_without_stamp_is_answered_once_for_each_key_and_not_at_will() {
    let mut bench = filled(100, "held");
    bench.join("c");
    bench.pass(100);
    bench.outputs();
    for _ in 0..100 {
        bench.client_says("c", &publish("k7", "older"));
    }
    bench.pass(10);
    let (answers, _) = count(&mut bench);
    assert!((1..=8).contains(&answers), "{answers} answers to what was said a hundred times");
    for _ in 0..10_000 {
        bench.client_says("c", &publish("k7", "older"));
        bench.pass(1);
    }
    let (answers, _) = count(&mut bench);
    assert!(answers <= 20, "{answers} answers in ten seconds");
    bench.command(&["PUBLISH", "k8", "new"]);
    bench.pass(20_000);
    assert!(bench.sent().contains(&"client:c PUBLISH k8=new".to_string()));
}

#[test]
fn a_native_peer_that_says_its_set_without_stamps_is_answered_for_each_key() {
    let mut bench = filled(1000, "held");
    bench.join("c");
    bench.pass(100);
    bench.outputs();
    for number in 0..1000 {
        bench.client_says("c", &publish(&format!("k{number}"), "older"));
    }
    bench.pass(200);
    let mut sent = bench.sent();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 1000);
}

#[test]
fn a_server_for_which_too_many_bytes_wait_is_a_cursor() {
    let mut bench = TestNode::new();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.server_says(server, &sketching(MessageType::Pong));
    bench.server_says(server, &signal(MessageType::Pong));
    bench.pass(10_000);
    bench.outputs();
    bench.command(&["PUBLISH", "a", "1"]);
    assert_eq!(bench.refuse(), 1, "one tuple was sent");
    for number in 2..1000 {
        bench.command(&["PUBLISH", "a", &number.to_string()]);
    }
    assert_eq!(count(&mut bench).0, 0, "nothing is queued for a server that is full");
    bench.pass(200);
    let sent = bench.sent();
    assert_eq!(sent, ["server:0 PUBLISH a=999"]);
}

/// Whatever a server says, in an order that makes us greet it again and again.
#[test]
fn a_server_cannot_have_the_set_at_will() {
    let tricks: [&[MessageType]; 3] = [
        &[MessageType::Invalid, MessageType::Pong, MessageType::Pong],
        &[MessageType::Pong, MessageType::Invalid],
        &[MessageType::Invalid, MessageType::Invalid, MessageType::Pong],
    ];
    for (trick, welcome) in tricks.into_iter().flat_map(|trick| [(trick, false), (trick, true)]) {
        let mut bench = filled(1000, "v");
        let server = bench.connected("tcp://127.0.0.1:1");
        bench.outputs();
        let (mut tuples, mut others) = (0, 0);
        for _ in 0..60_000 {
            if welcome {
                bench.server_says(server, &sketching(MessageType::Pong));
            }
            trick.iter().for_each(|id| bench.server_says(server, &signal(*id)));
            bench.pass(1);
            let (more, other) = count(&mut bench);
            (tuples, others) = (tuples + more, others + other);
        }
        assert!(tuples <= 25 * 1000, "{trick:?}: {tuples} tuples in a minute");
        assert!(others <= 5000, "{trick:?}: {others} other messages in a minute");
    }
}

#[test]
fn a_server_that_takes_connection_after_connection_cannot_have_the_set_by_each() {
    let mut bench = filled(1000, "v");
    let server = bench.connected("tcp://127.0.0.1:1");
    for _ in 0..600 {
        bench.server_says(server, &signal(MessageType::Pong));
        bench.pass(100);
        bench.input(Input::ServerDown(server));
        bench.input(Input::ServerUp(server));
    }
    let (tuples, _) = count(&mut bench);
    assert!(tuples <= 25 * 1000, "{tuples} tuples in a minute");
    bench.pass(11_000);
    assert_eq!(count(&mut bench).0, 1000, "it stays, and is told");
}

#[test]
fn each_new_connection_is_greeted_at_once() {
    let mut bench = filled(10, "v");
    let server = bench.connected("tcp://127.0.0.1:1");
    for _ in 0..1000 {
        bench.server_says(server, &signal(MessageType::Pong));
        bench.pass(1);
        bench.input(Input::ServerDown(server));
        bench.outputs();
        bench.input(Input::ServerUp(server));
        assert_eq!(bench.sent(), ["server:0 HELLO", "server:0 PING"]);
    }
}

#[test]
fn sketches_have_a_share_of_the_nodes_time_and_who_asks_waits_for_it() {
    let mut bench = TestNode::new();
    for number in 0..100_000_u64 {
        let stamp = Stamp { clock: 1, origin: 1 << 63 };
        let key = format!("k{number}");
        let tuples = &mut bench.node.replica.tuples;
        assert!(tuples.offer(key.as_bytes(), b"v", stamp, 0).is_ok());
    }
    let mut hello = signal(MessageType::Hello).to_vec();
    let caps = Some(Caps { node: 77, greeting: false, sketches: true, time: None });
    let summary = Some(Summary { count: 100_000, digest: 1 });
    Extension { caps, summary, ..Extension::default() }.write(&mut hello);
    for number in 0..20 {
        bench.client_says(&format!("c{number}"), &hello);
    }
    bench.outputs();
    let sketches = |bench: &mut TestNode| {
        let is_one = |output: &Output| {
            matches!(output, Output::Send { frame: Frame::Signal(_, Some(extension)), .. }
                if extension.sketch.is_some())
        };
        bench.outputs().iter().filter(|output| is_one(output)).count()
    };
    for number in 0..20 {
        bench.client_says(&format!("c{number}"), &asking(64));
    }
    let at_once = sketches(&mut bench);
    assert!((1..=3).contains(&at_once), "{at_once} looks at the whole set at once");
    bench.pass(2000);
    assert_eq!(at_once + sketches(&mut bench), 20, "all are served");
    // One that asks for ever more.
    for _ in 0..2000 {
        (1..=1024).for_each(|cells| bench.client_says("c0", &asking(4 * cells)));
        bench.pass(1);
    }
    let at_will = sketches(&mut bench);
    assert!(at_will <= 40, "{at_will} sketches in two seconds");
}
