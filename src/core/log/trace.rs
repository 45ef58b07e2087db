//! The traces that VERBOSE writes about clients: states, events and actions, in the words and the form of
//! CZMQ's actor, so that whoever can read its traces can read these.
//!
//! Here are the lines of single tuples and the form of a line. The other lines stand where the thing that
//! they tell happens: those of messages in `protocol/with_clients`, that of a command in `commands/execute`.

use std::fmt::Arguments;

/// A tuple was sent to a client that is catching up.
pub(in crate::core) const TOLD: [&str; 5] = [
    "have tuple:",
    "    ok",
    "        $ send PUBLISH",
    "        $ get next tuple",
    "        > have tuple",
];

/// A client knows everything now.
pub(in crate::core) const CAUGHT_UP: [&str; 3] =
    ["have tuple:", "    finished", "        > connected"];

/// A change was sent to a client that knows everything.
pub(in crate::core) const REPLICATED: [&str; 5] = [
    "connected:",
    "    forward",
    "        $ get tuple to forward",
    "        $ send PUBLISH",
    "        > connected",
];

/// Whether the node writes traces, and under which name.
#[derive(Debug, Default)]
pub(in crate::core) struct Trace {
    label: Vec<u8>,
    verbose: bool,
}

impl Trace {
    pub(in crate::core) fn new(label: Vec<u8>) -> Trace {
        Trace { label, verbose: false }
    }

    pub(in crate::core) fn set_verbose(&mut self, verbose: bool) {
        self.verbose = verbose;
    }

    pub(in crate::core) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// The name of the node in traces.
    pub(in crate::core) fn label(&self) -> &[u8] {
        &self.label
    }

    /// A line about the session of that number.
    pub(in crate::core) fn line(&self, session: u64, what: Arguments<'_>) -> String {
        let label = String::from_utf8_lossy(&self.label);
        let prefix: String = format!("{session:6}:{label:<33}").chars().take(40).collect();
        format!("{prefix}: {what}")
    }
}
