//! What VERBOSE logs of sessions: states, events and actions in the form of the C actor's traces, so
//! that whoever reads those can read these.

use super::Node;
use super::link::ClientId;
use super::output::{Level, Output};

impl Node {
    /// One line about a session, when VERBOSE.
    pub(super) fn trace(&mut self, client: ClientId, what: std::fmt::Arguments<'_>) {
        if !self.verbose {
            return;
        }
        let Some(session) = self.sessions.get(client) else { return };
        let label = String::from_utf8_lossy(&self.label);
        let prefix: String = format!("{:6}:{label:<33}", session.number);
        let prefix: String = prefix.chars().take(40).collect();
        let line = format!("{prefix}: {what}");
        self.outputs.push_back(Output::Log(Level::Debug, line.into_bytes()));
    }

    /// So many tuples of its feed are on their way to a client.
    pub(super) fn trace_feed(&mut self, client: ClientId, tuples: usize, finished: bool) {
        if !self.verbose {
            return;
        }
        for _ in 0..tuples {
            let steps = [
                "have tuple:",
                "    ok",
                "        $ send PUBLISH",
                "        $ get next tuple",
                "        > have tuple",
            ];
            steps.iter().for_each(|step| self.trace(client, format_args!("{step}")));
        }
        if finished {
            let steps = ["have tuple:", "    finished", "        > connected"];
            steps.iter().for_each(|step| self.trace(client, format_args!("{step}")));
        }
    }

    /// A new tuple is on its way to these clients.
    pub(super) fn trace_forward(&mut self, clients: &[ClientId]) {
        for &client in clients {
            let steps = [
                "connected:",
                "    forward",
                "        $ get tuple to forward",
                "        $ send PUBLISH",
                "        > connected",
            ];
            steps.iter().for_each(|step| self.trace(client, format_args!("{step}")));
        }
    }
}
