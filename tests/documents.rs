//! What the documents name is there: files, folders, and the places that links lead to. And what must be
//! described is described.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// A word that begins so names a file or a folder of the repository.
const FOLDERS: [&str; 10] = [
    "src/",
    "docs/",
    "capi-tests/",
    "scripts/",
    "benches/",
    "tests/",
    "examples/",
    "man/",
    "fuzz/",
    "packaging/",
];

/// Where ARCHITECTURE and the glossary may leave out the beginning of a path.
const ROOMS: [&str; 5] = ["", "src", "src/core", "src/driver", "src/driver/owner"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files of this extension that are kept in the repository, by their paths below its root.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let made = name.starts_with('.') || ["build", "target", "node_modules"].contains(&&*name);
        if entry.path().is_dir() && !made {
            found.extend(files(&path, extension));
        } else if Path::new(&name).extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file")
}

/// Whether there is a file or a folder of this path. A Rust file may be named as its module is, and `*`
/// stands for the end of a name.
fn exists(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some((start, end)) = name.split_once('*') {
        let entries = fs::read_dir(path.parent().expect("a folder")).into_iter().flatten();
        let mut names =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        return names.any(|name| name.starts_with(start) && name.ends_with(end));
    }
    path.exists() || path.with_file_name(format!("{name}.rs")).exists()
}

/// The paths that a text names outright. NAME stands for many names, and `**` for many folders.
fn paths(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || "/_-.*".contains(c);
    let words = text.split(|c| !is_part(c)).map(|word| word.trim_end_matches(['.', '-']));
    let known = |word: &&str| FOLDERS.iter().any(|folder| word.starts_with(folder));
    let one = |word: &&str| !word.contains("NAME") && !word.contains("**");
    words.filter(known).filter(one).map(str::to_string).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A path in the short form of ARCHITECTURE: small letters and at least one slash.
fn is_short_path(word: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || "/_.".contains(c);
    word.contains('/') && !word.starts_with('/') && word.chars().all(small)
}

fn in_a_room(path: &str) -> bool {
    ROOMS.iter().any(|room| exists(&root().join(room).join(path.trim_end_matches('/'))))
}

#[test]
fn every_path_that_a_document_names_exists() {
    let documents = files("", "md");
    assert!(documents.len() > 15, "these are not the documents: {documents:?}");
    let (mut named, mut missing) = (0, Vec::new());
    for document in documents.iter().chain(&files("src", "rs")) {
        for path in paths(&text(document)) {
            named += 1;
            if !exists(&root().join(&path)) {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(named > 100, "paths are not found any more: only {named}");
    assert!(missing.is_empty(), "there is no such thing: {missing:#?}");
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut missing = Vec::new();
    for document in files("", "md") {
        let folder = root().join(&document).parent().expect("a folder").to_path_buf();
        for link in text(&document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !link.contains(':') && !path.is_empty() && !exists(&folder.join(path)) {
                missing.push(format!("{document}: {link}"));
            }
        }
    }
    assert!(missing.is_empty(), "there is no such thing: {missing:#?}");
}

#[test]
fn every_part_that_architecture_and_the_glossary_name_exists() {
    for document in ["ARCHITECTURE.md", "docs/glossary.md"] {
        let text = text(document);
        let short: Vec<&str> = quoted(&text).filter(|word| is_short_path(word)).collect();
        assert!(short.len() > 20, "{document}: paths are not found any more: {short:?}");
        let missing: Vec<&str> = short.into_iter().filter(|path| !in_a_room(path)).collect();
        assert!(missing.is_empty(), "{document}: there is no such thing: {missing:?}");
    }
}

/// In the tables of ARCHITECTURE, whose first column names a folder, the last tells of the folder's files.
#[test]
fn every_file_in_the_tables_of_architecture_exists() {
    let text = text("ARCHITECTURE.md");
    let (mut layer, mut files, mut missing) = (String::new(), 0, Vec::new());
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { continue };
        let Some(name) = quoted(first).next() else { continue };
        if first.trim_start().starts_with("of ") {
            layer = name.to_string();
            continue;
        }
        let folder = root().join(&layer).join(name);
        let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        for file in quoted(last).filter(is_name).filter(|_| name.ends_with('/')) {
            files += 1;
            if !exists(&folder.join(file)) {
                missing.push(format!("{layer}/{name}{file}"));
            }
        }
    }
    assert!(files > 40, "the tables are not understood any more: only {files} files");
    assert!(missing.is_empty(), "there is no such file: {missing:?}");
}

/// A trace goes down once and up once: none of its steps names a file again. What stands in brackets is asked
/// on the way.
#[test]
fn no_step_of_a_trace_in_architecture_names_a_file_twice() {
    let text = text("ARCHITECTURE.md");
    let traces = text.split("\n## ").find(|part| part.contains("traces")).expect("the traces");
    let steps: Vec<&str> = traces.split("\n- ").skip(1).collect();
    assert!(steps.len() > 8, "the traces are not understood any more: {steps:?}");
    for step in steps {
        let step = step.split("\n\n").next().unwrap_or(step);
        let outside: String = step
            .split('(')
            .map(|part| part.split_once(')').map_or(part, |(_, after)| after))
            .collect();
        let mut files: Vec<&str> = quoted(&outside).filter(|word| is_short_path(word)).collect();
        let steps = files.len();
        files.sort_unstable();
        files.dedup();
        assert_eq!(files.len(), steps, "a file is named twice: {step}");
    }
}

/// An old name of LOAD, and what only a test may say.
const NOT_FOR_ALL: [&str; 2] = ["CONFIGURE", "TEST PANIC"];

#[test]
fn every_command_is_in_the_header_the_manual_page_and_the_guide() {
    let parse = text("src/core/commands/parse.rs");
    let words =
        parse.lines().filter_map(|line| line.trim().strip_prefix("b\"")?.split_once("\" =>"));
    let words: Vec<&str> = words.map(|(word, _)| word).collect();
    assert!(words.len() > 12, "the commands are not found any more: {words:?}");
    let page = text("man/zgossip.3zgossip").replace("\\~", " ");
    // What stands before a command where it is described.
    let documents: [(&str, String, &[&str]); 3] = [
        ("include/zgossip.h", text("include/zgossip.h"), &[" *     "]),
        ("man/zgossip.3zgossip", page, &[".B ", ".BI "]),
        ("docs/using.md", text("docs/using.md"), &["`"]),
    ];
    for word in words.into_iter().filter(|word| !NOT_FOR_ALL.contains(word)) {
        for (name, document, before) in &documents {
            let named = before.iter().any(|before| document.contains(&format!("{before}{word}")));
            assert!(named, "{word} is not in {name}");
        }
    }
}

#[test]
fn what_does_not_exist_would_be_found() {
    assert_eq!(
        paths("(`src/core/io.rs`), docs/a.md. capi-tests/x_*: mysrc/b, docs/NAME.md"),
        ["src/core/io.rs", "docs/a.md", "capi-tests/x_*",]
    );
    assert!(exists(&root().join("src/core")));
    assert!(exists(&root().join("src/core/io")));
    assert!(exists(&root().join("include/zgossip*.h")));
    assert!(!exists(&root().join("src/core/nothing")));
    assert!(!exists(&root().join("include/nothing*.h")));
    assert!(in_a_room("tuples/set") && in_a_room("driver/ffi/") && !in_a_room("tuples/nothing"));
    assert!(is_short_path("core/io") && !is_short_path("io") && !is_short_path("PING/PONG"));
}

#[test]
fn each_rule_of_the_protocol_has_a_number_of_its_own() {
    let protocol = text("docs/protocol.md");
    let rules = protocol.lines().filter_map(|line| line.strip_prefix("- **P")?.split_once("**"));
    let mut numbers: Vec<u32> = rules.map(|(number, _)| number.parse().unwrap()).collect();
    numbers.sort_unstable();
    let all: Vec<u32> = (1..=numbers.len() as u32).collect();
    assert!(numbers.len() > 40, "rules are not found any more");
    assert_eq!(numbers, all);
}
