use super::*;

fn saved(bench: &mut TestNode) -> String {
    bench.outputs();
    bench.command(&["SAVE", "out.cfg"]);
    match bench.outputs().pop() {
        Some(Output::Save { content, .. }) => String::from_utf8(content).unwrap(),
        other => panic!("nothing was saved: {other:?}"),
    }
}

#[test]
fn a_new_node_saves_what_czmqs_actor_saves() {
    assert_eq!(saved(&mut TestNode::new()), "server\n    timeout = \"1000\"\n");
}

#[test]
fn what_is_set_is_saved() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "/a/b", "1 \"x\""]);
    assert_eq!(saved(&mut bench), "server\n    timeout = \"1000\"\na\n    b = '1 \"x\"'\n");
}

#[test]
fn a_loaded_file_is_applied_in_its_order_and_watched() {
    let mut bench = TestNode::new();
    let text = "zgossip\n    echo = hi\n    security\n        mechanism = null\n    \
                bind\n        endpoint = inproc://a\n    bind\n        endpoint = tcp://*:*\n";
    bench.files.push(("a.cfg", text));
    bench.command(&["LOAD", "a.cfg"]);
    let outputs = bench.outputs();
    let place = |wanted: &dyn Fn(&Output) -> bool| outputs.iter().position(wanted);
    let secure = place(&|output| matches!(security(output), Some(Security::Null { .. })));
    let bind = place(&|output| {
        *output == Output::Bind { endpoint: b"inproc://a".to_vec(), by_file: true }
    });
    assert!(secure.is_some() && secure < bind, "{outputs:?}");
    assert!(outputs.contains(&Output::Watch { path: b"a.cfg".to_vec() }));
    assert!(outputs.contains(&Output::Log(Level::Notice, b"hi".to_vec())));
    bench.command(&["PORT"]);
    assert_eq!(bench.told(), ["PORT 49152"], "a bind by file counts");
}

#[test]
fn a_file_that_fails_leaves_everything_as_it_was() {
    let mut bench = TestNode::new();
    bench.files.push(("bad.cfg", "a = 1\n  b = 2\n"));
    bench.files.push(("negative.cfg", "server\n    timeout = -1\n"));
    bench.command(&["SET", "x", "y"]);
    for (name, reason) in
        [("missing.cfg", "no such file"), ("bad.cfg", "line 2"), ("negative.cfg", "negative")]
    {
        bench.command(&["LOAD", name]);
        let logged = bench.logged();
        assert_eq!(logged.len(), 1, "{logged:?}");
        assert!(logged[0].starts_with(&format!("cannot load config file '{name}'")), "{logged:?}");
        assert!(logged[0].contains(reason), "{logged:?}");
    }
    assert!(saved(&mut bench).ends_with("x = \"y\"\n"));
}

#[test]
fn a_reload_binds_only_what_is_new() {
    let mut bench = TestNode::new();
    bench.files.push(("a.cfg", "zgossip\n    bind\n        endpoint = inproc://a\n"));
    bench.command(&["LOAD", "a.cfg"]);
    bench.outputs();
    let text = "zgossip\n    bind\n        endpoint = inproc://a\n    bind\n        endpoint = inproc://b\n";
    let content = Ok(text.as_bytes());
    bench.input(Input::Loaded { path: b"a.cfg", purpose: Purpose::Reload, content });
    let outputs = bench.outputs();
    let binds: Vec<_> =
        outputs.iter().filter(|output| matches!(output, Output::Bind { .. })).collect();
    assert_eq!(binds, [&Output::Bind { endpoint: b"inproc://b".to_vec(), by_file: true }]);
    let notice = b"reloaded configuration from a.cfg".to_vec();
    assert_eq!(outputs.last(), Some(&Output::Log(Level::Notice, notice)));
}

const CERTIFICATE: &str = "curve\n    public-key = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"\n    \
                           secret-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\"\n";
const CURVE: &str = "zgossip\n    security\n        mechanism = curve\n        \
                     secret-key = cert\n    bind\n        endpoint = inproc://a\n";

#[test]
fn curve_takes_its_keys_from_the_certificate_before_the_bind_that_follows() {
    let mut bench = TestNode::new();
    bench.files.push(("a.cfg", CURVE));
    bench.files.push(("cert", CERTIFICATE));
    bench.command(&["LOAD", "a.cfg"]);
    let outputs = bench.outputs();
    let kinds = |output: &Output| match (security(output), output) {
        (Some(Security::Curve { zap, .. }), _) => Some(zap.domain == b"global"),
        (_, Output::Bind { .. }) => Some(false),
        _ => None,
    };
    let order: Vec<bool> = outputs.iter().filter_map(kinds).collect();
    assert_eq!(order, [true, false], "{outputs:?}");
}

#[test]
fn without_the_certificate_nothing_may_be_bound_in_plain_text() {
    for certificate in [None, Some("curve\n    public-key = x\n"), Some("\tjunk")] {
        let mut bench = TestNode::new();
        bench.files.push(("a.cfg", CURVE));
        bench.files.extend(certificate.map(|text| ("cert", text)));
        bench.command(&["LOAD", "a.cfg"]);
        let outputs = bench.outputs();
        assert!(outputs.contains(&Output::Secure(Box::new(Security::Unavailable))), "{outputs:?}");
        let warned = |output: &&Output| matches!(output, Output::Refused(_));
        assert_eq!(outputs.iter().filter(warned).count(), 1, "{outputs:?}");
    }
}

#[test]
fn an_unknown_mechanism_is_named() {
    let mut bench = TestNode::new();
    bench.files.push(("a.cfg", "zgossip\n    security\n        mechanism = magic\n"));
    bench.command(&["LOAD", "a.cfg"]);
    assert_eq!(bench.logged(), ["mechanism=magic is not supported"]);
}

#[test]
fn the_log_stream_is_left_alone_until_somebody_asks() {
    let mut bench = TestNode::new();
    bench.files.push(("quiet.cfg", "server\n    timeout = 5\n"));
    bench.command(&["SET", "server/timeout", "5"]);
    bench.command(&["LOAD", "quiet.cfg"]);
    assert!(!bench.outputs().contains(&Output::LogToStdout));
    bench.command(&["SET", "server/background", "0"]);
    assert!(bench.outputs().contains(&Output::LogToStdout));
}

#[test]
fn a_negative_timeout_is_refused() {
    let mut bench = TestNode::new();
    bench.command(&["SET", "server/timeout", "-1"]);
    assert_eq!(bench.logged().len(), 1);
    assert_eq!(saved(&mut bench), "server\n    timeout = \"1000\"\n");
}
