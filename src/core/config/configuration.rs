//! Everything that can be configured, and the commands that do it.

use super::bindings::Bindings;
use super::endpoint::bind_flaw;
use super::keys::Keys;
use super::settings::{Settings, leading_number};
use super::zpl;
use crate::core::input::Millis;
use crate::core::io::Io;
use crate::core::output::{Level, Output};
use crate::core::security::{CurveClient, Security};

/// `server/timeout` where neither the owner nor the file says otherwise, in milliseconds.
const DEFAULT_TIMEOUT: &[u8] = b"1000";

/// All that can be configured.
#[derive(Debug)]
pub(in crate::core) struct Config {
    pub(super) settings: Settings,
    pub(super) keys: Keys,
    pub(super) bindings: Bindings,
    /// The security that the configuration file asks for, and the ZAP domain for the certificate that it
    /// names.
    pub(super) security: Security,
    pub(super) certificate_domain: Vec<u8>,
    linger: Millis,
}

impl Config {
    /// Nothing configured. `ignore_keys`: CURVE keys are ignored, as in the released CZMQ. `linger`: for so many
    /// milliseconds the node's end waits without progress, where nobody says otherwise.
    pub(in crate::core) fn new(ignore_keys: bool, linger: Millis) -> Config {
        let mut settings = Settings::new();
        let fits = settings.put(b"server/timeout", DEFAULT_TIMEOUT);
        debug_assert!(fits.is_ok());
        Config {
            settings,
            keys: Keys::new(ignore_keys),
            bindings: Bindings::default(),
            security: Security::Null { domain: None },
            certificate_domain: Vec::new(),
            linger,
        }
    }

    /// For how long the end of the node, and FLUSH, wait without progress, in milliseconds.
    pub(in crate::core) fn linger(&self) -> Millis {
        let said = self.settings.number(b"zgossip/linger").map(Millis::try_from);
        said.and_then(Result::ok).unwrap_or(self.linger)
    }

    /// The number that PORT tells.
    pub(in crate::core) fn port(&self) -> i64 {
        self.bindings.port()
    }

    /// The owner's SET.
    pub(in crate::core) fn set(&mut self, io: &mut Io, path: &[u8], value: &[u8]) {
        let path = path.strip_prefix(b"/").unwrap_or(path);
        if matches!(path, b"PUBLICKEY" | b"SECRETKEY") {
            // As a setting a secret would be saved, and not be used.
            return io.refuse(&[b"SET refused: 'SET ", path, b"' is one frame, the key the next"]);
        }
        if path == b"server/timeout" && leading_number(value) < 0 {
            return io.refuse(&[b"SET refused: server/timeout = '", value, b"' is negative"]);
        }
        if let Err(reason) = self.settings.put(path, value) {
            return io.refuse(&[b"SET refused: path '", path, b"': ", reason.as_bytes()]);
        }
        if path == b"server/animate" {
            io.log(
                Level::Warning,
                &[b"'server/animate' is deprecated, use VERBOSE command instead"],
            );
            io.trace_settings().set_verbose(leading_number(value) == 1);
        }
        self.apply_server_settings(io, path == b"server/background");
    }

    /// What takes effect at once of the sections `server` and `zgossip/limits`.
    pub(super) fn apply_server_settings(&mut self, io: &mut Io, background_named: bool) {
        let number = |name: &[u8]| self.settings.number(&[b"zgossip/limits/", name].concat());
        io.limits_mut().configure(number);
        if self.settings.number(b"server/verbose").unwrap_or(0) != 0 {
            io.trace_settings().set_verbose(true);
        }
        // CZMQ's actor sends the log of the whole process to standard output unless this says 1.
        // Here the program's choice stands until somebody asks for it by name.
        if background_named && self.settings.number(b"server/background") == Some(0) {
            io.push(Output::LogToStdout);
        }
    }

    /// The owner's SET PUBLICKEY.
    pub(in crate::core) fn set_public_key(&mut self, io: &mut Io, text: &[u8]) {
        let bound = self.bindings.are_open();
        self.keys.set_public(io, text, bound);
    }

    /// The owner's SET SECRETKEY.
    pub(in crate::core) fn set_secret_key(&mut self, io: &mut Io, text: &[u8]) {
        let bound = self.bindings.are_open();
        self.keys.set_secret(io, text, bound);
    }

    /// The owner's ZAP DOMAIN.
    pub(in crate::core) fn set_zap_domain(&mut self, domain: &[u8]) {
        self.keys.set_zap_domain(domain);
    }

    /// The keys for a CONNECT. `Some(None)` means plain text. None means that the CONNECT is refused, as a
    /// node that has keys does not talk in plain text.
    pub(in crate::core) fn keys_for_connect(
        &mut self,
        io: &mut Io,
        endpoint: &[u8],
        server_key: Option<&[u8]>,
    ) -> Option<Option<Box<CurveClient>>> {
        self.keys.for_connect(io, endpoint, server_key)
    }

    /// The owner's BIND, with its keys where there are any.
    pub(in crate::core) fn bind(&mut self, io: &mut Io, endpoint: &[u8]) {
        match self.keys.for_router(&self.security) {
            Ok(security) => {
                security.into_iter().for_each(|it| io.push(Output::Secure(Box::new(it))));
                self.bind_to(io, endpoint, false);
            }
            Err(command) => {
                self.bind_failed();
                io.refuse(&[
                    b"could not bind to ",
                    endpoint,
                    b": only one of the two keys is set, ",
                    command.as_bytes(),
                    b" is missing",
                ]);
            }
        }
    }

    /// Bind, unless nobody could ever reach the node there.
    pub(super) fn bind_to(&mut self, io: &mut Io, endpoint: &[u8], by_file: bool) {
        match bind_flaw(endpoint) {
            None => io.push(Output::Bind { endpoint: endpoint.to_vec(), by_file }),
            Some(reason) => self.on_bound(io, endpoint, by_file, Err(&reason)),
        }
    }

    /// The owner's BIND has failed. PORT will say so.
    pub(in crate::core) fn bind_failed(&mut self) {
        self.bindings.failed();
    }

    /// The outcome of a bind: for a TCP endpoint its port.
    pub(in crate::core) fn on_bound(
        &mut self,
        io: &mut Io,
        endpoint: &[u8],
        by_file: bool,
        outcome: Result<Option<u16>, &str>,
    ) {
        match outcome {
            Ok(port) => self.bindings.add(endpoint, port),
            Err(reason) => {
                // PORT tells of a BIND of the owner that failed, not of one by file (observed).
                if !by_file {
                    self.bind_failed();
                }
                io.refuse(&[b"could not bind to ", endpoint, b" (", reason.as_bytes(), b")"]);
            }
        }
    }

    /// The owner's SAVE.
    pub(in crate::core) fn save(&self, io: &mut Io, path: &[u8]) {
        match zpl::format(self.settings.tree()) {
            Ok(content) => io.push(Output::Save { path: path.to_vec(), content }),
            Err(fault) => save_failed(io, path, &fault.to_string()),
        }
    }
}

/// The configuration could not be saved.
pub(in crate::core) fn save_failed(io: &mut Io, path: &[u8], reason: &str) {
    io.refuse(&[b"cannot save config file '", path, b"' (", reason.as_bytes(), b")"]);
}
