//! ZPL text (rfc.zeromq.org/spec:4/ZPL), read and written as CZMQ's `zconfig` was observed to do it.

use std::fmt;

/// How many levels of items may be read, written and set. zconfig has no limit, but calls itself for each
/// level, so that a deep tree overflows its stack.
pub(crate) const MAX_DEPTH: usize = 64;

/// The reason why an item below [`MAX_DEPTH`] is refused.
pub(crate) const TOO_DEEP: &str = "nested deeper than 64 levels";

/// How many items are read and put. Items are looked for one by one, so a tree of a million would keep everybody
/// waiting at each SET.
pub(crate) const MAX_ITEMS: usize = 100_000;

/// The reason why an item beyond [`MAX_ITEMS`] is refused.
pub(crate) const TOO_MANY: &str = "more than 100000 items";

const INDENT: &str = "indent by four spaces per level";
const SKIPPED_LEVEL: &str = "indented by more than one level below the item before";
const NO_NAME: &str = "a name has only letters, digits and the characters $ - _ @ . & + /";
const OUTER_SLASH: &str = "a name cannot begin or end with a slash";
const AFTER_NAME: &str = "a name is followed by '=' or by a comment, by nothing else";
const AFTER_VALUE: &str = "a value in quotes is followed by a comment, by nothing else";
const OPEN_QUOTE: &str = "the closing quote is missing";

/// One item of a tree: a property, a section, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) name: Vec<u8>,
    /// `None` where the item exists only as the parent of others. An item that was read from text always has
    /// a value, which is empty where the text has none.
    pub(crate) value: Option<Vec<u8>>,
    /// In the order of the text.
    pub(crate) children: Vec<Item>,
}

/// A whole text: its items, and the comments that zconfig keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    /// The text behind each `#` in the first column. Where in the file it stood is forgotten.
    pub(crate) comments: Vec<Vec<u8>>,
    pub(crate) items: Vec<Item>,
}

/// The first fault in a text. As with zconfig, one fault makes the whole text invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) reason: &'static str,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Something in a tree that cannot be written so that it reads back equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwritable {
    /// The path of the item, or the word `comment` and its number.
    pub(crate) place: String,
    pub(crate) reason: &'static str,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be saved: {}", self.place, self.reason)
    }
}

/// Read a text.
pub(crate) fn parse(text: &[u8]) -> Result<Tree, SyntaxError> {
    let mut reader = Reader::default();
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        reader.line(content(line)).map_err(|reason| SyntaxError { line: index + 1, reason })?;
    }
    reader.close(0);
    Ok(reader.tree)
}

/// Write a tree, byte for byte as zconfig does, except that a value with a double quote is put into single
/// quotes. Whatever is written reads back equal, but for a value of `None`, which becomes an empty one. A
/// tree of which that would not be true is refused.
pub(crate) fn format(tree: &Tree) -> Result<Vec<u8>, Unwritable> {
    let mut out = Vec::new();
    for (index, comment) in tree.comments.iter().enumerate() {
        if comment.contains(&b'\n') || content(comment) != comment.as_slice() {
            let reason = "it has a line break or a NUL byte, or ends in white space";
            return Err(Unwritable { place: format!("comment {}", index + 1), reason });
        }
        out.push(b'#');
        out.extend_from_slice(comment);
        out.push(b'\n');
    }
    if !tree.comments.is_empty() {
        out.push(b'\n');
    }
    let mut path = Vec::new();
    tree.items.iter().try_for_each(|item| write_item(&mut out, &mut path, item))?;
    Ok(out)
}

/// Whether zconfig reads `name` as the name of one item; if not, why not.
pub(crate) fn check_name(name: &[u8]) -> Result<(), &'static str> {
    if name.is_empty() || !name.iter().all(|&byte| is_name_byte(byte)) {
        return Err(NO_NAME);
    }
    if name.starts_with(b"/") || name.ends_with(b"/") {
        return Err(OUTER_SLASH);
    }
    Ok(())
}

#[derive(Default)]
struct Reader {
    tree: Tree,
    /// How many items there have been so far.
    count: usize,
    /// The last item and its parents, the outermost first: those that may still get children.
    open: Vec<Item>,
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> Result<(), &'static str> {
        if let Some(comment) = line.strip_prefix(b"#") {
            self.tree.comments.push(comment.to_vec());
            return Ok(());
        }
        let Some((level, item)) = parse_line(line)? else { return Ok(()) };
        if level > self.open.len() {
            return Err(SKIPPED_LEVEL);
        }
        if level >= MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        self.count += 1;
        if self.count > MAX_ITEMS {
            return Err(TOO_MANY);
        }
        self.close(level);
        self.open.push(item);
        Ok(())
    }

    /// Hand every open item at this level or below to its parent.
    fn close(&mut self, level: usize) {
        for _ in level..self.open.len() {
            let Some(item) = self.open.pop() else { return };
            let parent = self.open.last_mut();
            parent.map_or(&mut self.tree.items, |parent| &mut parent.children).push(item);
        }
    }
}

/// The item on a line and its level; `None` where the line is empty but for a comment. As with zconfig, the
/// indentation of a line with only a comment is checked too, though not for tabs.
fn parse_line(line: &[u8]) -> Result<Option<(usize, Item)>, &'static str> {
    let (spaces, text) = split_while(line, |byte| byte == b' ');
    if spaces.len() % 4 != 0 {
        return Err(INDENT);
    }
    let (name, rest) = split_while(text, is_name_byte);
    match (name, rest) {
        ([], rest) if is_blank(rest) => return Ok(None),
        ([], [byte, ..]) if is_space(*byte) => return Err(INDENT),
        _ => check_name(name)?,
    }
    let value = Some(parse_value(rest)?.to_vec());
    Ok(Some((spaces.len() / 4, Item { name: name.to_vec(), value, children: Vec::new() })))
}

fn parse_value(rest: &[u8]) -> Result<&[u8], &'static str> {
    let (_, rest) = split_while(rest, is_space);
    let Some(rest) = rest.strip_prefix(b"=") else {
        return if is_blank(rest) { Ok(b"") } else { Err(AFTER_NAME) };
    };
    let (space, text) = split_while(rest, is_space);
    match text {
        [quote @ (b'"' | b'\''), quoted @ ..] => parse_quoted(quoted, *quote),
        // Surprising, but zconfig does it: `name = # text` has the value `# text`.
        [b'#', ..] if !space.is_empty() => Ok(text),
        _ => Ok(trim_end(split_while(text, |byte| byte != b'#').0)),
    }
}

fn parse_quoted(text: &[u8], quote: u8) -> Result<&[u8], &'static str> {
    let (value, rest) = split_while(text, |byte| byte != quote);
    let rest = rest.strip_prefix(&[quote]).ok_or(OPEN_QUOTE)?;
    if is_blank(rest) { Ok(value) } else { Err(AFTER_VALUE) }
}

fn write_item<'a>(
    out: &mut Vec<u8>,
    path: &mut Vec<&'a [u8]>,
    item: &'a Item,
) -> Result<(), Unwritable> {
    let level = path.len();
    path.push(&item.name);
    write_line(out, level, item).map_err(|reason| {
        let place = path.join(&b'/').escape_ascii().to_string();
        Unwritable { place, reason }
    })?;
    item.children.iter().try_for_each(|child| write_item(out, path, child))?;
    path.pop();
    Ok(())
}

fn write_line(out: &mut Vec<u8>, level: usize, item: &Item) -> Result<(), &'static str> {
    if level >= MAX_DEPTH {
        return Err(TOO_DEEP);
    }
    check_name(&item.name)?;
    out.resize(out.len() + level * 4, b' ');
    out.extend_from_slice(&item.name);
    if let Some(value) = &item.value {
        let quote = quote_for(value)?;
        out.extend([b" = ".as_slice(), &[quote], value, &[quote]].concat());
    }
    out.push(b'\n');
    Ok(())
}

fn quote_for(value: &[u8]) -> Result<u8, &'static str> {
    if value.contains(&b'\n') || value.contains(&0) {
        return Err("its value has a line break or a NUL byte");
    }
    let unused = [b'"', b'\''].into_iter().find(|quote| !value.contains(quote));
    unused.ok_or("its value has both kinds of quotes")
}

/// A line as zconfig sees it: a C string, without the white space at its end.
fn content(line: &[u8]) -> &[u8] {
    trim_end(split_while(line, |byte| byte != 0).0)
}

/// Whether nothing but white space and a comment is left of a line.
fn is_blank(rest: &[u8]) -> bool {
    matches!(split_while(rest, is_space).1, [] | [b'#', ..])
}

fn trim_end(text: &[u8]) -> &[u8] {
    let trailing = text.iter().rev().take_while(|&&byte| is_space(byte)).count();
    text.split_at(text.len() - trailing).0
}

fn split_while(text: &[u8], belongs: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|&&byte| belongs(byte)).count())
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"$-_@.&+/".contains(&byte)
}

/// White space as C knows it, with the vertical tab.
pub(crate) fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

#[cfg(test)]
mod tests;
