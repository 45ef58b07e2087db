//! What was typed.

use super::{Failure, help};
use lexopt::{Arg, Parser, ValueExt};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Help(&'static str),
    List,
    Get,
    Publish,
    Watch,
    Serve,
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) verb: Verb,
    /// To be connected to; of serve, to be bound.
    pub(crate) endpoints: Vec<String>,
    /// Of get, the key; of publish, keys and values in turn.
    pub(crate) words: Vec<String>,
    /// Of serve: to be connected to.
    pub(crate) connect: Vec<String>,
    pub(crate) timeout: Duration,
    pub(crate) json: bool,
    pub(crate) changes: bool,
    pub(crate) verbose: bool,
    pub(crate) server_key: Option<String>,
    /// Public and secret, from the environment: command lines are seen by others.
    pub(crate) keys: Option<(String, String)>,
}

impl Options {
    pub(crate) fn parse() -> Result<Options, Failure> {
        let mut options = Options {
            verb: Verb::Help(help::GENERAL),
            endpoints: Vec::new(),
            words: Vec::new(),
            connect: Vec::new(),
            timeout: Duration::from_secs(5),
            json: false,
            changes: false,
            verbose: false,
            server_key: None,
            keys: None,
        };
        let words = options.take(Parser::from_env())?;
        if !matches!(options.verb, Verb::Help(_)) {
            options.share_out(words)?;
            options.keys = keys_of_environment()?;
        }
        Ok(options)
    }

    /// Set what options set; the verb's words are left.
    fn take(&mut self, mut parser: Parser) -> Result<Vec<String>, Failure> {
        let mut words = Vec::new();
        let mut wants_help = false;
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => wants_help = true,
                Arg::Short('V') | Arg::Long("version") => {
                    self.verb = Verb::Help(help::VERSION);
                    return Ok(Vec::new());
                }
                Arg::Short('j') | Arg::Long("json") => self.json = true,
                Arg::Short('v') | Arg::Long("verbose") => self.verbose = true,
                Arg::Short('t') | Arg::Long("timeout") => {
                    self.timeout = parser.value()?.parse_with(duration)?;
                }
                Arg::Short('c') | Arg::Long("connect") => {
                    self.connect.push(parser.value()?.string()?)
                }
                Arg::Long("changes") => self.changes = true,
                Arg::Long("server-key") => self.server_key = Some(parser.value()?.string()?),
                Arg::Value(word) => words.push(word.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        if words.is_empty() {
            // Nothing was asked: that is a question, too, but not one to answer on standard output.
            return if wants_help { Ok(words) } else { Err(usage("what to do?")) };
        }
        let (verb, help) = match words.remove(0).as_str() {
            "list" => (Verb::List, help::LIST),
            "get" => (Verb::Get, help::GET),
            "publish" => (Verb::Publish, help::PUBLISH),
            "watch" => (Verb::Watch, help::WATCH),
            "serve" => (Verb::Serve, help::SERVE),
            "help" => (Verb::Help(help::GENERAL), help::GENERAL),
            other => return Err(usage(format!("there is no command '{other}'"))),
        };
        self.verb = if wants_help { Verb::Help(help) } else { verb };
        Ok(words)
    }

    /// Which words are endpoints, and which are not.
    fn share_out(&mut self, mut words: Vec<String>) -> Result<(), Failure> {
        if words.is_empty() {
            return Err(usage("an endpoint is missing, such as tcp://127.0.0.1:5670"));
        }
        match self.verb {
            Verb::Get | Verb::Publish => {
                self.words = words.split_off(1);
                match (self.verb, self.words.len()) {
                    (Verb::Get, 1) => {}
                    (Verb::Get, _) => return Err(usage("get takes an endpoint and one key")),
                    (_, count) if count > 0 && count % 2 == 0 => {}
                    _ => return Err(usage("publish takes an endpoint, and a value for each key")),
                }
            }
            _ => {}
        }
        self.endpoints = words;
        if self.verb != Verb::Serve && !self.connect.is_empty() {
            return Err(usage("--connect is for serve"));
        }
        if self.verb != Verb::Watch && self.changes {
            return Err(usage("--changes is for watch"));
        }
        Ok(())
    }
}

fn usage(text: impl Into<String>) -> Failure {
    Failure::Usage(text.into())
}

fn duration(seconds: &str) -> Result<Duration, &'static str> {
    let seconds: f64 = seconds.parse().map_err(|_| "not a number of seconds")?;
    Duration::try_from_secs_f64(seconds.min(1e9)).map_err(|_| "not a number of seconds")
}

fn keys_of_environment() -> Result<Option<(String, String)>, Failure> {
    let key = |name| std::env::var(name).ok();
    match (key("ZGOSSIP_PUBLIC_KEY"), key("ZGOSSIP_SECRET_KEY")) {
        (Some(public), Some(secret)) => Ok(Some((public, secret))),
        (None, None) => Ok(None),
        _ => Err(usage("of ZGOSSIP_PUBLIC_KEY and ZGOSSIP_SECRET_KEY only one is set")),
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Failure {
        usage(error.to_string())
    }
}
