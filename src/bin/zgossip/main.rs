//! The command `zgossip`: a look into a running network, from a shell.

mod help;
mod join;
mod options;
#[path = "../../core/log/plain.rs"]
mod plain;
mod show;

use join::{join, seen_by};
use options::{Options, Verb};
use show::Output;
use std::process::ExitCode;
use std::time::Duration;
use zgossip::{Error, ErrorKind, Event, Node};

/// Why the command ends without having done what it was asked.
enum Failure {
    /// There is no such tuple.
    NotFound(String),
    /// What was typed makes no sense.
    Usage(String),
    /// The network, or the node.
    Network(String),
    /// Nobody reads what we print.
    Unread,
}

impl Failure {
    fn end(&self) -> ExitCode {
        let (text, status) = match self {
            Failure::NotFound(text) => (text, 1),
            Failure::Usage(text) => (text, 2),
            Failure::Network(text) => (text, 3),
            // `zgossip watch | head` has what it wanted.
            Failure::Unread => return ExitCode::SUCCESS,
        };
        eprintln!("zgossip: {text}");
        if status == 2 {
            eprintln!("zgossip: try --help");
        }
        ExitCode::from(status)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Network(error.text().to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::Unread,
            _ => Failure::Network(format!("cannot write: {error}")),
        }
    }
}

fn main() -> ExitCode {
    let done = Options::parse().and_then(|options| run(&options));
    done.map_or_else(|failure| failure.end(), |()| ExitCode::SUCCESS)
}

fn run(options: &Options) -> Result<(), Failure> {
    match options.verb {
        Verb::Help(text) => Ok(Output::new(options).text(text)?),
        Verb::List => list(options),
        Verb::Get => get(options),
        Verb::Publish => publish(options),
        Verb::Watch => watch(options),
        Verb::Serve => serve(options),
    }
}

fn list(options: &Options) -> Result<(), Failure> {
    let node = join(options, |_| Ok(()))?;
    let mut tuples = node.snapshot()?;
    tuples.sort_by(|one, other| one.key().cmp(other.key()));
    Ok(Output::new(options).all(&tuples)?)
}

fn get(options: &Options) -> Result<(), Failure> {
    let node = join(options, |_| Ok(()))?;
    let key = &options.words[0];
    match node.get(key)? {
        Some(tuple) => Ok(Output::new(options).value(&tuple)?),
        None => Err(Failure::NotFound(format!("no tuple has the key '{key}'"))),
    }
}

/// Done when somebody else has been told: a second node, that comes to the network by the same way.
fn publish(options: &Options) -> Result<(), Failure> {
    let node = join(options, |_| Ok(()))?;
    let witness = join(options, |_| Ok(()))?;
    for tuple in options.words.chunks(2) {
        node.publish(&tuple[0], &tuple[1])?;
    }
    seen_by(&witness, options)
}

fn watch(options: &Options) -> Result<(), Failure> {
    let mut output = Output::new(options);
    output.heading()?;
    let node = join(options, |tuple| match options.changes {
        true => Ok(()),
        false => Ok(output.change(tuple)?),
    })?;
    show_changes(&node, &mut output)
}

fn serve(options: &Options) -> Result<(), Failure> {
    let node = join::new_node(options)?;
    for endpoint in &options.endpoints {
        match node.bind(endpoint)? {
            0 => eprintln!("zgossip: accepts nodes at {endpoint}"),
            port => eprintln!("zgossip: accepts nodes at {endpoint}, port {port}"),
        }
    }
    for endpoint in &options.connect {
        join::connect(&node, endpoint, options)?;
    }
    let mut output = Output::new(options);
    output.heading()?;
    show_changes(&node, &mut output)
}

/// Until the node ends, or Ctrl-C ends the process.
fn show_changes(node: &Node, output: &mut Output) -> Result<(), Failure> {
    loop {
        match node.recv(None) {
            Ok(Some(Event::Tuple(tuple))) => output.change(&tuple)?,
            Ok(Some(Event::Log { text, .. })) => eprintln!("zgossip: {text}"),
            Ok(_) => {}
            // A terminal that changes its size, for instance.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A time, for people.
fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
