//! The owner's commands, carried out.

use super::Node;
use super::command::{self, Command, CommandError};
use super::endpoint::is_inproc;
use super::input::Purpose;
use super::output::{Level, Output};
use super::security::{CurveClient, DEFAULT_DOMAIN, Key, KeyState, Security};
use super::settings::leading_number;
use super::tuples::Refusal;
use super::zpl;

impl Node {
    pub(super) fn on_command(&mut self, frames: &[&[u8]]) {
        let command = command::parse(frames);
        if self.verbose {
            let word = frames.first().map_or(&[][..], |word| crate::wire::until_nul(word));
            let label = self.label.clone();
            self.log(Level::Debug, &[&label, b":     API command=", word]);
        }
        match command {
            Ok(command) => self.carry_out(command),
            Err(CommandError::Unknown(word)) => {
                self.log(Level::Error, &[b"unknown zgossip method '", word, b"'"]);
            }
            Err(CommandError::Missing { command, argument }) => {
                // PORT after a BIND that failed is -1, and this one failed.
                if command == "BIND" {
                    self.port = -1;
                }
                let (command, argument) = (command.as_bytes(), argument.as_bytes());
                self.refuse(&[command, b": the ", argument, b" is missing"]);
            }
        }
    }

    fn carry_out(&mut self, command: Command<'_>) {
        match command {
            Command::Bind { endpoint } => self.bind(endpoint),
            Command::Port => self.outbox.reply("PORT", self.port),
            Command::Load { path } => {
                self.outputs
                    .push_back(Output::Load { path: path.to_vec(), purpose: Purpose::Load });
            }
            Command::Set { path, value } => self.set(path, value),
            Command::Save { path } => self.save(path),
            Command::Connect { endpoint, server_key } => {
                self.connect_as_asked(endpoint, server_key)
            }
            Command::Disconnect { endpoint } => self.disconnect(endpoint),
            Command::Publish { key, value } => {
                if let Err(refusal) = self.publish(key, value) {
                    self.warn_refused(key, refusal);
                }
            }
            Command::Unpublish { key } => {
                self.tuples.hide(key);
            }
            Command::Status => self.outbox.reply("STATUS", self.tuples.len() as i64),
            Command::Verbose => self.verbose = true,
            Command::ZapDomain { domain } => self.zap_domain = Some(domain.to_vec()),
            Command::SetPublicKey { key } => {
                if let Some(key) = self.own_key("SET PUBLICKEY", key) {
                    self.keys.public = Some(key);
                }
            }
            Command::SetSecretKey { key } => {
                if let Some(key) = self.own_key("SET SECRETKEY", key) {
                    self.keys.secret = Some(key);
                }
            }
            Command::Term => self.outputs.push_back(Output::Stop),
            #[cfg(feature = "test-hooks")]
            Command::TestPanic => panic!("forced by the owner"),
        }
    }

    pub(super) fn warn_refused(&mut self, key: &[u8], refusal: Refusal) {
        let shown = key.get(..40).unwrap_or(key);
        let size = key.len().to_string();
        match refusal {
            Refusal::KeyTooLong => self.log(
                Level::Warning,
                &[
                    b"PUBLISH refused: the key '",
                    shown,
                    b"...' has ",
                    size.as_bytes(),
                    b" bytes, at most 255 are possible",
                ],
            ),
            Refusal::ValueTooLong => self.log(
                Level::Warning,
                &[b"PUBLISH refused: the value of '", shown, b"' is longer than a frame can say"],
            ),
        }
    }

    fn set(&mut self, path: &[u8], value: &[u8]) {
        let path = path.strip_prefix(b"/").unwrap_or(path);
        if path == b"server/timeout" && leading_number(value) < 0 {
            self.refuse(&[b"SET refused: server/timeout = '", value, b"' is negative"]);
            return;
        }
        if let Err(reason) = self.settings.put(path, value) {
            self.refuse(&[b"SET refused: path '", path, b"': ", reason.to_string().as_bytes()]);
            return;
        }
        if path == b"server/animate" {
            self.log(
                Level::Warning,
                &[b"'server/animate' is deprecated, use VERBOSE command instead"],
            );
            self.verbose = leading_number(value) == 1;
        }
        self.apply_server_settings(path == b"server/background");
    }

    fn save(&mut self, path: &[u8]) {
        match zpl::format(self.settings.tree()) {
            Ok(content) => self.outputs.push_back(Output::Save { path: path.to_vec(), content }),
            Err(fault) => self.on_save_failed(path, &fault.to_string()),
        }
    }

    pub(super) fn on_save_failed(&mut self, path: &[u8], reason: &str) {
        self.refuse(&[b"cannot save config file '", path, b"' (", reason.as_bytes(), b")"]);
    }

    /// A key for this node itself; None where it is not used, with the reason in the log.
    fn own_key(&mut self, command: &str, text: &[u8]) -> Option<Key> {
        if self.options.ignore_keys {
            self.say_keys_are_ignored();
            return None;
        }
        let key = Key::from_z85(text);
        if key.is_none() {
            // The text itself may be a secret with a typing error in it.
            let command = command.as_bytes();
            self.refuse(&[command, b": not a key of 40 Z85 characters"]);
        }
        key
    }

    pub(super) fn say_keys_are_ignored(&mut self) {
        if !std::mem::replace(&mut self.said_keys_are_ignored, true) {
            self.log(
                Level::Warning,
                &[b"CURVE keys are ignored because ZGOSSIP_IGNORE_KEYS is set: \
                    this node talks in plain text"],
            );
        }
    }

    fn bind(&mut self, endpoint: &[u8]) {
        match self.keys.state() {
            KeyState::Missing(command) => {
                self.port = -1;
                self.refuse(&[
                    b"could not bind to ",
                    endpoint,
                    b": only one of the two keys is set, ",
                    command.as_bytes(),
                    b" is missing",
                ]);
                return;
            }
            KeyState::Pair(public, secret) => {
                let domain = self.zap_domain.clone().unwrap_or_else(|| DEFAULT_DOMAIN.to_vec());
                let security = Security::Curve { public, secret, domain };
                self.outputs.push_back(Output::Secure(Box::new(security)));
            }
            KeyState::None => {
                if let Some(domain) = self.zap_domain.clone().filter(|_| !self.options.ignore_keys)
                {
                    let security = self.configured_security.clone();
                    self.outputs.push_back(Output::Secure(Box::new(security.with_domain(domain))));
                }
            }
        }
        self.outputs.push_back(Output::Bind { endpoint: endpoint.to_vec(), by_file: false });
    }

    pub(super) fn on_bound(
        &mut self,
        endpoint: &[u8],
        by_file: bool,
        outcome: Result<Option<u16>, &str>,
    ) {
        match outcome {
            Ok(port) => {
                if let Some(port) = port {
                    self.last_tcp_port = i64::from(port);
                }
                self.port = self.last_tcp_port;
                if !self.bound.iter().any(|bound| bound == endpoint) {
                    self.bound.push(endpoint.to_vec());
                }
            }
            Err(reason) => {
                // PORT tells the owner of its own failures only (observed).
                if !by_file {
                    self.port = -1;
                }
                self.refuse(&[b"could not bind to ", endpoint, b" (", reason.as_bytes(), b")"]);
            }
        }
    }

    /// CONNECT with what keys there are: encrypted, or refused with a reason. Plain text is for
    /// nodes that have no keys.
    fn connect_as_asked(&mut self, endpoint: &[u8], server_key: Option<&[u8]>) {
        if self.options.ignore_keys {
            if server_key.is_some() {
                self.say_keys_are_ignored();
            }
            return self.connect(endpoint, None);
        }
        match self.curve_for(endpoint, server_key) {
            Ok(curve) => self.connect(endpoint, curve),
            Err(reason) => {
                self.refuse(&[b"CONNECT to '", endpoint, b"' refused: ", reason.as_bytes()])
            }
        }
    }

    fn curve_for(
        &self,
        endpoint: &[u8],
        server_key: Option<&[u8]>,
    ) -> Result<Option<Box<CurveClient>>, String> {
        match (server_key, self.keys.state()) {
            (None, KeyState::None) => Ok(None),
            // Nothing leaves the process, and libzmq does not encrypt inproc.
            (None, _) if is_inproc(endpoint) => Ok(None),
            (_, KeyState::Missing(command)) => {
                Err(format!("only one of the two keys is set, {command} is missing"))
            }
            (None, KeyState::Pair(..)) => {
                Err("this node has keys, so it needs the server's public \
                key as well; it does not talk in plain text"
                    .to_string())
            }
            (Some(_), KeyState::None) => Err("a server key is no use without keys of one's own: \
                SET PUBLICKEY and SET SECRETKEY first"
                .to_string()),
            (Some(text), KeyState::Pair(public, secret)) => match Key::from_z85(text) {
                Some(server) => Ok(Some(Box::new(CurveClient { server, public, secret }))),
                None => Err("the server key is not a key of 40 Z85 characters".to_string()),
            },
        }
    }
}
