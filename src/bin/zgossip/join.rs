//! To be in the network: nodes that know all that it knows.

use super::options::Options;
use super::{Failure, seconds};
use std::time::Instant;
use zgossip::{ErrorKind, Event, Log, Node, Tuple};

pub(crate) fn new_node(options: &Options) -> Result<Node, Failure> {
    let log = zgossip::Options { log: Log::Events, verbose: options.verbose };
    let node = Node::with_options(b"zgossip", &log)?;
    if let Some((public, secret)) = &options.keys {
        node.set_keys(public, secret)?;
    } else if options.server_key.is_some() {
        let (public, secret) = zgossip::new_keys()?;
        node.set_keys(&public, &secret)?;
    }
    Ok(node)
}

pub(crate) fn connect(node: &Node, endpoint: &str, options: &Options) -> Result<(), Failure> {
    match &options.server_key {
        Some(key) => node.connect_with_key(endpoint, key)?,
        None => node.connect(endpoint)?,
    }
    Ok(())
}

/// A node that holds what the nodes at all endpoints hold; each tuple is shown as it comes.
pub(crate) fn join(
    options: &Options,
    mut show: impl FnMut(&Tuple) -> Result<(), Failure>,
) -> Result<Node, Failure> {
    let node = new_node(options)?;
    for endpoint in &options.endpoints {
        connect(&node, endpoint, options)?;
    }
    let mut missing = options.endpoints.clone();
    missing.sort();
    missing.dedup();
    let late = |missing: &[String], reason: Option<String>| {
        let silent = format!("no node answers at {}", missing.join(", "));
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        format!("{silent} within {}{reason}", seconds(options.timeout))
    };
    until(&node, options, |event| {
        match event {
            Some(Event::Tuple(tuple)) => show(&tuple)?,
            Some(Event::Joined { endpoint }) => missing.retain(|waited| *waited != endpoint),
            _ => {}
        }
        Ok(missing.is_empty())
    })
    .map_err(|failure| match failure {
        Late::Failure(failure) => failure,
        Late::TimedOut(reason) => Failure::Network(late(&missing, reason)),
    })?;
    Ok(node)
}

/// Wait until this node, which publishes nothing, holds what was published elsewhere.
pub(crate) fn seen_by(witness: &Node, options: &Options) -> Result<(), Failure> {
    // The last of each key counts.
    let mut wanted: Vec<(&[u8], &[u8])> = Vec::new();
    for tuple in options.words.chunks(2) {
        wanted.retain(|(key, _)| *key != tuple[0].as_bytes());
        wanted.push((tuple[0].as_bytes(), tuple[1].as_bytes()));
    }
    let seen = |key: &[u8], value: &[u8]| {
        witness.get(key).is_ok_and(|tuple| tuple.is_some_and(|tuple| tuple.value() == value))
    };
    until(witness, options, |_| {
        wanted.retain(|(key, value)| !seen(key, value));
        Ok(wanted.is_empty())
    })
    .map_err(|failure| match failure {
        Late::Failure(failure) => failure,
        Late::TimedOut(_) => Failure::Network(format!(
            "published, but not seen in the network within {}",
            seconds(options.timeout)
        )),
    })
}

enum Late {
    Failure(Failure),
    /// With the node's last complaint.
    TimedOut(Option<String>),
}

/// Take events until `done` says so: it is asked before the first one, and after each.
fn until(
    node: &Node,
    options: &Options,
    mut done: impl FnMut(Option<Event>) -> Result<bool, Failure>,
) -> Result<(), Late> {
    let deadline = Instant::now() + options.timeout;
    let (mut event, mut complaint) = (None, None);
    while !done(event.take()).map_err(Late::Failure)? {
        let left = deadline.saturating_duration_since(Instant::now());
        event = match node.recv(Some(left)) {
            Ok(Some(Event::Log { text, .. })) => {
                if options.verbose {
                    eprintln!("zgossip: {text}");
                }
                complaint = Some(text);
                None
            }
            Ok(None) => return Err(Late::TimedOut(complaint)),
            Ok(event) => event,
            Err(error) if error.kind() == ErrorKind::Interrupted => None,
            Err(error) => return Err(Late::Failure(error.into())),
        };
    }
    Ok(())
}
