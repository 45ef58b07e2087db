//! The committed headers are what cbindgen makes of the sources.
//!
//! `make header` (BLESS=1) writes them anew.

#![allow(clippy::expect_used)]

use cbindgen::{Builder, Config, Language, Style};
use std::path::{Path, PathBuf};

struct Header {
    name: &'static str,
    sources: &'static [&'static str],
    guard: &'static str,
    summary: &'static str,
    /// Declarations that the sources cannot express.
    extra: &'static str,
}

const HEADERS: [Header; 3] = [
    Header {
        name: "zgossip.h",
        sources: &["zgossip.rs", "version.rs"],
        guard: "LIBZGOSSIP_ZGOSSIP_H_INCLUDED",
        summary: "A gossip node for CZMQ programs: decentralised configuration and discovery.",
        extra: "struct _zsock_t;",
    },
    Header {
        name: "zgossip_msg.h",
        sources: &[
            "zgossip_msg/message.rs",
            "zgossip_msg/sockets.rs",
            "zgossip_msg/fields.rs",
            "zgossip_msg/selftest.rs",
        ],
        guard: "LIBZGOSSIP_ZGOSSIP_MSG_H_INCLUDED",
        summary: "The codec of the gossip protocol, in the form of CZMQ's zgossip_msg class.",
        extra: "struct _zsock_t;\nstruct _zframe_t;\n\n/**\n * One message of the gossip protocol. Not for use by two threads at a time.\n */\n\
                typedef struct _zgossip_msg_t zgossip_msg_t;",
    },
    Header {
        name: "zgossip_node.h",
        sources: &[
            "zgossip_node/lifetime.rs",
            "zgossip_node/connections.rs",
            "zgossip_node/tuples.rs",
            "zgossip_node/receive.rs",
            "zgossip_node/configuration.rs",
            "zgossip_node/security.rs",
            "zgossip_node/event.rs",
            "zgossip_node/list.rs",
            "zgossip_node/errors.rs",
            "version.rs",
        ],
        guard: "LIBZGOSSIP_ZGOSSIP_NODE_H_INCLUDED",
        summary: "A gossip node with a handle: for programs without CZMQ, and for other languages.",
        extra: NODE_PREFACE,
    },
];

const NODE_PREFACE: &str = r#"#include <stddef.h>

/**
 * A node holds tuples of a key and a value and connects to other nodes; all nodes of a network learn
 * all tuples. This is the node of zgossip.h, behind plain functions. CZMQ is not needed, and does
 * no harm.
 *
 *    zgossip_node_t *node = zgossip_node_new ("myname", 0);
 *    zgossip_node_connect (node, "tcp://other.example:5670", NULL);
 *    zgossip_node_publish (node, "key", ZGOSSIP_STRING, "value", ZGOSSIP_STRING, 0);
 *    zgossip_event_t *event;
 *    while (zgossip_node_recv (node, -1, &event) == 0) {
 *        if (zgossip_event_type (event) == ZGOSSIP_EVENT_TUPLE)
 *            printf ("%s = %s\n", zgossip_event_key (event, NULL), zgossip_event_value (event, NULL));
 *        zgossip_event_destroy (&event);
 *    }
 *    zgossip_node_destroy (&node);
 *
 * Errors. A negative result, or NULL, is an error: one of the codes below, which zgossip_error_code
 * tells as well, with a text in zgossip_error_text. What a call is refused for is told to the caller
 * and not written to the log.
 *
 * Threads. Functions of a node may be called from any thread at any time. Calls are carried out in the
 * order in which they are made, by the node's own thread; those that have a result wait for it, and
 * when they return, the events that they caused are there. No function calls back. None is a
 * cancellation point: pthread_cancel of a thread that is in a call takes effect after the call, so
 * who means to cancel a thread gives zgossip_node_recv a time-out.
 *
 * Handles. A node that has been destroyed, and NULL, are ZGOSSIP_BAD_ARGUMENT to every function, at
 * any time. Events and lists belong to the caller alone, who destroys each once.
 *
 * Bytes. A key or value goes in as a pointer and a size, and comes out as a pointer, with a size for
 * those who ask and a NUL behind the last byte.
 */

/**
 * As the size of a key or a value: it is a C string.
 */
#define ZGOSSIP_STRING ((size_t) -1)

/**
 * A node.
 */
typedef struct _zgossip_node_t zgossip_node_t;

/**
 * One event of a node.
 */
typedef struct _zgossip_event_t zgossip_event_t;

/**
 * The tuples of a node at one moment, and a place among them.
 */
typedef struct _zgossip_tuples_t zgossip_tuples_t;"#;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn config(header: &Header) -> Config {
    let mut config = Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml");
    config.language = Language::C;
    // Tags, because C99 has no second typedef of a name, and czmq.h has the first.
    config.style = Style::Tag;
    config.header = Some(format!(
        "/*\n * {}\n *\n * Generated from the Rust sources by `make header`: do not edit.\n *\n\
         \x20* Part of libzgossip, under the Mozilla Public License 2.0.\n */",
        header.summary
    ));
    config.usize_is_size_t = true;
    config.include_guard = Some(header.guard.to_string());
    config.after_includes = Some(format!("\n{}", header.extra));
    config
}

/// Rust's documentation marks mean nothing to a reader of C, and `self` is a name there.
fn readable(text: &str) -> String {
    let mut out = String::new();
    let mut example = false;
    for line in text.lines() {
        match line.trim_start() {
            "* ```" | "* ```text" => {
                example = !example;
                continue;
            }
            "* # Safety" => out.push_str(" * What the caller must see to:"),
            shown if example => out.push_str(&format!(" *    {}", &shown[1..])),
            _ => out.push_str(
                &line.replace('`', "").replace("self_ ", "self ").replace("self_,", "self,"),
            ),
        }
        out.push('\n');
    }
    out
}

fn generate(header: &Header) -> String {
    let mut builder = Builder::new().with_config(config(header));
    for source in header.sources {
        builder = builder.with_src(root().join("src/capi").join(source));
    }
    let mut text = Vec::new();
    builder.generate().expect("bindings").write(&mut text);
    readable(&String::from_utf8(text).expect("UTF-8"))
}

fn check(header: &Header, path: &Path) {
    let generated = generate(header);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &generated).expect("written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == generated, "{} has drifted: run `make header`", path.display());
}

#[test]
fn the_committed_headers_are_the_generated_ones() {
    for header in &HEADERS {
        check(header, &root().join("include").join(header.name));
    }
}

#[test]
fn every_exported_function_is_in_a_header() {
    let exports = std::fs::read_to_string(root().join("exports.txt")).expect("exports.txt");
    let headers: String = HEADERS.iter().map(generate).collect();
    for name in exports.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        assert!(headers.contains(&format!("{name}(")), "{name} is in no header");
    }
}
