//! Warnings of malformed messages.

use crate::core::input::Millis;
use crate::wire::Malformed;
use std::fmt::Arguments;

/// At most so many lines in so many milliseconds, whoever sends what: a burst of short-lived peers, each of
/// which is worth a line of its own, is limited as a whole too.
const BURST: u32 = 20;
const INTERVAL: Millis = 10_000;

/// Malformed messages from anybody.
#[derive(Debug, Default)]
pub(in crate::core) struct MalformedLines {
    /// Since the node began, and how many lines there were in this interval.
    messages: u64,
    lines: u32,
    until: Millis,
}

impl MalformedLines {
    /// One more was dropped.
    pub(in crate::core) fn count(&mut self) {
        self.messages += 1;
    }

    /// The line that says so, if one may be said. `more`: those before it from this peer that no line told.
    pub(in crate::core) fn line(
        &mut self,
        peer: Arguments<'_>,
        fault: Malformed,
        more: u64,
        now: Millis,
    ) -> Option<String> {
        if now >= self.until {
            self.until = now.saturating_add(INTERVAL);
            self.lines = 0;
        }
        self.lines += 1;
        Some(match self.lines {
            ..BURST if more == 0 => format!("dropped a malformed message from {peer}: {fault}"),
            ..BURST => {
                format!("dropped a malformed message from {peer}: {fault} (and {more} before it)")
            }
            BURST => format!(
                "many peers send malformed messages ({} so far): saying no more for a while",
                self.messages
            ),
            _ => return None,
        })
    }
}
