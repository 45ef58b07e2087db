//! Tuples on standard output: a table for people, lines for programs, JSON for those who ask.

use super::options::{Options, Verb};
use super::plain::{plain, steers};
use std::io::{self, IsTerminal, Stdout, StdoutLock, Write};
use std::time::{SystemTime, UNIX_EPOCH};
use zgossip::Tuple;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Table,
    Lines,
    Json,
}

pub(crate) struct Output {
    stdout: Stdout,
    form: Form,
    /// Columns of the terminal.
    width: usize,
    /// Serve and watch show tuples as they come.
    streams: bool,
}

/// Of keys in a table whose keys are not known yet.
const KEY_WIDTH: usize = 24;

impl Output {
    pub(crate) fn new(options: &Options) -> Output {
        let stdout = io::stdout();
        let form = match options.json {
            true => Form::Json,
            false if stdout.is_terminal() => Form::Table,
            false => Form::Lines,
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let streams = matches!(options.verb, Verb::Watch | Verb::Serve);
        Output { stdout, form, width: columns.unwrap_or(80), streams }
    }

    pub(crate) fn text(&self, text: &str) -> io::Result<()> {
        self.stdout.lock().write_all(text.as_bytes())
    }

    /// What stands above tuples that are still to come.
    pub(crate) fn heading(&self) -> io::Result<()> {
        match self.form {
            Form::Table => {
                self.row(&mut self.stdout.lock(), KEY_WIDTH, "TIME", "KEY", "VALUE")?;
                self.stdout.lock().flush()
            }
            _ => Ok(()),
        }
    }

    /// One tuple, now.
    pub(crate) fn change(&mut self, tuple: &Tuple) -> io::Result<()> {
        let mut out = self.stdout.lock();
        match self.form {
            Form::Table => {
                let (key, value) = (escaped(tuple.key()), escaped(tuple.value()));
                self.row(&mut out, KEY_WIDTH, &time_of_day(), &key, &value)?;
            }
            Form::Lines => line(&mut out, tuple)?,
            Form::Json => writeln!(out, "{}", json(tuple))?,
        }
        out.flush()
    }

    /// All tuples that there are.
    pub(crate) fn all(&self, tuples: &[Tuple]) -> io::Result<()> {
        let mut out = self.stdout.lock();
        match self.form {
            Form::Table => {
                let rows: Vec<(String, String)> = tuples
                    .iter()
                    .map(|tuple| (escaped(tuple.key()), escaped(tuple.value())))
                    .collect();
                let widest = rows.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
                let width = widest.clamp(3, (self.width / 2).max(3));
                self.row(&mut out, width, "", "KEY", "VALUE")?;
                for (key, value) in &rows {
                    self.row(&mut out, width, "", key, value)?;
                }
                let plural = if rows.len() == 1 { "" } else { "s" };
                writeln!(out, "{} tuple{plural}", rows.len())
            }
            Form::Lines => tuples.iter().try_for_each(|tuple| line(&mut out, tuple)),
            Form::Json => {
                let objects: Vec<String> = tuples.iter().map(json).collect();
                match objects.is_empty() {
                    true => writeln!(out, "[]"),
                    false => writeln!(out, "[\n  {}\n]", objects.join(",\n  ")),
                }
            }
        }
    }

    /// The bytes of one value; a line in a terminal or a file.
    pub(crate) fn value(&self, tuple: &Tuple) -> io::Result<()> {
        let mut out = self.stdout.lock();
        match self.form {
            Form::Json => out.write_all(json(tuple).as_bytes())?,
            Form::Table => out.write_all(escaped(tuple.value()).as_bytes())?,
            Form::Lines => out.write_all(tuple.value())?,
        }
        out.write_all(b"\n")
    }

    /// A row that fits into the terminal.
    fn row(
        &self,
        out: &mut StdoutLock<'_>,
        key_width: usize,
        time: &str,
        key: &str,
        value: &str,
    ) -> io::Result<()> {
        let mut row = if self.streams { format!("{time:8}  ") } else { String::new() };
        row.push_str(&format!("{:key_width$}  ", cut(key, key_width)));
        let left = self.width.saturating_sub(row.chars().count()).max(8);
        row.push_str(&cut(value, left));
        writeln!(out, "{}", row.trim_end())
    }
}

/// At most so many characters.
fn cut(text: &str, width: usize) -> String {
    match text.chars().nth(width) {
        None => text.to_string(),
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Key, tabulator, value.
fn line(out: &mut StdoutLock<'_>, tuple: &Tuple) -> io::Result<()> {
    writeln!(out, "{}\t{}", escaped(tuple.key()), escaped(tuple.value()))
}

/// Text on one line, from which the bytes can be found again: `\t`, `\n`, `\\`, `\x00`.
fn escaped(bytes: &[u8]) -> String {
    // So that what is shown can be told from what was said.
    let backslashes = bytes.iter().flat_map(|byte| match byte {
        b'\\' => &b"\\\\"[..],
        other => std::slice::from_ref(other),
    });
    plain(&backslashes.copied().collect::<Vec<u8>>())
}

/// An object. What is no UTF-8 is in `key_hex` or `value_hex`.
fn json(tuple: &Tuple) -> String {
    format!("{{{}, {}}}", member("key", tuple.key()), member("value", tuple.value()))
}

fn member(name: &str, bytes: &[u8]) -> String {
    let mut text = String::new();
    let Ok(valid) = std::str::from_utf8(bytes) else {
        bytes.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
        return format!("\"{name}_hex\": \"{text}\"");
    };
    for character in valid.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            steering if steers(steering) => {
                let units = steering.encode_utf16(&mut [0; 2]).to_vec();
                units.iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
            }
            plain => text.push(plain),
        }
    }
    format!("\"{name}\": \"{text}\"")
}

/// In Universal Time, which all who watch share.
fn time_of_day() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    format!("{:02}:{:02}:{:02}", now / 3600 % 24, now / 60 % 60, now % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_on_its_line_and_steers_no_terminal() {
        assert_eq!(
            escaped("grün\t\\\n\x1b[2J\u{9b}".as_bytes()),
            "grün\\t\\\\\\n\\x1b[2J\\xc2\\x9b"
        );
        assert_eq!(escaped(b"\xff\xfea\xc3"), "\\xff\\xfea\\xc3");
    }

    #[test]
    fn json_is_valid_whatever_the_bytes_are() {
        assert_eq!(member("key", b"a\"\\\x01\n"), r#""key": "a\"\\\u0001\u000a""#);
        assert_eq!(member("value", b"\xff\x01"), r#""value_hex": "ff01""#);
        assert_eq!(member("value", "ü".as_bytes()), "\"value\": \"ü\"");
        let unseen = "\u{202e}\u{e0041}".as_bytes();
        assert_eq!(member("value", unseen), r#""value": "\u202e\udb40\udc41""#);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("12345", 5), "12345");
        assert_eq!(cut("123456", 5), "1234…");
    }
}
