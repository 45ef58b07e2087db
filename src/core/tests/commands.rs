use super::*;

#[test]
fn replies_come_in_the_order_of_the_commands() {
    let mut bench = TestNode::new();
    bench.command(&["PORT"]);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["STATUS"]);
    bench.command(&["PUBLISH", "k", "v"]);
    bench.command(&["BIND", "tcp://127.0.0.1:*"]);
    bench.command(&["PORT"]);
    assert_eq!(bench.told(), ["PORT 0", "DELIVER k=v", "STATUS 1", "PORT 49152"]);
}

#[test]
fn port_keeps_the_last_tcp_port_and_tells_a_failure() {
    let mut bench = TestNode::new();
    bench.command(&["BIND", "tcp://127.0.0.1:*"]);
    bench.command(&["BIND", "inproc://x"]);
    bench.command(&["PORT"]);
    let (endpoint, outcome) = (b"tcp://nowhere:1", Err("No such device"));
    bench.input(Input::Bound { endpoint, by_file: true, outcome });
    bench.command(&["PORT"]);
    bench.input(Input::Bound { endpoint, by_file: false, outcome });
    bench.command(&["PORT"]);
    assert_eq!(bench.told(), ["PORT 49152", "PORT 49152", "PORT -1"]);
    let line = "could not bind to tcp://nowhere:1 (No such device)";
    assert_eq!(bench.logged(), [line, line]);
}

#[test]
fn a_wrong_command_gives_one_line_and_changes_nothing() {
    let mut bench = TestNode::new();
    let wrong: [&[&str]; 14] = [
        &["PUBLISH"],
        &["PUBLISH", "k"],
        &["CONNECT"],
        &["BIND"],
        &["SET"],
        &["SET", "a"],
        &["LOAD"],
        &["SAVE"],
        &["UNPUBLISH"],
        &["ZAP DOMAIN"],
        &["SET PUBLICKEY"],
        &["SET SECRETKEY"],
        &["NONSENSE"],
        &[],
    ];
    for frames in wrong {
        bench.command(frames);
        let outputs = bench.outputs();
        assert!(
            matches!(outputs.as_slice(), [Output::Log(..) | Output::Refused(_)]),
            "{frames:?}: {outputs:?}"
        );
        assert!(bench.told().is_empty());
    }
}

#[test]
fn a_long_key_is_refused_before_anything_happens() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Hello));
    bench.command(&["PUBLISH", &"k".repeat(256), "v"]);
    let outputs = bench.outputs();
    assert!(matches!(outputs.as_slice(), [Output::Refused(_)]), "{outputs:?}");
    bench.command(&["STATUS"]);
    assert_eq!(bench.told(), ["STATUS 0"]);
}

#[test]
fn unpublish_forgets_here_and_tells_nobody() {
    let mut bench = TestNode::new();
    bench.client_says("c", &signal(MessageType::Hello));
    bench.command(&["PUBLISH", "k", "v"]);
    bench.outputs();
    bench.command(&["UNPUBLISH", "k"]);
    bench.command(&["UNPUBLISH", "unknown"]);
    assert!(bench.outputs().is_empty());
    bench.command(&["STATUS"]);
    assert_eq!(bench.told(), ["DELIVER k=v", "STATUS 0"]);
}

const KEY: &str = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

fn secured(outputs: &[Output]) -> bool {
    outputs.iter().filter_map(security).any(|security| matches!(security, Security::Curve { .. }))
}

#[test]
fn a_node_with_keys_binds_and_connects_encrypted() {
    let mut bench = TestNode::new();
    bench.command(&["SET PUBLICKEY", KEY]);
    bench.command(&["SET SECRETKEY", KEY]);
    bench.command(&["BIND", "tcp://127.0.0.1:*"]);
    assert!(secured(&bench.outputs()));
    bench.command(&["CONNECT", "tcp://127.0.0.1:1", KEY]);
    let outputs = bench.outputs();
    assert!(matches!(outputs.as_slice(), [Output::Connect { curve: Some(_), .. }]), "{outputs:?}");
}

/// Nothing is sent in plain text without a word. Each of these would be, or would end the process.
#[test]
fn keys_that_cannot_be_used_refuse_the_command() {
    let cases: [(&[&[&str]], &[&str]); 6] = [
        (&[&["SET SECRETKEY", KEY]], &["BIND", "tcp://127.0.0.1:*"]),
        (&[&["SET PUBLICKEY", KEY]], &["BIND", "tcp://127.0.0.1:*"]),
        (&[], &["CONNECT", "tcp://127.0.0.1:1", KEY]),
        (&[&["SET PUBLICKEY", KEY]], &["CONNECT", "tcp://127.0.0.1:1"]),
        (&[&["SET PUBLICKEY", KEY], &["SET SECRETKEY", KEY]], &["CONNECT", "tcp://127.0.0.1:1"]),
        (
            &[&["SET PUBLICKEY", KEY], &["SET SECRETKEY", KEY]],
            &["CONNECT", "tcp://127.0.0.1:1", "not a key"],
        ),
    ];
    for (before, command) in cases {
        let mut bench = TestNode::new();
        before.iter().for_each(|frames| bench.command(frames));
        bench.command(command);
        let outputs = bench.outputs();
        assert!(matches!(outputs.as_slice(), [Output::Refused(_)]), "{outputs:?}");
    }
}

#[test]
fn a_key_that_is_none_is_refused_without_being_printed() {
    let mut bench = TestNode::new();
    bench.command(&["SET SECRETKEY", "almost-a-secret"]);
    let logged = bench.logged();
    assert_eq!(logged.len(), 1);
    assert!(!logged[0].contains("almost"), "{logged:?}");
}

#[test]
fn nodes_told_to_ignore_keys_say_so_once_and_use_none() {
    let mut bench = TestNode::with(Setup { ignore_keys: true, ..Setup::default() });
    bench.command(&["SET PUBLICKEY", KEY]);
    bench.command(&["SET SECRETKEY", KEY]);
    bench.command(&["BIND", "tcp://127.0.0.1:*"]);
    bench.command(&["CONNECT", "tcp://127.0.0.1:1", KEY]);
    let outputs = bench.outputs();
    assert!(!secured(&outputs));
    let lines = outputs
        .iter()
        .filter(|output| matches!(output, Output::Log(..) | Output::Refused(_)))
        .count();
    assert_eq!(lines, 1);
    assert!(matches!(outputs.last(), Some(Output::Connect { curve: None, .. })));
}

#[test]
fn verbose_logs_each_later_command() {
    let mut bench = TestNode::new();
    bench.command(&["VERBOSE"]);
    assert!(bench.logged().is_empty());
    bench.command(&["STATUS"]);
    bench.command(&["$TERM"]);
    assert_eq!(bench.logged(), ["node:     API command=STATUS", "node:     API command=$TERM"]);
}

#[test]
fn an_owner_that_does_not_read_costs_one_delivery_for_each_key() {
    let mut bench = TestNode::new();
    bench.command(&["PUBLISH", "a", "0"]);
    bench.node.outbox().pipe_is_full();
    for number in 1..10_000 {
        bench.command(&["PUBLISH", "a", &number.to_string()]);
    }
    bench.command(&["STATUS"]);
    assert_eq!(bench.told(), ["DELIVER a=0", "DELIVER a=9999", "STATUS 1"]);
}

#[test]
fn a_snapshot_is_what_the_owner_sees_in_the_order_of_the_last_change() {
    let mut bench = TestNode::new();
    for (key, value) in [("a", "1"), ("b", "2"), ("c", "3"), ("a", "4")] {
        bench.command(&["PUBLISH", key, value]);
    }
    bench.command(&["UNPUBLISH", "b"]);
    let snapshot = bench.node.snapshot();
    let tuples: Vec<_> = snapshot.iter().map(|tuple| (tuple.key(), tuple.value())).collect();
    assert_eq!(tuples, [(&b"c"[..], &b"3"[..]), (b"a", b"4")]);
    assert_eq!(bench.node.tuple(b"a").as_ref(), snapshot.last());
    assert_eq!(bench.node.tuple(b"b"), None);
}

const PUBLIC: &str = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
const SECRET: &str = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

#[test]
fn a_key_as_a_setting_is_refused_and_never_saved() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "SECRETKEY", SECRET]);
    bench.command(&["SET", "/PUBLICKEY", PUBLIC]);
    let form = |word: &str| format!("SET refused: 'SET {word}' is one frame, the key the next");
    assert_eq!(bench.logged(), [form("SECRETKEY"), form("PUBLICKEY")]);
    bench.command(&["SAVE", "file"]);
    let outputs = bench.outputs();
    let [Output::Save { content, .. }] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert!(!String::from_utf8_lossy(content).contains("KEY"));
}

#[test]
fn keys_that_come_behind_a_bind_are_refused() {
    let late = |word| format!("{word} refused: this node is bound already, without that key");
    let mut bench = TestNode::new();
    bench.command(&["BIND", "inproc://x"]);
    bench.command(&["SET PUBLICKEY", PUBLIC]);
    bench.command(&["SET SECRETKEY", SECRET]);
    bench.command(&["BIND", "tcp://127.0.0.1:5670"]);
    bench.command(&["SET SECRETKEY", SECRET]);
    assert!(
        bench.logged().is_empty(),
        "nothing leaves the process by inproc, and the last is nothing new"
    );
    let mut bench = TestNode::new();
    bench.command(&["BIND", "tcp://127.0.0.1:5670"]);
    bench.command(&["SET PUBLICKEY", PUBLIC]);
    bench.command(&["SET SECRETKEY", SECRET]);
    assert_eq!(bench.logged(), [late("SET PUBLICKEY"), late("SET SECRETKEY")]);
    bench.command(&["CONNECT", "tcp://127.0.0.1:5671"]);
    let outputs = bench.outputs();
    assert!(matches!(outputs.as_slice(), [Output::Connect { curve: None, .. }]), "as before");
}

/// What is shown of an endpoint, a key or a path cannot hide a part of the line, nor begin another one.
#[test]
fn no_line_of_the_log_steers_a_terminal() {
    let mut bench = TestNode::new();
    bench.command(&["CONNECT", "a\u{202e}\x1b[2J\nb"]);
    let line = "bad zgossip endpoint 'a\\xe2\\x80\\xae\\x1b[2J\\nb' (an endpoint begins with its transport, such as tcp://)";
    assert_eq!(bench.logged(), [line]);
}

#[test]
fn keys_and_tuple_tell_what_is_held_in_the_order_of_the_pipe() {
    let mut bench = TestNode::new();
    bench.command(&["TUPLE", "a/1"]);
    bench.command(&["KEYS"]);
    for key in ["a/1", "a/2", "b", "gone"] {
        bench.command(&["PUBLISH", key, "v"]);
    }
    bench.command(&["UNPUBLISH", "gone"]);
    bench.told();
    for command in
        [&["KEYS"][..], &["KEYS", "a/"], &["KEYS", "c"], &["TUPLE", "b"], &["TUPLE", "gone"]]
    {
        bench.command(command);
    }
    bench.command(&["PUBLISH", "b", "w"]);
    let expected =
        ["KEYS a/1 a/2 b", "KEYS a/1 a/2", "KEYS", "TUPLE b v", "TUPLE gone", "DELIVER b=w"];
    assert_eq!(bench.told(), expected);
}
