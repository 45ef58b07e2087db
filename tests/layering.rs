//! Layers know only the ones below them, and unsafe code stays where it belongs.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn layer(name: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name);
    let files = sources(&folder);
    assert!(!files.is_empty());
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

/// Whether the word is there, and is not the end of a longer one: the module czmq is not the crate zmq.
fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_')
    })
}

fn assert_free_of(name: &str, forbidden: &[&str]) {
    // The simulator is a test; how many seeds it runs is said by the environment.
    let layer =
        layer(name).into_iter().filter(|(file, _)| !file.to_string_lossy().contains("/sim/"));
    for (file, text) in layer {
        for word in forbidden {
            assert!(!mentions(&text, word), "{} mentions {word}", file.display());
        }
    }
}

#[test]
fn a_word_is_found_unless_it_ends_a_longer_one() {
    assert!(mentions("use zmq::Socket", "zmq::"));
    assert!(!mentions("use super::czmq::Pace", "zmq::"));
}

#[test]
fn wire_knows_no_other_layer() {
    assert_free_of(
        "wire",
        &["crate::core", "crate::driver", "crate::node", "crate::capi", "zmq", "libc"],
    );
}

#[test]
fn core_knows_only_wire_and_has_no_sockets_clocks_threads_or_unsafe() {
    assert_free_of(
        "core",
        &[
            "crate::driver",
            "crate::node",
            "crate::capi",
            "zmq_sys",
            "zmq::",
            "libc::",
            "std::net",
            "std::thread",
            "Instant",
            "SystemTime",
            "std::fs",
            "std::env",
            "unsafe {",
            "RandomState",
        ],
    );
}

#[test]
fn driver_does_not_know_what_stands_above_it() {
    assert_free_of("driver", &["crate::capi", "crate::node"]);
}

#[test]
fn the_rust_api_does_not_know_the_c_api() {
    assert_free_of("node", &["crate::capi", "zmq_sys", "libc::"]);
}

#[test]
fn unsafe_code_is_in_capi_and_the_drivers_ffi_module_only() {
    for (file, text) in layer("") {
        let path = file.to_string_lossy();
        if !path.contains("/src/capi/") && !path.contains("/driver/ffi/") {
            assert!(!text.contains("unsafe {"), "{path} has unsafe code");
            assert!(!text.contains("allow(unsafe_code)"), "{path} allows unsafe code");
        }
    }
}
