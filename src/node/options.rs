//! What a node is made with.

/// Where lines for the log go: what a node says of peers that misbehave or refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Log {
    /// To CZMQ's log where the process has CZMQ, and to standard error otherwise.
    #[default]
    Process,
    /// They become events; at most the 100 latest wait.
    Events,
    /// Nowhere.
    Off,
}

/// What a node is made with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where lines for the log go.
    pub log: Log,
    /// Log every command and every step.
    pub verbose: bool,
}
