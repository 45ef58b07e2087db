//! The owner's commands, carried out.

use super::parse::{Command, CommandError, parse};
use crate::core::config::{Config, leading_number};
use crate::core::flushes::Waits;
use crate::core::input::{Millis, Purpose};
use crate::core::output::{Level, Output};
use crate::core::protocol::with_servers;
use crate::core::replica::Replica;
use crate::core::replication::{flush, replicate};
use crate::wire::until_nul;

/// With progress, the end of the node waits at most so many times as long as without.
const LONGEST: Millis = 40;

/// Do what a command of the owner asks for, or say why not.
pub(in crate::core) fn execute(config: &mut Config, replica: &mut Replica, frames: &[&[u8]]) {
    let io = &mut replica.io;
    if io.is_verbose() {
        let word = frames.first().map_or(&[][..], |word| until_nul(word));
        let label = io.trace_settings().label().to_vec();
        io.log(Level::Debug, &[&label, b":     API command=", word]);
    }
    match parse(frames) {
        Ok(command) => carry_out(config, replica, command),
        Err(CommandError::Unknown(word)) => {
            io.log(Level::Error, &[b"unknown zgossip method '", word, b"'"]);
        }
        Err(CommandError::Missing { command, argument }) => {
            // After a BIND that failed PORT tells -1, and this one has failed.
            if command == "BIND" {
                config.bind_failed();
            }
            let (command, argument) = (command.as_bytes(), argument.as_bytes());
            io.refuse(&[command, b": the ", argument, b" is missing"]);
        }
    }
}

fn carry_out(config: &mut Config, replica: &mut Replica, command: Command<'_>) {
    let io = &mut replica.io;
    match command {
        Command::Bind { endpoint } => config.bind(io, endpoint),
        Command::Port => io.outbox().reply("PORT", config.port()),
        Command::Load { path } => {
            io.push(Output::Load { path: path.to_vec(), purpose: Purpose::Load });
        }
        Command::Set { path, value } => config.set(io, path, value),
        Command::Save { path } => config.save(io, path),
        Command::Connect { endpoint, server_key } => {
            if let Some(curve) = config.keys_for_connect(io, endpoint, server_key) {
                with_servers::connect(replica, endpoint, curve);
            }
        }
        Command::Disconnect { endpoint } => with_servers::disconnect(replica, endpoint),
        Command::Publish { key, value } => {
            if let Err(refusal) = replicate::publish(replica, key, value) {
                replicate::warn_refused(replica, key, refusal);
            }
        }
        Command::Unpublish { key } => {
            replicate::unpublish(replica, key);
        }
        Command::Status => io.outbox().reply("STATUS", replica.tuples.len() as i64),
        Command::Keys { prefix } => tell_keys(replica, prefix.unwrap_or_default()),
        Command::Tuple { key } => tell_tuple(replica, key),
        Command::Verbose => io.trace_settings().set_verbose(true),
        Command::ZapDomain { domain } => config.set_zap_domain(domain),
        Command::Allow { key } => config.allow(io, key),
        Command::SetPublicKey { key } => config.set_public_key(io, key),
        Command::SetSecretKey { key } => config.set_secret_key(io, key),
        Command::Flush { timeout } => wait_for_all(config, replica, timeout),
        Command::Term => end(config, replica),
        #[cfg(feature = "test-hooks")]
        Command::TestPanic => panic!("forced by the owner"),
    }
}

/// KEYS: all keys that begin so.
fn tell_keys(replica: &mut Replica, prefix: &[u8]) {
    let Replica { tuples, io, .. } = replica;
    let keys = tuples.shown().map(|(key, _)| key).filter(|key| key.starts_with(prefix));
    let keys = keys.map(Box::from).collect();
    io.outbox().answer("KEYS", keys);
}

/// TUPLE: the key, and its value if there is one.
fn tell_tuple(replica: &mut Replica, key: &[u8]) {
    let Replica { tuples, io, .. } = replica;
    let value = tuples.get(key).map(|(value, _)| value);
    let texts = [Some(key), value].into_iter().flatten().map(Box::from).collect();
    io.outbox().answer("TUPLE", texts);
}

/// FLUSH, for at most so many milliseconds: -1, or none, is as long as anything is taken.
fn wait_for_all(config: &Config, replica: &mut Replica, timeout: Option<&[u8]>) {
    let linger = config.linger();
    match timeout.and_then(|text| Millis::try_from(leading_number(text)).ok()) {
        Some(most) => {
            // The time is told in whole milliseconds, and may be nearly one more: nobody waits for less than was said.
            let most = if most == 0 { 0 } else { most.saturating_add(1) };
            let end = replica.io.now().saturating_add(most);
            flush::begin(replica, Waits::Flush, most, end);
        }
        None => flush::begin(replica, Waits::Flush, linger, Millis::MAX),
    }
}

/// The node ends, once the neighbours have what this node has written.
fn end(config: &Config, replica: &mut Replica) {
    if replica.clock.has_authored() && !replica.flushes.is_ending() {
        let linger = config.linger();
        // However long somebody seems to take something, a program ends.
        let end = replica.io.now().saturating_add(LONGEST.saturating_mul(linger));
        flush::begin(replica, Waits::End, linger, end);
    } else {
        replica.io.push(Output::Stop);
    }
}
