use super::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A machine under load may take its time, but not for ever.
const LIMIT: Option<Duration> = Some(Duration::from_secs(30));

fn node() -> Node {
    Node::new("node").unwrap()
}

fn tuples(node: &Node) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(Event::Tuple(tuple)) = node.recv(Some(Duration::ZERO)).unwrap() {
        told.push(tuple.to_string());
    }
    told
}

fn wait_for(condition: impl Fn() -> bool) {
    let end = Instant::now() + LIMIT.unwrap();
    while !condition() {
        assert!(Instant::now() < end);
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn calls_are_carried_out_in_their_order_and_their_events_are_there() {
    let node = node();
    node.publish("a", "1").unwrap();
    node.publish("b", "2").unwrap();
    node.publish("a", "3").unwrap();
    assert_eq!(node.size().unwrap(), 2);
    assert_eq!(tuples(&node), ["a=1", "b=2", "a=3"]);
    node.unpublish("b").unwrap();
    assert_eq!(node.get("b").unwrap(), None);
    assert_eq!(node.snapshot().unwrap()[0].to_string(), "a=3");
}

#[test]
fn a_refusal_comes_back_with_its_reason_and_is_no_line_of_the_log() {
    let node = Node::with_options(b"node", &Options { log: Log::Events, verbose: false }).unwrap();
    let error = node.set("server/timeout", "-1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.text(), "SET refused: server/timeout = '-1' is negative");
    assert_eq!(node.load("/nowhere").unwrap_err().kind(), ErrorKind::Refused);
    // The refusal belongs to its call, not to the next one.
    node.set("server/timeout", "1").unwrap();
    assert_eq!(node.recv(Some(Duration::ZERO)).unwrap(), None);
}

#[test]
fn what_would_be_cut_is_refused() {
    let node = node();
    for (key, value) in [("k\0", "v"), ("k", "\0v"), (&"k".repeat(256)[..], "v")] {
        assert_eq!(node.publish(key, value).unwrap_err().kind(), ErrorKind::BadArgument);
    }
    assert_eq!(node.bind("tcp://127.0.0.1:*\0").unwrap_err().kind(), ErrorKind::BadArgument);
    assert_eq!(node.size().unwrap(), 0);
}

#[test]
fn a_value_is_followed_by_a_nul_for_c() {
    let node = node();
    for value in ["value".to_string(), "v".repeat(1000)] {
        node.publish("key", &value).unwrap();
        let tuple = node.get("key").unwrap().unwrap();
        assert_eq!(tuple.value_and_nul(), (value + "\0").as_bytes());
    }
}

#[test]
fn of_events_that_nobody_takes_the_latest_of_each_tuple_waits() {
    let node = node();
    for round in 0..10_000 {
        node.publish("a", round.to_string()).unwrap();
        node.publish("b", round.to_string()).unwrap();
    }
    assert_eq!(node.size().unwrap(), 2);
    let told = tuples(&node);
    assert!((2_000..2_100).contains(&told.len()), "{}", told.len());
    assert_eq!(told[told.len() - 2..], ["a=9999", "b=9999"]);
}

#[test]
fn who_waits_for_an_event_is_told_of_the_end() {
    let node = node();
    let waits = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            waits.store(true, Ordering::Release);
            node.recv(None).unwrap_err().kind()
        });
        wait_for(|| waits.load(Ordering::Acquire));
        node.close();
        assert_eq!(waiter.join().unwrap(), ErrorKind::Ended);
    });
    assert_eq!(node.size().unwrap_err().kind(), ErrorKind::Ended);
    assert_eq!(node.publish("a", "1").unwrap_err().kind(), ErrorKind::Ended);
    node.close();
}

#[test]
fn what_waited_before_the_end_can_still_be_taken() {
    let node = node();
    node.publish("a", "1").unwrap();
    node.close();
    assert!(matches!(node.recv(LIMIT).unwrap(), Some(Event::Tuple(_))));
    assert_eq!(node.recv(LIMIT).unwrap_err().kind(), ErrorKind::Ended);
}

#[test]
fn one_event_goes_to_one_of_those_who_wait() {
    let node = node();
    std::thread::scope(|scope| {
        let waiters: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut told = 0;
                    while let Ok(Some(Event::Tuple(tuple))) = node.recv(LIMIT) {
                        if tuple.key() == b"end" {
                            break;
                        }
                        told += 1;
                    }
                    told
                })
            })
            .collect();
        (0..1000).for_each(|number| node.publish(number.to_string(), "v").unwrap());
        // A new value for each of those who wait.
        for number in 0..4 {
            node.publish("end", number.to_string()).unwrap();
        }
        let told: usize = waiters.into_iter().map(|waiter| waiter.join().unwrap()).sum();
        assert_eq!(told, 1000);
    });
}

#[test]
fn keys_are_set_both_or_none() {
    let bound = node();
    let (public, secret) = new_keys().unwrap();
    assert_eq!(bound.set_keys(&public, "short").unwrap_err().kind(), ErrorKind::BadArgument);
    assert!(bound.bind("tcp://127.0.0.1:!").is_ok());
    assert_eq!(bound.set_keys(&public, &secret).unwrap_err().kind(), ErrorKind::Refused);
    let node = node();
    node.set_keys(&public, &secret).unwrap();
    assert_eq!(node.connect("tcp://127.0.0.1:1").unwrap_err().kind(), ErrorKind::Refused);
    node.connect_with_key("tcp://127.0.0.1:1", &public).unwrap();
}
