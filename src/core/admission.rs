//! Who may come in.

use super::security::Key;
use crate::wire::ZapRequest;

/// The clients that may come in by the binds of one node, which have a ZAP domain of their own. Nobody else may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) domain: Vec<u8>,
    pub(crate) keys: Vec<Key>,
}

impl Admission {
    /// Whether this client may.
    pub(crate) fn admits(&self, request: &ZapRequest<'_>) -> bool {
        let key = request.credentials.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        request.domain == self.domain
            && request.mechanism == b"CURVE"
            && key.is_some_and(|key| self.keys.contains(&Key(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_comes_in_but_by_curve_with_a_key_of_the_list() {
        let admission = Admission { domain: b"domain".to_vec(), keys: Vec::from([Key([7; 32])]) };
        let allowed = ZapRequest {
            id: b"1",
            domain: b"domain",
            address: b"127.0.0.1",
            mechanism: b"CURVE",
            credentials: Some(&[7; 32]),
        };
        assert!(admission.admits(&allowed));
        for turned_away in [
            ZapRequest { domain: b"another", ..allowed },
            ZapRequest { mechanism: b"NULL", ..allowed },
            ZapRequest { credentials: None, ..allowed },
            ZapRequest { credentials: Some(&[7; 31]), ..allowed },
            ZapRequest { credentials: Some(&[8; 32]), ..allowed },
        ] {
            assert!(!admission.admits(&turned_away), "{turned_away:?}");
        }
    }
}
