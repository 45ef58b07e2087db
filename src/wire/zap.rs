//! ZAP, ZeroMQ's protocol by which a handler says who may come in (ZeroMQ RFC 27).

/// What libzmq asks of a handler about one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ZapRequest<'a> {
    /// The number of the request, for the reply.
    pub(crate) id: &'a [u8],
    pub(crate) domain: &'a [u8],
    /// The client's IP address, in text.
    pub(crate) address: &'a [u8],
    pub(crate) mechanism: &'a [u8],
    /// For CURVE: the client's public key.
    pub(crate) credentials: Option<&'a [u8]>,
}

/// More frames than any request has.
pub(crate) const MAX_ZAP_FRAMES: usize = 8;

const VERSION: &[u8] = b"1.0";

impl<'a> ZapRequest<'a> {
    /// Read the frames of a request. None where they are none.
    pub(crate) fn read(frames: &[&'a [u8]]) -> Option<ZapRequest<'a>> {
        match *frames {
            [VERSION, id, domain, address, _identity, mechanism, ref credentials @ ..] => {
                let credentials = credentials.first().copied();
                Some(ZapRequest { id, domain, address, mechanism, credentials })
            }
            _ => None,
        }
    }

    /// The frames that let this client in, or turn it away.
    pub(crate) fn reply(id: &'a [u8], admitted: bool) -> [&'a [u8]; 6] {
        match admitted {
            true => [VERSION, id, b"200", b"OK", b"", b""],
            false => [VERSION, id, b"400", b"the key is not allowed", b"", b""],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames of RFC 27, section "Request".
    #[test]
    fn a_request_is_read_as_the_rfc_has_it() {
        let frames: [&[u8]; 7] =
            [b"1.0", b"7", b"domain", b"127.0.0.1", b"identity", b"CURVE", &[9; 32]];
        let request = ZapRequest::read(&frames).unwrap();
        assert_eq!(request.id, b"7");
        assert_eq!(request.domain, b"domain");
        assert_eq!(request.address, b"127.0.0.1");
        assert_eq!(request.mechanism, b"CURVE");
        assert_eq!(request.credentials, Some(&[9; 32][..]));
        assert_eq!(ZapRequest::read(&frames[..6]).unwrap().credentials, None);
    }

    #[test]
    fn what_is_no_request_is_none() {
        assert_eq!(ZapRequest::read(&[]), None);
        assert_eq!(ZapRequest::read(&[b"1.0", b"7", b"d", b"a", b"i"]), None);
        assert_eq!(ZapRequest::read(&[b"2.0", b"7", b"d", b"a", b"i", b"CURVE", b"k"]), None);
    }

    /// The frames of RFC 27, section "Reply".
    #[test]
    fn a_reply_has_the_status_of_the_rfc() {
        let status = |admitted| ZapRequest::reply(b"7", admitted)[..3].to_vec();
        assert_eq!(status(true), [&b"1.0"[..], b"7", b"200"]);
        assert_eq!(status(false), [&b"1.0"[..], b"7", b"400"]);
    }
}
