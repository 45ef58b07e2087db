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

const HEADERS: [Header; 2] = [
    Header {
        name: "zgossip.h",
        sources: &["zgossip.rs", "version.rs"],
        guard: "LIBZGOSSIP_ZGOSSIP_H_INCLUDED",
        summary: "A gossip node for CZMQ programs: decentralised configuration and discovery.",
        extra: "struct _zsock_t;",
    },
    Header {
        name: "zgossip_msg.h",
        sources: &["zgossip_msg.rs"],
        guard: "LIBZGOSSIP_ZGOSSIP_MSG_H_INCLUDED",
        summary: "The codec of the gossip protocol, in the form of CZMQ's zgossip_msg class.",
        extra: "struct _zsock_t;\nstruct _zframe_t;\n\n/**\n * One message of the gossip protocol. Not for use by two threads at a time.\n */\n\
                typedef struct _zgossip_msg_t zgossip_msg_t;",
    },
];

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
