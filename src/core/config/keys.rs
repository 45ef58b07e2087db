//! The node's own keys, and how they are used when it binds and connects.

use super::endpoint::is_inproc;
use crate::core::io::Io;
use crate::core::output::Level;
use crate::core::security::{CurveClient, Key, Security, Zap};

/// The node's own keys, as far as the owner has set them.
#[derive(Debug, Default)]
struct OwnKeys {
    public: Option<Key>,
    secret: Option<Key>,
}

/// What the node's own keys allow.
#[derive(Debug, PartialEq, Eq)]
enum KeyState {
    /// Neither was set.
    None,
    /// Both were set.
    Pair(Key, Key),
    /// One was set. This command sets the other.
    Missing(&'static str),
}

impl OwnKeys {
    /// What they allow.
    fn state(&self) -> KeyState {
        match (self.public, self.secret) {
            (None, None) => KeyState::None,
            (Some(public), Some(secret)) => KeyState::Pair(public, secret),
            (None, Some(_)) => KeyState::Missing("SET PUBLICKEY"),
            (Some(_), None) => KeyState::Missing("SET SECRETKEY"),
        }
    }
}

/// What the owner has set by SET PUBLICKEY, SET SECRETKEY and ZAP DOMAIN.
#[derive(Debug)]
pub(super) struct Keys {
    own: OwnKeys,
    zap_domain: Option<Vec<u8>>,
    /// CURVE keys are ignored, as in the released CZMQ (environment: ZGOSSIP_IGNORE_KEYS).
    ignored: bool,
    said_ignored: bool,
}

impl Keys {
    pub(super) fn new(ignored: bool) -> Keys {
        Keys { own: OwnKeys::default(), zap_domain: None, ignored, said_ignored: false }
    }

    pub(super) fn are_ignored(&self) -> bool {
        self.ignored
    }

    /// Say, once, that keys were given and are not used.
    pub(super) fn say_ignored(&mut self, io: &mut Io) {
        if !std::mem::replace(&mut self.said_ignored, true) {
            io.log(
                Level::Warning,
                &[b"CURVE keys are ignored because ZGOSSIP_IGNORE_KEYS is set: \
                    this node talks in plain text"],
            );
        }
    }

    /// Read a key; None where it cannot be used. The owner is told why.
    pub(super) fn read(&mut self, io: &mut Io, command: &str, text: &[u8]) -> Option<Key> {
        if self.ignored {
            self.say_ignored(io);
            return None;
        }
        let key = Key::from_z85(text);
        if key.is_none() {
            // The text itself may be a secret with a typing error in it.
            io.refuse(&[command.as_bytes(), b": not a key of 40 Z85 characters"]);
        }
        key
    }

    /// `bound`: others reach this node already, and would do so without this key.
    pub(super) fn set_public(&mut self, io: &mut Io, text: &[u8], bound: bool) {
        let before = self.own.public;
        self.own.public = self.next(io, "SET PUBLICKEY", text, before, bound);
    }

    /// `bound`: as for the public key.
    pub(super) fn set_secret(&mut self, io: &mut Io, text: &[u8], bound: bool) {
        let before = self.own.secret;
        self.own.secret = self.next(io, "SET SECRETKEY", text, before, bound);
    }

    /// The key from now on: this one, or the one before.
    fn next(
        &mut self,
        io: &mut Io,
        command: &str,
        text: &[u8],
        before: Option<Key>,
        bound: bool,
    ) -> Option<Key> {
        let key = self.read(io, command, text).or(before);
        if bound && key != before {
            io.refuse(&[
                command.as_bytes(),
                b" refused: this node is bound already, without that key",
            ]);
            return before;
        }
        key
    }

    pub(super) fn set_zap_domain(&mut self, domain: &[u8]) {
        self.zap_domain = Some(domain.to_vec());
    }

    /// The keys for a CONNECT: see
    /// [`Config::keys_for_connect`](super::configuration::Config::keys_for_connect).
    pub(super) fn for_connect(
        &mut self,
        io: &mut Io,
        endpoint: &[u8],
        server_key: Option<&[u8]>,
    ) -> Option<Option<Box<CurveClient>>> {
        if self.ignored {
            if server_key.is_some() {
                self.say_ignored(io);
            }
            return Some(None);
        }
        let curve = self.for_dealer(endpoint, server_key);
        if let Err(reason) = &curve {
            io.refuse(&[b"CONNECT to '", endpoint, b"' refused: ", reason.as_bytes()]);
        }
        curve.ok()
    }

    /// The security that the ROUTER is given for the next BIND, if another one; or the command that is
    /// missing.
    pub(super) fn for_router(
        &self,
        configured: &Security,
    ) -> Result<Option<Security>, &'static str> {
        let zap = self.zap_domain.clone().filter(|_| !self.ignored).map(Zap::named);
        match self.own.state() {
            KeyState::Missing(command) => Err(command),
            KeyState::Pair(public, secret) => {
                Ok(Some(Security::curve(public, secret, zap.unwrap_or_default())))
            }
            KeyState::None => Ok(zap.map(|zap| configured.clone().with_zap(zap))),
        }
    }

    /// The keys that a DEALER is given to connect to this endpoint, or why it may not connect.
    fn for_dealer(
        &self,
        endpoint: &[u8],
        server_key: Option<&[u8]>,
    ) -> Result<Option<Box<CurveClient>>, String> {
        match (server_key, self.own.state()) {
            (None, KeyState::None) => Ok(None),
            // Nothing leaves the process, and libzmq does not encrypt there.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_names_the_missing_command() {
        let key = Key([1; 32]);
        assert_eq!(OwnKeys::default().state(), KeyState::None);
        let keys = OwnKeys { public: None, secret: Some(key) };
        assert_eq!(keys.state(), KeyState::Missing("SET PUBLICKEY"));
        let keys = OwnKeys { public: Some(key), secret: None };
        assert_eq!(keys.state(), KeyState::Missing("SET SECRETKEY"));
    }
}
