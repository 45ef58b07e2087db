//! Who may come in.

use super::*;

const KEYS: [&str; 3] = [
    "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
    "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
    "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
];

fn key(number: usize) -> Key {
    Key::from_z85(KEYS[number].as_bytes()).unwrap()
}

fn with_keys() -> TestNode {
    let mut bench = TestNode::with(Setup { node: 7, ..Setup::default() });
    bench.command(&["SET PUBLICKEY", KEYS[0]]);
    bench.command(&["SET SECRETKEY", KEYS[0]]);
    bench
}

/// The list that the driver was given last.
fn admitted(outputs: &[Output]) -> Option<Vec<Key>> {
    outputs.iter().rev().find_map(|output| match output {
        Output::Admit(admission) => {
            assert_eq!(admission.domain, b"zgossip-0000000000000007");
            Some(admission.keys.clone())
        }
        _ => None,
    })
}

/// Whether the binds would ask the node's own list.
fn asks(outputs: &[Output]) -> bool {
    let own = Zap { domain: b"zgossip-0000000000000007".to_vec(), required: true };
    outputs
        .iter()
        .filter_map(security)
        .any(|security| matches!(security, Security::Curve { .. }) && security.zap() == Some(&own))
}

fn is_bound(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Bind { .. }))
}

const TCP: &[&str] = &["BIND", "tcp://127.0.0.1:*"];

#[test]
fn with_a_list_the_binds_ask_it_and_nobody_else() {
    let mut bench = with_keys();
    bench.command(&["ALLOW", KEYS[1]]);
    bench.command(&["ALLOW", KEYS[2]]);
    bench.command(&["ZAP DOMAIN", "another"]);
    bench.command(TCP);
    let outputs = bench.outputs();
    assert_eq!(admitted(&outputs), Some(Vec::from([key(1), key(2)])));
    assert!(asks(&outputs) && is_bound(&outputs), "{outputs:?}");
    bench.command(&["ALLOW", KEYS[0]]);
    assert_eq!(admitted(&bench.outputs()).map(|keys| keys.len()), Some(3), "and later at any time");
}

#[test]
fn a_node_that_lets_in_everybody_already_gets_no_list() {
    let mut bench = with_keys();
    bench.command(TCP);
    bench.outputs();
    let certificates = ["SET", "zgossip/security/certificates", "directory"];
    for command in [&["ALLOW", KEYS[1]][..], &certificates[..]] {
        bench.command(command);
        let outputs = bench.outputs();
        assert!(matches!(outputs[..], [Output::Refused(_)]), "{outputs:?}");
    }
}

#[test]
fn a_list_without_keys_lets_nobody_in_from_outside() {
    let mut bench = TestNode::with(Setup { node: 7, ..Setup::default() });
    bench.command(&["ALLOW", KEYS[1]]);
    bench.command(TCP);
    assert!(!is_bound(&bench.outputs()));
    bench.command(&["BIND", "inproc://here"]);
    assert!(is_bound(&bench.outputs()), "within the process nobody has a key");
}

#[test]
fn where_the_list_is_not_asked_nothing_can_be_bound() {
    let mut bench = with_keys();
    bench.command(&["ALLOW", KEYS[1]]);
    bench.input(Input::Admitted(Err("zauth")));
    bench.outputs();
    bench.command(TCP);
    assert!(!is_bound(&bench.outputs()));
    bench.input(Input::Admitted(Ok(())));
    bench.command(TCP);
    assert!(is_bound(&bench.outputs()));
}

#[test]
fn whatever_comes_first_a_bind_by_file_asks_the_list() {
    let file = "zgossip\n    bind\n        endpoint = tcp://127.0.0.1:*\n";
    let mut bench = with_keys();
    bench.files.push(("a.cfg", file));
    // This gives the ROUTER keys before there is a list.
    bench.command(&["BIND", "inproc://here"]);
    bench.outputs();
    bench.command(&["ALLOW", KEYS[1]]);
    bench.command(&["LOAD", "a.cfg"]);
    let outputs = bench.outputs();
    assert!(asks(&outputs) && is_bound(&outputs), "{outputs:?}");
}

#[test]
fn a_file_replaces_what_a_file_has_allowed_and_not_what_the_owner_has() {
    let file = format!(
        "zgossip\n    security\n        mechanism = null\n        allow = \"{}\"\n        \
         allow = \"{}\"\n        allow = \"junk\"\n",
        KEYS[0], KEYS[1]
    );
    let mut bench = with_keys();
    let load = |bench: &mut TestNode, content: &str| {
        let content = Ok(content.as_bytes());
        bench.input(Input::Loaded { path: b"a.cfg", purpose: Purpose::Load, content });
    };
    load(&mut bench, &file);
    let outputs = bench.outputs();
    assert_eq!(admitted(&outputs), Some(Vec::from([key(0), key(1)])));
    assert_eq!(outputs.iter().filter(|it| matches!(it, Output::Refused(_))).count(), 1, "junk");
    bench.command(&["ALLOW", KEYS[2]]);
    load(&mut bench, "zgossip\n    security\n        mechanism = null\n");
    assert_eq!(admitted(&bench.outputs()), Some(Vec::from([key(2)])));
}

#[test]
fn a_directory_of_certificates_is_read_and_what_is_none_is_passed_over() {
    let file = |content: &str| content.as_bytes().to_vec();
    let mut bench = with_keys();
    bench.command(&["SET", "zgossip/security/certificates", "directory"]);
    assert!(bench.outputs().contains(&Output::Certificates { path: b"directory".to_vec() }));
    let files = [
        file(&format!("curve\n    public-key = \"{}\"\n", KEYS[1])),
        file("curve\n    public-key = \"junk\"\n"),
        file("\tjunk"),
    ];
    bench.input(Input::Certificates { path: b"directory", files: Ok(&files) });
    assert_eq!(admitted(&bench.outputs()), Some(Vec::from([key(1)])));
    bench.input(Input::Certificates { path: b"directory", files: Err("no such file") });
    assert_eq!(admitted(&bench.outputs()), Some(Vec::new()), "nobody, and not everybody");
}

#[test]
fn a_directory_that_is_not_named_any_more_lets_nobody_in() {
    let mut bench = with_keys();
    bench.command(&["ALLOW", KEYS[2]]);
    bench.command(&["SET", "zgossip/security/certificates", "directory"]);
    let content = Ok(&b"zgossip\n    security\n        mechanism = null\n"[..]);
    bench.input(Input::Loaded { path: b"a.cfg", purpose: Purpose::Load, content });
    bench.outputs();
    // It changes once more.
    let files = [format!("curve\n    public-key = \"{}\"\n", KEYS[1]).into_bytes()];
    bench.input(Input::Certificates { path: b"directory", files: Ok(&files) });
    bench.command(&["ALLOW", KEYS[2]]);
    assert_eq!(admitted(&bench.outputs()), Some(Vec::from([key(2)])));
}

#[test]
fn clients_that_are_turned_away_make_one_line_a_minute() {
    let mut bench = with_keys();
    bench.command(&["ALLOW", KEYS[1]]);
    bench.outputs();
    for _ in 0..3 {
        bench.input(Input::TurnedAway { address: b"127.0.0.1" });
    }
    assert_eq!(bench.logged(), ["a client from 127.0.0.1 is not let in: its key is not allowed"]);
    bench.now += 60_000;
    bench.input(Input::TurnedAway { address: b"127.0.0.1" });
    assert!(bench.logged()[0].ends_with("(and 2 times before that)"));
}

#[test]
fn a_domain_that_was_named_is_required_and_the_default_is_not() {
    let mut bench = with_keys();
    bench.command(TCP);
    let required = |bench: &mut TestNode| {
        let outputs = bench.outputs();
        outputs.iter().filter_map(security).find_map(|it| it.zap().map(|zap| zap.required))
    };
    assert_eq!(required(&mut bench), Some(false), "as in CZMQ");
    bench.command(&["ZAP DOMAIN", "named"]);
    bench.command(TCP);
    assert_eq!(required(&mut bench), Some(true));
}
