//! The configuration file, applied.

use super::Node;
use super::input::Purpose;
use super::output::{Level, Output};
use super::security::{DEFAULT_DOMAIN, Key, Security};
use super::settings::{Settings, leading_number};
use super::zpl::{self, Item};

/// `server/timeout` where neither the owner nor the file says otherwise, in milliseconds.
pub(super) const DEFAULT_TIMEOUT: &[u8] = b"1000";

impl Security {
    /// The same with a ZAP domain.
    pub(super) fn with_domain(self, domain: Vec<u8>) -> Security {
        match self {
            Security::Null { .. } => Security::Null { domain: Some(domain) },
            Security::Plain { .. } => Security::Plain { domain: Some(domain) },
            Security::Curve { public, secret, .. } => Security::Curve { public, secret, domain },
            Security::Unavailable => Security::Unavailable,
        }
    }
}

impl Node {
    /// A file has been read, or could not be.
    pub(super) fn on_loaded(
        &mut self,
        path: &[u8],
        purpose: Purpose,
        content: Result<&[u8], &str>,
    ) {
        if purpose == Purpose::Certificate {
            return self.on_certificate(path, content);
        }
        let parsed = content
            .map_err(str::to_string)
            .and_then(|text| zpl::parse(text).map_err(|fault| fault.to_string()));
        let tree = match parsed.map(Settings::from) {
            Ok(settings) => match negative_timeout(&settings) {
                Some(value) => Err(format!("server/timeout = '{value}' is negative")),
                None => Ok(settings),
            },
            Err(fault) => Err(fault),
        };
        match tree {
            Ok(settings) => {
                self.settings = settings;
                self.outputs.push_back(Output::Watch { path: path.to_vec() });
                self.apply_service();
                self.apply_server_settings(true);
                if purpose == Purpose::Reload {
                    self.log(Level::Notice, &[b"reloaded configuration from ", path]);
                }
            }
            // The node goes on with what it had.
            Err(reason) => {
                self.refuse(&[b"cannot load config file '", path, b"' (", reason.as_bytes(), b")"])
            }
        }
    }

    /// Items of the section `zgossip`, in the order of the file.
    fn apply_service(&mut self) {
        let items = self.settings.section(b"zgossip").map(|section| section.children.clone());
        for item in items.unwrap_or_default() {
            match item.name.as_slice() {
                b"echo" => {
                    let text = item.value.unwrap_or_default();
                    self.log(Level::Notice, &[&text]);
                }
                b"bind" => self.apply_bind(&item),
                b"security" => self.apply_security(&item),
                _ => {}
            }
        }
    }

    /// A file says what should be bound; what is bound already stays as it is.
    fn apply_bind(&mut self, item: &Item) {
        let endpoint = item.get(b"endpoint").unwrap_or(b"?");
        if !self.bound.iter().any(|bound| bound == endpoint) {
            self.outputs.push_back(Output::Bind { endpoint: endpoint.to_vec(), by_file: true });
        }
    }

    fn apply_security(&mut self, item: &Item) {
        let domain = item.get(b"domain").map(<[u8]>::to_vec);
        match item.get(b"mechanism").unwrap_or(b"null") {
            b"null" => {
                self.log(Level::Notice, &[b"server is using NULL security"]);
                self.secure(Security::Null { domain });
            }
            b"plain" => {
                self.log(Level::Notice, &[b"server is using PLAIN security"]);
                self.secure(Security::Plain { domain });
            }
            b"curve" if self.options.ignore_keys => self.say_keys_are_ignored(),
            b"curve" => {
                self.certificate_domain = domain.unwrap_or_else(|| DEFAULT_DOMAIN.to_vec());
                match item.get(b"secret-key") {
                    Some(path) => self.outputs.push_back(Output::Load {
                        path: path.to_vec(),
                        purpose: Purpose::Certificate,
                    }),
                    None => {
                        self.refuse(&[
                            b"mechanism=curve needs secret-key, the name of a certificate file",
                        ]);
                        self.secure(Security::Unavailable);
                    }
                }
            }
            other => self.refuse(&[b"mechanism=", other, b" is not supported"]),
        }
    }

    fn secure(&mut self, security: Security) {
        self.configured_security = security.clone();
        self.outputs.push_back(Output::Secure(Box::new(security)));
    }

    /// The certificate that `security/secret-key` names, in the format of zcert.
    fn on_certificate(&mut self, path: &[u8], content: Result<&[u8], &str>) {
        let keys = content.map_err(str::to_string).and_then(|text| {
            let tree = zpl::parse(text).map_err(|fault| fault.to_string())?;
            let settings = Settings::from(tree);
            let key = |name: &str| {
                let text = settings.get(name.as_bytes()).ok_or(format!("{name} is missing"))?;
                Key::from_z85(text).ok_or(format!("{name} is not a key of 40 Z85 characters"))
            };
            Ok((key("curve/public-key")?, key("curve/secret-key")?))
        });
        match keys {
            Ok((public, secret)) => {
                self.log(Level::Notice, &[b"using CURVE security"]);
                let domain = self.certificate_domain.clone();
                self.secure(Security::Curve { public, secret, domain });
            }
            Err(reason) => {
                self.refuse(&[b"cannot load certificate '", path, b"' (", reason.as_bytes(), b")"]);
                self.secure(Security::Unavailable);
            }
        }
    }

    /// Section `server`: what takes effect at once.
    pub(super) fn apply_server_settings(&mut self, background_named: bool) {
        if self.settings.number(b"server/verbose").unwrap_or(0) != 0 {
            self.verbose = true;
        }
        // The C actor sends the log of the whole process to standard output unless this says 1.
        // Here the program's choice stands until somebody asks for it by name.
        if background_named && self.settings.number(b"server/background") == Some(0) {
            self.outputs.push_back(Output::LogToStdout);
        }
    }
}

fn negative_timeout(settings: &Settings) -> Option<String> {
    let value = settings.get(b"server/timeout")?;
    (leading_number(value) < 0).then(|| String::from_utf8_lossy(value).into_owned())
}
