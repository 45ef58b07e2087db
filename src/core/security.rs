//! CURVE keys, and what a socket is told about security.

use std::fmt;

/// The domain that the ZAP handler is given where keys are set and no other was named (CZMQ's draft API).
const DEFAULT_DOMAIN: &[u8] = b"global";

/// A CURVE key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) [u8; 32]);

impl fmt::Debug for Key {
    // A secret key must not reach a log by way of a debug print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// Read a key as ZeroMQ writes it: 40 characters of Z85 (ZeroMQ RFC 32).
    pub(crate) fn from_z85(text: &[u8]) -> Option<Key> {
        let mut key = [0; 32];
        if text.len() != 40 {
            return None;
        }
        for (four, five) in key.chunks_exact_mut(4).zip(text.chunks_exact(5)) {
            let mut number: u32 = 0;
            for &character in five {
                number = number.checked_mul(85)?.checked_add(z85_digit(character)?)?;
            }
            four.copy_from_slice(&number.to_be_bytes());
        }
        Some(Key(key))
    }
}

fn z85_digit(character: u8) -> Option<u32> {
    const DIGITS: &[u8; 85] =
        b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    DIGITS.iter().position(|&digit| digit == character).and_then(|place| u32::try_from(place).ok())
}

/// What is asked about clients before they may come in. Nothing, unless a domain is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Zap {
    /// The domain that a ZAP handler is asked about; empty for none.
    pub(crate) domain: Vec<u8>,
    /// Nobody comes in where there is no handler. Otherwise everybody does.
    pub(crate) required: bool,
}

impl Zap {
    /// A domain that somebody has named.
    pub(super) fn named(domain: Vec<u8>) -> Zap {
        Zap { required: !domain.is_empty(), domain }
    }
}

/// What the ROUTER demands of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Security {
    /// Anybody may connect, subject to the ZAP handler if a domain is set.
    Null { zap: Zap },
    /// User name and password, judged by the ZAP handler.
    Plain { zap: Zap },
    /// Encrypted; who may connect is up to the ZAP handler, if one runs.
    Curve { public: Key, secret: Key, zap: Zap },
    /// Encryption was asked for and cannot be had. Nothing may be bound, because the alternative is plain
    /// text.
    Unavailable,
}

impl Security {
    /// Encrypted by these keys.
    pub(super) fn curve(public: Key, secret: Key, mut zap: Zap) -> Security {
        if zap.domain.is_empty() {
            zap.domain = DEFAULT_DOMAIN.to_vec();
        }
        Security::Curve { public, secret, zap }
    }

    /// The same security with this to be asked about clients.
    pub(super) fn with_zap(self, zap: Zap) -> Security {
        match self {
            Security::Null { .. } => Security::Null { zap },
            Security::Plain { .. } => Security::Plain { zap },
            Security::Curve { public, secret, .. } => Security::curve(public, secret, zap),
            Security::Unavailable => Security::Unavailable,
        }
    }

    /// What is asked about clients.
    pub(crate) fn zap(&self) -> Option<&Zap> {
        match self {
            Security::Null { zap } | Security::Plain { zap } | Security::Curve { zap, .. } => {
                Some(zap)
            }
            Security::Unavailable => None,
        }
    }
}

/// What a DEALER needs to reach a CURVE server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurveClient {
    pub(crate) server: Key,
    pub(crate) public: Key,
    pub(crate) secret: Key,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of ZeroMQ RFC 32 and of the CURVE example in libzmq's manual (zmq_curve).
    #[test]
    fn keys_are_read_as_zeromq_writes_them() {
        let key = Key::from_z85(b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7").unwrap();
        assert_eq!(&key.0[..8], &[0x54, 0xFC, 0xBA, 0x24, 0xE9, 0x32, 0x49, 0x96]);
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        for text in [
            &b""[..],
            b"short",
            b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf",
            b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf77",
            b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf ",
            b"#####00000000000000000000000000000000000",
        ] {
            assert_eq!(Key::from_z85(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        assert_eq!(format!("{:?}", Key([7; 32])), "Key(..)");
    }
}
