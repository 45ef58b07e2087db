//! What the owner has configured: settings, keys, and what is bound.

mod apply;
mod binding;
mod endpoint;
mod keys;
mod settings;
mod zpl;

pub(crate) use endpoint::{PortChoice, is_inproc};

use super::io::Io;
use super::output::{Level, Output};
use super::security::Security;
use binding::Bindings;
use keys::Keys;
use settings::{Settings, leading_number};

/// `server/timeout` where neither the owner nor the file says otherwise, in milliseconds.
const DEFAULT_TIMEOUT: &[u8] = b"1000";

/// All that can be configured.
#[derive(Debug)]
pub(super) struct Config {
    settings: Settings,
    keys: Keys,
    bindings: Bindings,
    /// Security by the configuration file, and the ZAP domain for the certificate that it names.
    security: Security,
    certificate_domain: Vec<u8>,
}

impl Config {
    /// Nothing configured. `ignore_keys`: CURVE keys are ignored, as in the released CZMQ.
    pub(super) fn new(ignore_keys: bool) -> Config {
        let mut settings = Settings::new();
        let fits = settings.put(b"server/timeout", DEFAULT_TIMEOUT);
        debug_assert!(fits.is_ok());
        Config {
            settings,
            keys: Keys::new(ignore_keys),
            bindings: Bindings::default(),
            security: Security::Null { domain: None },
            certificate_domain: Vec::new(),
        }
    }

    /// What PORT answers.
    pub(super) fn port(&self) -> i64 {
        self.bindings.port()
    }

    /// SET of the owner.
    pub(super) fn set(&mut self, io: &mut Io, path: &[u8], value: &[u8]) {
        let path = path.strip_prefix(b"/").unwrap_or(path);
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

    /// SAVE of the owner.
    pub(super) fn save(&self, io: &mut Io, path: &[u8]) {
        match zpl::format(self.settings.tree()) {
            Ok(content) => io.push(Output::Save { path: path.to_vec(), content }),
            Err(fault) => save_failed(io, path, &fault.to_string()),
        }
    }
}

/// A configuration could not be saved.
pub(super) fn save_failed(io: &mut Io, path: &[u8], reason: &str) {
    io.refuse(&[b"cannot save config file '", path, b"' (", reason.as_bytes(), b")"]);
}
