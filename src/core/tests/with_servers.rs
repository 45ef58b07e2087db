use super::*;

const SERVER: &str = "tcp://127.0.0.1:5670";

#[test]
fn a_connection_begins_with_hello_and_ping_and_tuples_follow_the_pong() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "v"]);
    let server = bench.connected(SERVER);
    assert_eq!(bench.sent(), ["server:0 HELLO", "server:0 PING"]);
    bench.server_says(server, &publish("theirs", "1"));
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(
        bench.sent(),
        ["server:0 PUBLISH k=v", "server:0 PING"],
        "what came from there stays here"
    );
}

#[test]
fn a_server_that_does_not_answer_ping_gets_the_tuples_all_the_same() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "k", "v"]);
    bench.connected(SERVER);
    bench.outputs();
    bench.pass(499);
    assert!(bench.sent().is_empty());
    bench.pass(1);
    assert_eq!(bench.sent(), ["server:0 PUBLISH k=v"]);
}

#[test]
fn connecting_twice_does_nothing_the_second_time() {
    let mut bench = TestNode::new();
    bench.connected(SERVER);
    bench.outputs();
    bench.command(&["CONNECT", SERVER]);
    assert!(bench.outputs().is_empty());
}

#[test]
fn a_bad_endpoint_is_named_once_and_forgotten() {
    let mut bench = TestNode::new();
    bench.command(&["CONNECT", "tcp://bogus:1"]);
    let Some(Output::Connect { server, .. }) = bench.outputs().pop() else { panic!("no Connect") };
    bench.input(Input::ConnectFailed { server, reason: "Invalid argument" });
    assert_eq!(bench.logged(), ["bad zgossip endpoint 'tcp://bogus:1' (Invalid argument)"]);
    assert_eq!(bench.node.replica.peers.servers().iter().count(), 0);
}

#[test]
fn an_idle_link_is_kept_alive_by_pings() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.outputs();
    bench.pass(3000);
    let sent = bench.sent();
    assert_eq!(sent.len(), 10, "one each 300 ms");
    assert!(sent.iter().all(|line| line == "server:0 PING"));
}

#[test]
fn a_reconnection_says_hello_and_everything_again() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.command(&["PUBLISH", "k", "v"]);
    bench.input(Input::ServerDown(server));
    bench.outputs();
    bench.command(&["PUBLISH", "while-down", "v"]);
    bench.pass(10_000);
    assert!(bench.sent().is_empty(), "nothing is sent to a server that is not there");
    bench.input(Input::ServerUp(server));
    assert_eq!(bench.sent(), ["server:0 HELLO", "server:0 PING"]);
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(
        bench.sent(),
        ["server:0 PUBLISH k=v", "server:0 PUBLISH while-down=v", "server:0 PING"]
    );
}

/// A server has forgotten us. There is a PING before HELLO, so that all INVALIDs have come by then.
#[test]
fn many_invalids_cause_one_resynchronisation() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.outputs();
    for number in 0..200 {
        bench.command(&["PUBLISH", &format!("k{number}"), "v"]);
    }
    bench.outputs();
    for _ in 0..200 {
        bench.server_says(server, &signal(MessageType::Invalid));
    }
    assert_eq!(bench.sent(), ["server:0 PING"]);
    // The first one answers the PING behind the tuples.
    bench.server_says(server, &signal(MessageType::Pong));
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(bench.sent(), ["server:0 HELLO", "server:0 PING"]);
    bench.server_says(server, &signal(MessageType::Pong));
    let sent = bench.sent();
    let tuples = sent.iter().filter(|line| line.contains("PUBLISH")).count();
    assert_eq!(tuples, 200, "what the server threw away is sent again, once");
}

#[test]
fn a_hello_that_ended_a_living_session_is_said_again() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Invalid));
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(
        bench.sent(),
        ["server:0 HELLO", "server:0 PING", "server:0 HELLO", "server:0 PING"]
    );
    bench.command(&["PUBLISH", "k", "v"]);
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(bench.sent(), ["server:0 PUBLISH k=v", "server:0 PING"]);
}

#[test]
fn a_server_that_forgets_us_is_pinged_more_often() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    let answer_all = |bench: &mut TestNode| {
        for _ in 0..100 {
            bench.server_says(server, &signal(MessageType::Pong));
        }
    };
    for _ in 0..2 {
        answer_all(&mut bench);
        bench.server_says(server, &signal(MessageType::Invalid));
        answer_all(&mut bench);
        bench.pass(600);
    }
    answer_all(&mut bench);
    bench.outputs();
    bench.pass(750);
    assert_eq!(bench.sent().len(), 10, "one each 75 ms");
}

#[test]
fn a_server_that_says_invalid_again_and_again_does_not_get_the_set_each_time() {
    let mut bench = TestNode::new();
    for number in 0..100 {
        bench.command(&["PUBLISH", &format!("k{number}"), "v"]);
    }
    let server = bench.connected(SERVER);
    let mut tuples = 0;
    for _ in 0..1000 {
        bench.server_says(server, &signal(MessageType::Pong));
        bench.server_says(server, &signal(MessageType::Invalid));
        bench.pass(1);
        tuples += bench.sent().iter().filter(|line| line.contains("PUBLISH")).count();
    }
    assert!(tuples <= 400, "{tuples} in a second");
}

#[test]
fn a_node_that_was_held_up_makes_sure_of_its_session() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.outputs();
    bench.now += 5000;
    bench.input(Input::Tick);
    assert_eq!(bench.sent(), ["server:0 PING"]);
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(bench.sent(), ["server:0 HELLO", "server:0 PING"]);
}

#[test]
fn a_server_that_stops_reading_costs_a_bounded_queue() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.outputs();
    for number in 0..50_000 {
        bench.command(&["PUBLISH", &format!("k{number}"), "v"]);
    }
    let tuples = |sent: Vec<String>| sent.iter().filter(|line| line.contains("PUBLISH")).count();
    let first = tuples(bench.sent());
    assert_eq!(first, 20_000);
    // It reads again, and answers its PINGs.
    let mut total = first;
    for _ in 0..200 {
        bench.server_says(server, &signal(MessageType::Pong));
        bench.pass(1);
        total += tuples(bench.sent());
    }
    assert_eq!(total, 50_000);
}

#[test]
fn hello_ping_and_malformed_messages_from_a_server_change_nothing() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.outputs();
    bench.server_says(server, &signal(MessageType::Hello));
    bench.server_says(server, &signal(MessageType::Ping));
    bench.server_says(server, b"HTTP/1.1 400 Bad Request");
    bench.server_says(server, b"");
    let logged = bench.logged();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0].contains(SERVER));
    bench.told();
    bench.server_says(server, &publish("k", "v"));
    assert_eq!(bench.told(), ["DELIVER k=v"]);
}

#[test]
fn disconnect_closes_the_link_and_keeps_what_came_by_it() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.told();
    bench.server_says(server, &publish("k", "v"));
    bench.outputs();
    bench.command(&["DISCONNECT", SERVER]);
    assert_eq!(bench.outputs(), [Output::Disconnect { server }]);
    bench.command(&["PUBLISH", "later", "1"]);
    bench.pass(3000);
    assert!(bench.sent().is_empty());
    bench.command(&["STATUS"]);
    assert_eq!(bench.told(), ["DELIVER k=v", "DELIVER later=1", "STATUS 2"]);
}

#[test]
fn disconnect_from_where_nobody_connected_gives_one_line() {
    let mut bench = TestNode::new();
    bench.command(&["DISCONNECT", SERVER]);
    let line = format!("DISCONNECT from '{SERVER}' refused: this node is not connected to it");
    assert_eq!(bench.logged(), [line]);
}

#[test]
fn the_owner_is_told_once_for_each_connection_that_what_the_server_held_is_here() {
    let mut bench = TestNode::new();
    let server = bench.connected(SERVER);
    bench.server_says(server, &publish("k", "v"));
    assert!(!bench.told().contains(&format!("JOINED {SERVER}")));
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(bench.told(), ["DELIVER k=v".to_string(), format!("JOINED {SERVER}")]);
    bench.server_says(server, &signal(MessageType::Invalid));
    bench.pass(2000);
    bench.server_says(server, &signal(MessageType::Pong));
    bench.server_says(server, &signal(MessageType::Pong));
    assert!(bench.told().is_empty(), "the session is new, the connection is not");
    bench.input(Input::ServerDown(server));
    bench.input(Input::ServerUp(server));
    bench.server_says(server, &signal(MessageType::Pong));
    assert_eq!(bench.told(), [format!("JOINED {SERVER}")]);
}
