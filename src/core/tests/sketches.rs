//! Sets that differ a little, in most, or because a tuple was lost.

use super::network::Network;
use super::*;
use crate::wire::{Caps, Extension, Sketch, Stamp, Summary};

/// Two nodes that hold so many tuples alike.
fn alike(count: usize) -> Network {
    alike_with(count, Sketching::default())
}

fn alike_with(count: usize, sketching: Sketching) -> Network {
    let mut network = Network::with(2, sketching);
    for node in 0..2 {
        (0..count).for_each(|number| put(&mut network, node, number, "tcp://192.168.0.1:49152", 1));
    }
    network
}

/// Put a tuple into a node's set, without telling anybody.
fn put(network: &mut Network, node: usize, number: usize, value: &str, clock: u64) {
    let (key, stamp) = (format!("service/{number}"), Stamp { clock, origin: 1 << 63 });
    let tuples = &mut network.benches[node].node.replica.tuples;
    assert!(tuples.offer(key.as_bytes(), value.as_bytes(), stamp, 0).is_ok());
}

fn assert_equal(network: &Network) {
    let summary = |node: usize| network.benches[node].node.replica.tuples.summary();
    assert_eq!(summary(0), summary(1));
}

#[test]
fn a_hundred_thousand_equal_tuples_are_worth_less_than_200_bytes() {
    let mut network = alike(100_000);
    network.link(0, 1);
    assert_equal(&network);
    assert_eq!(network.tuples, 0);
    assert!(network.bytes.iter().all(|bytes| *bytes <= 200), "{:?}", network.bytes);
}

#[test]
fn ten_of_a_hundred_thousand_are_found_for_less_than_4_kb() {
    for of_client in [0, 5, 10] {
        let mut network = alike(100_000);
        for number in 0..10 {
            put(&mut network, usize::from(number >= of_client), number * 7919, "new", 2);
        }
        network.link(0, 1);
        assert_equal(&network);
        // Of a changed tuple both versions are in the sketch. The server's old one is not told where the
        // client's new one has come first.
        assert_eq!(network.tuples, 20 - of_client);
        assert!(network.bytes.iter().all(|bytes| *bytes <= 4000), "{:?}", network.bytes);
    }
}

#[test]
fn more_than_the_first_sketch_tells_is_asked_for_again() {
    for (changed, most) in [(100, 12_000), (1000, 110_000)] {
        let mut network = alike(20_000);
        (0..changed).for_each(|number| put(&mut network, number % 2, number * 13, "new", 2));
        network.link(0, 1);
        network.pass(100);
        assert_equal(&network);
        assert!((changed..=2 * changed).contains(&network.tuples), "{}", network.tuples);
        assert!(network.bytes.iter().sum::<usize>() <= most, "{:?}", network.bytes);
    }
}

#[test]
fn new_tuples_of_one_side_are_found_like_changed_ones() {
    let mut network = alike(2000);
    (0..300).for_each(|number| put(&mut network, 1, 5000 + number, "new", 2));
    network.link(0, 1);
    assert_equal(&network);
    assert_eq!(network.tuples, 300);
}

#[test]
fn sets_that_differ_in_most_are_said_whole() {
    let mut network = alike(1000);
    (0..900).for_each(|number| put(&mut network, number % 2, number, "new", 2));
    network.link(0, 1);
    (0..10).for_each(|_| network.pass(100));
    assert_equal(&network);
    let mut network = alike(1000);
    (0..900).for_each(|number| put(&mut network, 1, 5000 + number, "new", 2));
    network.link(0, 1);
    (0..10).for_each(|_| network.pass(100));
    assert_equal(&network);
    assert_eq!(network.tuples, 1900 + 1000, "what came from there does not go back");
}

#[test]
fn a_lost_tuple_is_found_at_the_second_heartbeat_and_said_alone() {
    for loser in 0..2 {
        let mut network = alike(1000);
        network.link(0, 1);
        network.benches[1 - loser].command(&["PUBLISH", "lost", "1"]);
        assert!(matches!(network.take(), Some((.., Frame::Tuple { .. }))));
        network.pass(1500);
        assert_eq!(network.tuples, 0);
        network.pass(1500);
        assert_equal(&network);
        assert_eq!(network.tuples, 1);
        network.pass(15_000);
        assert_eq!(network.tuples, 1);
    }
}

/// Whatever is published meanwhile, and at whatever step.
#[test]
fn nothing_is_lost_while_two_nodes_find_out() {
    for (cells, step) in
        [4, 8, 64].into_iter().flat_map(|cells| (0..14).map(move |step| (cells, step)))
    {
        let mut network = alike_with(200, Sketching { from: 0, cells });
        (0..6).for_each(|number| put(&mut network, number % 2, number, "new", 2));
        network.connect(0, 1);
        for _ in 0..step {
            network.step();
        }
        for node in 0..2 {
            network.benches[node].command(&["PUBLISH", &format!("late/{node}"), "1"]);
            network.benches[node].command(&["PUBLISH", &format!("service/{node}"), "later"]);
        }
        network.run();
        assert_equal(&network);
        assert_eq!(network.value(0, "service/1"), Some(&b"later"[..]));
    }
}

fn frame(id: MessageType, extension: Extension) -> Vec<u8> {
    let mut bytes = encode_signal(id).to_vec();
    extension.write(&mut bytes);
    bytes
}

/// HELLO, or the answer to it, of a peer that holds a thousand other tuples.
fn greeting(id: MessageType, sketches: bool) -> Vec<u8> {
    let caps = Some(Caps { node: 9, greeting: id == MessageType::Pong, sketches, time: None });
    let summary = Some(Summary { count: 1000, digest: 9 });
    frame(id, Extension { caps, summary, ..Extension::default() })
}

fn asking(cells: u16) -> Vec<u8> {
    frame(MessageType::Ping, Extension { ask: Some(cells), ..Extension::default() })
}

fn filled() -> TestNode {
    let mut network = alike(1000);
    network.benches.remove(0)
}

/// How many cells the sketches had that were sent since the last call, and how many tuples were sent.
fn sketches(bench: &mut TestNode) -> (Vec<usize>, usize) {
    let (mut cells, mut tuples) = (Vec::new(), 0);
    for output in bench.outputs() {
        match output {
            Output::Send { frame: Frame::Signal(_, Some(extension)), .. } => {
                cells.extend(extension.sketch.map(|sketch| sketch.len()));
            }
            Output::Send { frame: Frame::Tuple { .. }, .. } => tuples += 1,
            _ => {}
        }
    }
    (cells, tuples)
}

#[test]
fn a_client_that_knows_no_sketches_is_told_everything() {
    let mut bench = filled();
    bench.client_says("old", &greeting(MessageType::Hello, false));
    bench.pass(100);
    assert_eq!(sketches(&mut bench), (vec![], 1000));
    bench.client_says("new", &greeting(MessageType::Hello, true));
    bench.pass(100);
    assert_eq!(sketches(&mut bench), (vec![], 0), "this one has to ask");
    bench.client_says("new", &asking(64));
    assert_eq!(sketches(&mut bench), (vec![64], 0));
}

#[test]
fn a_server_that_knows_no_sketches_is_told_everything() {
    let mut bench = filled();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.server_says(server, &greeting(MessageType::Pong, false));
    assert_eq!(sketches(&mut bench), (vec![], 0), "its own set comes first");
    bench.server_says(server, &signal(MessageType::Pong));
    bench.pass(100);
    assert_eq!(sketches(&mut bench), (vec![], 1000));
}

#[test]
fn a_client_cannot_have_sketches_and_tuples_at_will() {
    let mut bench = filled();
    bench.client_says("c", &asking(64));
    assert_eq!(sketches(&mut bench), (vec![], 0), "it has not said HELLO");
    bench.client_says("c", &greeting(MessageType::Hello, true));
    for cells in [0, 4096, 65_535] {
        bench.client_says("c", &asking(cells));
    }
    assert_eq!(sketches(&mut bench), (vec![], 0), "none, and more than half as many as tuples");
    for _ in 0..1000 {
        [64, 64, 128, 100].into_iter().for_each(|cells| bench.client_says("c", &asking(cells)));
        bench.pass(1);
    }
    let (cells, tuples) = sketches(&mut bench);
    assert!(cells.len() <= 6 && tuples == 0, "{cells:?}");
    let mut all = Sketch::new(1, 4096);
    bench.node.replica.tuples.sketch(&mut all);
    let wants = all.decode().expect("a thousand ids");
    for _ in 0..10 {
        bench.client_says(
            "c",
            &frame(MessageType::Ping, Extension { wants: wants.clone(), ..Extension::default() }),
        );
        bench.pass(10);
    }
    assert_eq!(sketches(&mut bench), (vec![], 1000), "once for a sketch");
}

/// The node as a client asks a server that gives bad answers only.
#[test]
fn a_server_that_sends_nonsense_is_asked_a_few_times_and_then_told_everything() {
    let mut bench = filled();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.server_says(server, &greeting(MessageType::Pong, true));
    let (mut asked, mut hellos, mut tuples) = (Vec::new(), 0, 0);
    for round in 0..20 {
        let mut answers = Vec::new();
        for output in bench.outputs() {
            let Output::Send { frame: sent, .. } = output else { continue };
            match sent {
                Frame::Signal(MessageType::Hello, _) => {
                    hellos += 1;
                    answers.push(greeting(MessageType::Pong, true));
                }
                Frame::Signal(MessageType::Ping, extension) => {
                    let ask = extension.and_then(|extension| extension.ask).map(usize::from);
                    asked.extend(ask);
                    let sketch = ask.map(|cells| {
                        let mut sketch = Sketch::new(round, cells);
                        for id in 0..100_000 {
                            sketch.toggle(id * 77_777 + round);
                        }
                        sketch
                    });
                    answers.push(frame(
                        MessageType::Pong,
                        Extension { sketch, ..Extension::default() },
                    ));
                }
                Frame::Tuple { .. } => tuples += 1,
                _ => {}
            }
        }
        answers.iter().for_each(|answer| bench.server_says(server, answer));
        bench.pass(10);
    }
    assert_eq!((asked, hellos, tuples), (vec![64, 256], 2, 1000));
}

#[test]
fn a_sketch_that_nobody_asked_for_is_not_looked_at() {
    let mut bench = filled();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.server_says(server, &greeting(MessageType::Pong, true));
    bench.outputs();
    let answer = |cells| {
        let sketch = Some(Sketch::new(1, cells));
        frame(MessageType::Pong, Extension { sketch, ..Extension::default() })
    };
    bench.server_says(server, &answer(128));
    assert_eq!(sketches(&mut bench), (vec![], 0), "not the number of cells");
    let mut bench = filled();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.server_says(server, &answer(64));
    bench.pass(100);
    assert_eq!(sketches(&mut bench).1, 1000, "taken for a CZMQ peer, which sends bare PONGs");
}

#[test]
fn a_server_that_never_agrees_is_greeted_ever_more_rarely() {
    let mut bench = filled();
    let server = bench.connected("tcp://127.0.0.1:1");
    bench.server_says(server, &greeting(MessageType::Pong, false));
    let mut hellos = 0;
    for _ in 0..12_000 {
        for line in bench.sent() {
            if line.ends_with("HELLO") {
                hellos += 1;
                bench.server_says(server, &greeting(MessageType::Pong, false));
            } else if line.ends_with("PING") {
                let summary = Some(Summary { count: 1000, digest: 9 });
                bench.server_says(
                    server,
                    &frame(MessageType::Pong, Extension { summary, ..Extension::default() }),
                );
            }
        }
        bench.pass(300);
    }
    assert!((10..80).contains(&hellos), "{hellos} in an hour");
}

#[test]
fn a_server_is_joined_when_what_was_asked_for_is_there() {
    let mut network = alike(1000);
    put(&mut network, 1, 5, "new", 2);
    network.link(0, 1);
    assert_eq!(network.benches[0].told(), ["DELIVER service/5=new", "JOINED inproc://0-1"]);
    let mut network = alike(1000);
    put(&mut network, 0, 5, "new", 2);
    network.link(0, 1);
    assert_eq!(network.benches[0].told(), ["JOINED inproc://0-1"], "nothing was asked for");
}
