//! Warnings of malformed messages, and a limit for all of them together.

use crate::core::input::Millis;
use crate::wire::Malformed;
use std::fmt::Arguments;

/// At most so many lines in so many milliseconds, whoever sends what. Each peer has a limit of its own, but
/// peers that come and go by the thousand would still fill the log.
const BURST: u32 = 20;
const INTERVAL: Millis = 10_000;

/// How many malformed messages and how many lines about them there were.
#[derive(Debug, Default)]
pub(in crate::core) struct MalformedLines {
    /// Messages since the node began, and lines in the interval that ends at this time.
    messages: u64,
    lines: u32,
    until: Millis,
}

impl MalformedLines {
    /// One more was dropped.
    pub(in crate::core) fn count(&mut self) {
        self.messages += 1;
    }

    /// The line about this one, if there may be one. `more`: how many of this peer were dropped before it
    /// without a line.
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
