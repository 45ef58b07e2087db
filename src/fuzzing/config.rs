//! Configuration: any file that is loaded can be saved, and loaded again without a difference.
//!
//! All by way of a node, as that is how files and settings come to the library.

use super::feed::Feed;
use crate::core::{Input, Node, Output, Purpose, Setup};
use std::collections::VecDeque;

/// LOAD of any bytes.
pub fn zpl(text: &[u8]) {
    let mut node = Node::new(Setup::default(), 0);
    if !load(&mut node, text) {
        // The settings are those of a new node, as before.
        assert_eq!(save(&mut node).as_deref(), Some(&b"server\n    timeout = \"1000\"\n"[..]));
        return;
    }
    let Some(saved) = save(&mut node) else { return };
    assert_eq!(kinds_of_lines(text), kinds_of_lines(&saved), "something was lost");
    assert!(load(&mut node, &saved), "what SAVE wrote cannot be loaded");
    assert_eq!(save(&mut node), Some(saved), "what SAVE wrote reads back differently");
}

/// SETs of any paths and values.
pub fn settings(bytes: &[u8]) {
    let mut feed = Feed(bytes);
    let mut node = Node::new(Setup::default(), 0);
    while !feed.is_empty() {
        let levels = 1 + feed.choice(3);
        let path: Vec<&[u8]> = (0..levels).map(|_| feed.text()).collect();
        let (path, value) = (path.join(&b'/'), feed.text());
        let before = save(&mut node);
        let accepted = set(&mut node, &path, value);
        if !accepted {
            assert_eq!(save(&mut node), before, "a SET that was refused changed something");
        }
    }
    let Some(saved) = save(&mut node) else { return };
    let mut other = Node::new(Setup::default(), 0);
    assert!(load(&mut other, &saved), "what SAVE wrote cannot be loaded");
    // A mere parent has no value. Once it is loaded it has an empty one.
    let lines = saved.split(|&byte| byte == b'\n').map(|line| match line {
        [] => Vec::new(),
        line if line.contains(&b'=') => line.to_vec(),
        parent => [parent, b" = \"\""].concat(),
    });
    let expected = lines.collect::<Vec<_>>().join(&b'\n');
    assert_eq!(save(&mut other), Some(expected), "what SAVE wrote reads back differently");
}

fn outputs(node: &mut Node) -> VecDeque<Output> {
    let mut outputs = VecDeque::new();
    node.take_outputs(&mut outputs);
    outputs
}

fn warned(outputs: &VecDeque<Output>) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Refused(_)))
}

/// Whether the file was taken. It is watched exactly then; otherwise the owner is told why not.
fn load(node: &mut Node, text: &[u8]) -> bool {
    let (path, purpose) = (b"file".as_slice(), Purpose::Load);
    node.handle(0, Input::Loaded { path, purpose, content: Ok(text) });
    let outputs = outputs(node);
    let taken = outputs.iter().any(|output| matches!(output, Output::Watch { .. }));
    assert!(taken || warned(&outputs), "refused in silence");
    taken
}

fn set(node: &mut Node, path: &[u8], value: &[u8]) -> bool {
    node.handle(0, Input::Command(&[b"SET", path, value]));
    !outputs(node).iter().any(|output| match output {
        Output::Refused(text) => text.starts_with(b"SET refused"),
        _ => false,
    })
}

/// The text; None where the settings cannot be written, of which the owner is told.
fn save(node: &mut Node) -> Option<Vec<u8>> {
    node.handle(0, Input::Command(&[b"SAVE", b"file"]));
    let outputs = outputs(node);
    let text = outputs.iter().find_map(|output| match output {
        Output::Save { content, .. } => Some(content.clone()),
        _ => None,
    });
    assert_ne!(text.is_some(), warned(&outputs));
    text
}

/// How many items and how many comments a text has. A line is one of the two, or empty.
fn kinds_of_lines(text: &[u8]) -> (usize, usize) {
    let (mut items, mut comments) = (0, 0);
    for line in text.split(|&byte| byte == b'\n') {
        let content = line.split(|&byte| byte == 0).next().unwrap_or(line);
        let blank = |byte: &&u8| byte.is_ascii_whitespace() || **byte == 0x0b;
        match content.iter().find(|byte| !blank(byte)) {
            Some(b'#') if content.starts_with(b"#") => comments += 1,
            Some(b'#') | None => {}
            Some(_) => items += 1,
        }
    }
    (items, comments)
}
