//! Endpoints as the owner writes them.

/// The first and the last port that `tcp://host:*` may take: IANA's dynamic range.
const DYNAMIC: (u16, u16) = (49_152, 65_535);

/// An endpoint whose port the node chooses: CZMQ's own notation, which libzmq does not know.
///
/// `tcp://host:*` takes the lowest free port, `tcp://host:!` the next free one from a random port on. A range
/// may follow: `[a-b]`, `[a-]`, `[-b]` (zsock's documentation; observed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PortChoice {
    /// The endpoint without colon and port.
    pub(crate) host: Vec<u8>,
    pub(crate) first: u16,
    pub(crate) last: u16,
    /// Start at a random port of the range.
    pub(crate) random: bool,
}

impl PortChoice {
    /// None where the endpoint names its port, or is not a TCP endpoint.
    pub(crate) fn parse(endpoint: &[u8]) -> Option<PortChoice> {
        let rest = endpoint.strip_prefix(b"tcp://")?;
        let colon = rest.iter().rposition(|&byte| byte == b':')?;
        let (host, port) = rest.split_at_checked(colon)?;
        let (&operator, range) = port.get(1..)?.split_first()?;
        if operator != b'*' && operator != b'!' {
            return None;
        }
        let (first, last) = range_of(range)?;
        let host = [b"tcp://", host].concat();
        Some(PortChoice { host, first, last, random: operator == b'!' })
    }

    /// The endpoint with one port of the range.
    pub(crate) fn with_port(&self, port: u16) -> Vec<u8> {
        [self.host.as_slice(), b":", port.to_string().as_bytes()].concat()
    }
}

fn range_of(text: &[u8]) -> Option<(u16, u16)> {
    if text.is_empty() {
        return Some(DYNAMIC);
    }
    let inner = text.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let dash = inner.iter().position(|&byte| byte == b'-')?;
    let (first, last) = inner.split_at_checked(dash)?;
    Some((port(first, DYNAMIC.0)?, port(last.get(1..)?, DYNAMIC.1)?))
}

fn port(digits: &[u8], default: u16) -> Option<u16> {
    if digits.is_empty() {
        return Some(default);
    }
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Why a server can never be reached at this endpoint. None where it may, or where libzmq says why not.
///
/// libzmq reads `99999` as the port 34463, and `80x` as 80.
pub(crate) fn connect_flaw(endpoint: &[u8]) -> Option<String> {
    match tcp_port(endpoint)? {
        Ok(b"0") => Some("no server has the port 0".to_string()),
        Ok(digits) if port(digits, 0).is_some() => None,
        Ok(other) => Some(no_port(other)),
        Err(reason) => Some(reason),
    }
}

/// Why a node can never be reached at this endpoint. None where it may, or where libzmq says why not.
pub(crate) fn bind_flaw(endpoint: &[u8]) -> Option<String> {
    match tcp_port(endpoint)? {
        Ok(digits) if port(digits, 0).is_some() => None,
        Ok(_) if PortChoice::parse(endpoint).is_some() => None,
        Ok(other) => Some(no_port(other)),
        Err(reason) => Some(reason),
    }
}

/// What stands behind the last colon of a TCP endpoint, or why there is nothing. None for other transports.
fn tcp_port(endpoint: &[u8]) -> Option<Result<&[u8], String>> {
    if !endpoint.windows(3).any(|part| part == b"://") {
        let reason = "an endpoint begins with its transport, such as tcp://";
        return Some(Err(reason.to_string()));
    }
    let rest = endpoint.strip_prefix(b"tcp://")?;
    let port = rest.iter().rposition(|&byte| byte == b':').map(|colon| &rest[colon + 1..]);
    // The last colon may be one of the address itself: `[::1]`, but not `*[1-9]`.
    let port = port
        .filter(|port| !port.ends_with(b"]") || port.starts_with(b"*") || port.starts_with(b"!"));
    let missing = "a TCP endpoint ends with a colon and a port, such as :5670";
    Some(port.filter(|port| !port.is_empty()).ok_or(missing.to_string()))
}

fn no_port(text: &[u8]) -> String {
    format!("'{}' is no port: they go from 1 to 65535", String::from_utf8_lossy(text))
}

/// Whether the endpoint stays inside the process, where nothing can be overheard.
pub(crate) fn is_inproc(endpoint: &[u8]) -> bool {
    endpoint.starts_with(b"inproc://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(endpoint: &str) -> Option<(String, u16, u16, bool)> {
        let choice = PortChoice::parse(endpoint.as_bytes())?;
        let host = String::from_utf8(choice.host).unwrap();
        Some((host, choice.first, choice.last, choice.random))
    }

    #[test]
    fn the_notations_of_zsock_are_understood() {
        let host = || "tcp://127.0.0.1".to_string();
        assert_eq!(choice("tcp://127.0.0.1:*"), Some((host(), 49_152, 65_535, false)));
        assert_eq!(choice("tcp://127.0.0.1:!"), Some((host(), 49_152, 65_535, true)));
        assert_eq!(choice("tcp://127.0.0.1:*[60000-]"), Some((host(), 60_000, 65_535, false)));
        assert_eq!(choice("tcp://127.0.0.1:*[-50000]"), Some((host(), 49_152, 50_000, false)));
        assert_eq!(choice("tcp://127.0.0.1:![5-7]"), Some((host(), 5, 7, true)));
        assert_eq!(choice("tcp://*:*"), Some(("tcp://*".to_string(), 49_152, 65_535, false)));
        assert_eq!(
            choice("tcp://[::1]:*"),
            Some(("tcp://[::1]".to_string(), 49_152, 65_535, false))
        );
    }

    #[test]
    fn everything_else_is_left_to_libzmq() {
        for endpoint in [
            "tcp://127.0.0.1:5555",
            "tcp://127.0.0.1:0",
            "tcp://127.0.0.1",
            "tcp://*",
            "tcp://",
            "inproc://x:*",
            "tcp://h:*[1-",
            "tcp://h:*[a-b]",
            "tcp://h:*[1]",
            "tcp://h:*[1-99999]",
            "tcp://h:*x",
            "",
        ] {
            assert_eq!(choice(endpoint), None, "{endpoint}");
        }
    }

    #[test]
    fn what_can_never_work_is_refused_with_the_reason() {
        let tcp = "an endpoint begins with its transport, such as tcp://";
        let missing = "a TCP endpoint ends with a colon and a port, such as :5670";
        for (endpoint, reason) in [
            ("127.0.0.1:5670", tcp),
            ("", tcp),
            ("tcp:/h:1", tcp),
            ("tcp://", missing),
            ("tcp://h", missing),
            ("tcp://h:", missing),
            ("tcp://[::1]", missing),
            ("tcp://h:65536", "'65536' is no port: they go from 1 to 65535"),
            ("tcp://[::1]:99999", "'99999' is no port: they go from 1 to 65535"),
            ("tcp://h:80x", "'80x' is no port: they go from 1 to 65535"),
            ("tcp://h:-1", "'-1' is no port: they go from 1 to 65535"),
            ("tcp://h:*[1-99999]", "'*[1-99999]' is no port: they go from 1 to 65535"),
        ] {
            assert_eq!(connect_flaw(endpoint.as_bytes()).as_deref(), Some(reason), "{endpoint}");
            assert_eq!(bind_flaw(endpoint.as_bytes()).as_deref(), Some(reason), "{endpoint}");
        }
        for endpoint in ["tcp://h:0", "tcp://h:*", "tcp://h:![5-7]"] {
            assert!(connect_flaw(endpoint.as_bytes()).is_some(), "{endpoint}");
            assert_eq!(bind_flaw(endpoint.as_bytes()), None, "{endpoint}");
        }
        for endpoint in
            ["tcp://h:1", "tcp://[::1]:65535", "tcp://a:0;h:7", "inproc://x", "ipc://x", "udp://h"]
        {
            assert_eq!(connect_flaw(endpoint.as_bytes()), None, "{endpoint}");
            assert_eq!(bind_flaw(endpoint.as_bytes()), None, "{endpoint}");
        }
    }

    #[test]
    fn a_port_is_put_back_behind_the_host() {
        let choice = PortChoice::parse(b"tcp://[::1]:*").unwrap();
        assert_eq!(choice.with_port(50_001), b"tcp://[::1]:50001");
    }
}
