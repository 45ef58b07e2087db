//! A configuration file that was read, and what it brings about.

use super::configuration::Config;
use super::settings::{Settings, leading_number};
use super::zpl::{self, Item};
use crate::core::input::Purpose;
use crate::core::io::Io;
use crate::core::output::{Level, Output};
use crate::core::security::{Key, Security, Zap};

impl Config {
    /// A file has been read, or could not be read.
    pub(in crate::core) fn on_loaded(
        &mut self,
        io: &mut Io,
        path: &[u8],
        purpose: Purpose,
        content: Result<&[u8], &str>,
    ) {
        if purpose == Purpose::Certificate {
            return self.on_certificate(io, path, content);
        }
        match read_settings(content) {
            Ok(settings) => {
                self.settings = settings;
                io.push(Output::Watch { path: path.to_vec() });
                self.apply_service(io);
                self.apply_server_settings(io, true);
                if purpose == Purpose::Reload {
                    io.log(Level::Notice, &[b"reloaded configuration from ", path]);
                }
            }
            // The node goes on with the settings that it had.
            Err(reason) => {
                io.refuse(&[b"cannot load config file '", path, b"' (", reason.as_bytes(), b")"]);
            }
        }
    }

    /// The section `zgossip`: its items take effect in the order of the file.
    fn apply_service(&mut self, io: &mut Io) {
        let items = self.settings.section(b"zgossip").map(|section| section.children.clone());
        for item in items.unwrap_or_default() {
            match item.name.as_slice() {
                b"echo" => {
                    let text = item.value.unwrap_or_default();
                    io.log(Level::Notice, &[&text]);
                }
                b"bind" => self.apply_bind(io, &item),
                b"security" => self.apply_security(io, &item),
                _ => {}
            }
        }
    }

    /// The file names an endpoint to bind. One that is bound already stays as it is.
    fn apply_bind(&mut self, io: &mut Io, item: &Item) {
        let endpoint = item.get(b"endpoint").unwrap_or(b"?");
        if !self.bindings.contains(endpoint) {
            self.bind_to(io, endpoint, true);
        }
    }

    fn apply_security(&mut self, io: &mut Io, item: &Item) {
        self.apply_access(io, item);
        let zap = item.get(b"domain").map(|name| Zap::named(name.to_vec())).unwrap_or_default();
        match item.get(b"mechanism").unwrap_or(b"null") {
            b"null" => {
                io.log(Level::Notice, &[b"server is using NULL security"]);
                self.secure(io, Security::Null { zap });
            }
            b"plain" => {
                io.log(Level::Notice, &[b"server is using PLAIN security"]);
                self.secure(io, Security::Plain { zap });
            }
            b"curve" if self.keys.are_ignored() => self.keys.say_ignored(io),
            b"curve" => {
                self.certificate_zap = zap;
                match item.get(b"secret-key") {
                    Some(path) => {
                        io.push(Output::Load {
                            path: path.to_vec(),
                            purpose: Purpose::Certificate,
                        });
                    }
                    None => {
                        io.refuse(&[
                            b"mechanism=curve needs secret-key, the name of a certificate file",
                        ]);
                        self.secure(io, Security::Unavailable);
                    }
                }
            }
            other => io.refuse(&[b"mechanism=", other, b" is not supported"]),
        }
    }

    /// Who may come in. Where a key cannot be read the others are on the list all the same: with none at all
    /// everybody would come in.
    fn apply_access(&mut self, io: &mut Io, item: &Item) {
        let named = |name: &'static [u8]| {
            let found = item.children.iter().filter(move |child| child.name == name);
            found.map(|child| child.value.as_deref().unwrap_or_default())
        };
        let directory = named(b"certificates").next();
        let texts: Vec<&[u8]> = named(b"allow").collect();
        let read = |text: &&[u8]| self.keys.read(io, "zgossip/security/allow", text);
        let keys: Vec<Key> = texts.iter().filter_map(read).collect();
        let wanted = directory.is_some() || !texts.is_empty();
        if self.keys.are_ignored() || (wanted && !self.begin_list(io)) {
            return;
        }
        self.access.is_configured(io, keys);
        if let Some(path) = directory {
            self.access.allow_certificates(io, path);
        }
    }

    fn secure(&mut self, io: &mut Io, security: Security) {
        self.security = security.clone();
        self.enforce(io, security);
    }

    /// The certificate that `security/secret-key` names, in zcert's format.
    fn on_certificate(&mut self, io: &mut Io, path: &[u8], content: Result<&[u8], &str>) {
        match read_certificate(content) {
            Ok((public, secret)) => {
                io.log(Level::Notice, &[b"using CURVE security"]);
                self.secure(io, Security::curve(public, secret, self.certificate_zap.clone()));
            }
            Err(reason) => {
                io.refuse(&[b"cannot load certificate '", path, b"' (", reason.as_bytes(), b")"]);
                self.secure(io, Security::Unavailable);
            }
        }
    }

    /// A directory of certificates in zcert's format has been read, for the first time or because it has changed.
    /// What is no certificate is passed over, as CZMQ's zcertstore does.
    #[cold]
    pub(in crate::core) fn on_certificates(
        &mut self,
        io: &mut Io,
        path: &[u8],
        files: Result<&[Vec<u8>], &str>,
    ) {
        let public = |file: &Vec<u8>| {
            let tree = zpl::parse(file).ok()?;
            Key::from_z85(Settings::from(tree).get(b"curve/public-key")?)
        };
        let keys = files.map(|files| files.iter().filter_map(public).collect());
        self.access.on_certificates(io, path, keys);
    }
}

fn read_settings(content: Result<&[u8], &str>) -> Result<Settings, String> {
    let tree = zpl::parse(content?).map_err(|fault| fault.to_string())?;
    let settings = Settings::from(tree);
    match settings.get(b"server/timeout").filter(|value| leading_number(value) < 0) {
        Some(value) => {
            let value = String::from_utf8_lossy(value);
            Err(format!("server/timeout = '{value}' is negative"))
        }
        None => Ok(settings),
    }
}

fn read_certificate(content: Result<&[u8], &str>) -> Result<(Key, Key), String> {
    let tree = zpl::parse(content?).map_err(|fault| fault.to_string())?;
    let settings = Settings::from(tree);
    let key = |name: &str| {
        let text = settings.get(name.as_bytes()).ok_or(format!("{name} is missing"))?;
        Key::from_z85(text).ok_or(format!("{name} is not a key of 40 Z85 characters"))
    };
    Ok((key("curve/public-key")?, key("curve/secret-key")?))
}
