//! What happens to a node.

use super::Tuple;
use crate::core;
use crate::driver;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A tuple is new or has a new value; the node's own ones too.
    Tuple(Tuple),
    /// A line for the log, where [`Log::Events`](super::Log::Events) asks for them.
    Log {
        /// How bad it is.
        level: Level,
        /// The line. What it quotes of others and is not UTF-8 is replaced.
        text: String,
    },
    /// The server that was connected to by this endpoint is reached and has told all that it holds:
    /// the tuples that came before. Once for each connection, so again after it broke.
    Joined {
        /// As it was given to [`Node::connect`](super::Node::connect).
        endpoint: String,
    },
}

/// How bad a line for the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something is broken.
    Error,
    /// Something is wrong.
    Warning,
    /// Something happened.
    Notice,
    /// A step, told to those who asked for a verbose node.
    Debug,
}

impl Level {
    /// In a word: "error", "warning", "notice", "debug".
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
            Level::Debug => "debug",
        }
    }
}

impl From<core::Level> for Level {
    fn from(level: core::Level) -> Level {
        match level {
            core::Level::Error => Level::Error,
            core::Level::Warning => Level::Warning,
            core::Level::Notice => Level::Notice,
            core::Level::Debug => Level::Debug,
        }
    }
}

impl From<driver::Event> for Event {
    fn from(event: driver::Event) -> Event {
        match event {
            driver::Event::Tuple(tuple) => Event::Tuple(Tuple(tuple)),
            driver::Event::Joined(endpoint) => {
                Event::Joined { endpoint: String::from_utf8_lossy(&endpoint).into_owned() }
            }
            driver::Event::Line(level, line) => Event::Log {
                level: level.into(),
                text: String::from_utf8_lossy(&line).into_owned(),
            },
        }
    }
}
