//! Everything that can be configured, and the commands that do it.

use super::access::Access;
use super::bindings::Bindings;
use super::endpoint::{bind_flaw, is_inproc};
use super::keys::Keys;
use super::settings::{Settings, leading_number};
use super::zpl;
use crate::core::input::Millis;
use crate::core::io::Io;
use crate::core::output::{Level, Output};
use crate::core::security::{CurveClient, Security, Zap};
use crate::core::setup::Setup;

/// `server/timeout` where neither the owner nor the file says otherwise, in milliseconds.
const DEFAULT_TIMEOUT: &[u8] = b"1000";

/// All that can be configured.
#[derive(Debug)]
pub(in crate::core) struct Config {
    pub(super) settings: Settings,
    pub(super) keys: Keys,
    pub(super) bindings: Bindings,
    pub(super) access: Access,
    /// The security that the configuration file asks for, and what is asked about clients of the certificate
    /// that it names.
    pub(super) security: Security,
    pub(super) certificate_zap: Zap,
    /// The security that the ROUTER was given last.
    in_force: Security,
    linger: Millis,
}

impl Config {
    /// Nothing configured.
    pub(in crate::core) fn new(setup: &Setup) -> Config {
        let mut settings = Settings::new();
        let fits = settings.put(b"server/timeout", DEFAULT_TIMEOUT);
        debug_assert!(fits.is_ok());
        Config {
            settings,
            keys: Keys::new(setup.ignore_keys),
            bindings: Bindings::default(),
            access: Access::new(setup.node),
            security: Security::Null { zap: Zap::default() },
            certificate_zap: Zap::default(),
            in_force: Security::Null { zap: Zap::default() },
            linger: setup.linger,
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
        match path {
            b"zgossip/security/allow" => self.allow(io, value),
            b"zgossip/security/certificates" => self.allow_certificates(io, value),
            _ => self.apply_server_settings(io, path == b"server/background"),
        }
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
                security.into_iter().for_each(|it| self.enforce(io, it));
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
        match bind_flaw(endpoint).or_else(|| self.access_flaw(endpoint)) {
            None => io.push(Output::Bind { endpoint: endpoint.to_vec(), by_file }),
            Some(reason) => self.on_bound(io, endpoint, by_file, Err(&reason)),
        }
    }

    /// Why this node lets in nobody there, although there is a list of those who may come in.
    fn access_flaw(&self, endpoint: &[u8]) -> Option<String> {
        // Nobody from outside this process comes in there.
        if is_inproc(endpoint) {
            return None;
        }
        match (self.access.zap(), &self.in_force) {
            (None, _) => None,
            (Some(_), Security::Curve { .. }) => self.access.flaw().map(str::to_string),
            (Some(_), _) => Some("ALLOW needs keys: SET PUBLICKEY and SET SECRETKEY first".into()),
        }
    }

    /// Give the ROUTER this security. While there is a list of those who may come in, that list is asked.
    pub(super) fn enforce(&mut self, io: &mut Io, security: Security) {
        self.in_force = match self.access.zap() {
            Some(zap) => security.with_zap(zap),
            None => security,
        };
        io.push(Output::Secure(Box::new(self.in_force.clone())));
    }

    /// There is a list of those who may come in from now on, unless others come in already.
    pub(super) fn begin_list(&mut self, io: &mut Io) -> bool {
        if self.access.zap().is_none() {
            if self.bindings.are_open() {
                io.refuse(&[b"ALLOW refused: this node is bound already, and lets in whoever \
                              knows its public key"]);
                return false;
            }
            self.access.begin();
            if matches!(self.in_force, Security::Curve { .. }) {
                self.enforce(io, self.in_force.clone());
            }
        }
        true
    }

    /// The owner's ALLOW: this client may come in, and nobody who is not allowed.
    #[cold]
    pub(in crate::core) fn allow(&mut self, io: &mut Io, text: &[u8]) {
        if let Some(key) = self.keys.read(io, "ALLOW", text) {
            if self.begin_list(io) {
                self.access.allow(io, key);
            }
        }
    }

    /// Those may come in whose certificates are in this directory.
    pub(super) fn allow_certificates(&mut self, io: &mut Io, path: &[u8]) {
        if self.keys.are_ignored() {
            self.keys.say_ignored(io);
        } else if self.begin_list(io) {
            self.access.allow_certificates(io, path);
        }
    }

    /// The list of those who may come in is asked about clients from now on, or cannot be.
    #[cold]
    pub(in crate::core) fn on_admitted(&mut self, io: &mut Io, outcome: Result<(), &str>) {
        self.access.on_admitted(io, outcome);
    }

    /// Clients were not let in because nobody answers for the ZAP domain.
    #[cold]
    pub(in crate::core) fn on_no_zap_handler(&mut self, io: &mut Io, domain: &[u8]) {
        self.access.on_no_zap_handler(io, domain);
    }

    /// A client was turned away because of the list.
    #[cold]
    pub(in crate::core) fn on_turned_away(&mut self, io: &mut Io, address: &[u8]) {
        self.access.on_turned_away(io, address);
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
