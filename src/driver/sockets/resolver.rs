//! Names of servers, looked up in threads of our own.
//!
//! libzmq looks up a name in the thread that does all its input and output: while a name server does not
//! answer, no link of the whole process moves. So libzmq is given addresses only. A name is looked up
//! again while its server is down, as libzmq would do it: the server may be back under another address.

use crate::core::ServerId;
use crate::driver::ffi::{Families, Signal, loaded, os};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::RawFd;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// So many names are looked up at the same time; the others wait for their turn.
const MOST_THREADS: usize = 64;
/// Enough for what the system's libraries do to look up a name; only what is used takes memory.
const STACK: usize = 256 << 10;

/// A TCP endpoint whose server is given by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// `tcp://`, and the local interface that the endpoint may name.
    prefix: String,
    host: String,
    port: u16,
}

impl Name {
    /// None where there is nothing to look up, or where it is for libzmq to say what is wrong.
    pub(crate) fn of(endpoint: &[u8]) -> Option<Name> {
        let endpoint = std::str::from_utf8(endpoint).ok()?;
        let rest = endpoint.strip_prefix("tcp://")?;
        let server = rest.rsplit_once(';').map_or(rest, |(_, server)| server);
        let (host, port) = server.rsplit_once(':')?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if !host.chars().all(allowed) || !host.chars().any(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let port = port.parse().ok().filter(|&it| it > 0 && port.starts_with(|c| c != '+'))?;
        let prefix = endpoint.strip_suffix(server)?;
        Some(Name { prefix: prefix.to_string(), host: host.to_string(), port })
    }

    /// The endpoint with an address in the place of the name.
    pub(crate) fn at(&self, address: SocketAddr) -> Vec<u8> {
        format!("{}{address}", self.prefix).into_bytes()
    }

    fn look_up(&self, families: Families) -> Result<Vec<SocketAddr>, String> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        let found: Vec<SocketAddr> = found.map_err(|error| error.to_string())?.collect();
        of_families(found, families)
    }
}

/// Those of a name's addresses that the socket takes.
fn of_families(found: Vec<SocketAddr>, families: Families) -> Result<Vec<SocketAddr>, String> {
    let ipv4 = || found.iter().copied().filter(SocketAddr::is_ipv4).collect::<Vec<_>>();
    match (families, ipv4()) {
        (Families::Ipv4, ipv4) if ipv4.is_empty() => {
            Err("the name has no IPv4 address".to_string())
        }
        (Families::Ipv4 | Families::Ipv4First, ipv4) if !ipv4.is_empty() => Ok(ipv4),
        _ => Ok(found),
    }
}

/// What came of looking up a server's name.
pub(crate) type Found = (ServerId, Result<Vec<SocketAddr>, String>);

/// What has come, and whether anything has.
struct Answers {
    found: Mutex<Vec<Found>>,
    signal: Signal,
}

/// Looks up names for one node.
pub(crate) struct Resolver {
    /// The threads do not own it: one that waits for a name server for ever keeps nothing of a node that
    /// has ended.
    answers: Arc<Answers>,
    /// Since when each name is being looked up.
    running: BTreeMap<ServerId, Instant>,
    waiting: VecDeque<(ServerId, Name, Families)>,
}

impl Resolver {
    pub(crate) fn new() -> io::Result<Resolver> {
        let answers = Answers { found: Mutex::default(), signal: Signal::new()? };
        Ok(Resolver {
            answers: Arc::new(answers),
            running: BTreeMap::new(),
            waiting: VecDeque::new(),
        })
    }

    /// Readable when `take` has an answer.
    pub(crate) fn descriptor(&self) -> RawFd {
        self.answers.signal.descriptor()
    }

    /// Look up the name of a server, if that is not being done already.
    pub(crate) fn ask(
        &mut self,
        server: ServerId,
        name: &Name,
        families: Families,
    ) -> io::Result<()> {
        let waits = self.waiting.iter().any(|(waiting, ..)| *waiting == server);
        if waits || self.running.contains_key(&server) {
            return Ok(());
        }
        if self.running.len() >= MOST_THREADS {
            self.waiting.push_back((server, name.clone(), families));
            return Ok(());
        }
        self.start(server, name.clone(), families)
    }

    /// No answer for this server is wanted any more.
    pub(crate) fn forget(&mut self, server: ServerId) {
        self.waiting.retain(|(waiting, ..)| *waiting != server);
    }

    /// For how long the server's name has been looked up without an answer.
    pub(crate) fn waited(&self, server: ServerId) -> Option<Duration> {
        self.running.get(&server).map(Instant::elapsed)
    }

    /// All answers that have come.
    pub(crate) fn take(&mut self) -> Vec<Found> {
        let found = self.answers.take();
        for (server, _) in &found {
            self.running.remove(server);
        }
        while self.running.len() < MOST_THREADS {
            let Some((server, name, families)) = self.waiting.pop_front() else { break };
            // Where there is no thread now, it is asked for again while the server is down.
            let _ = self.start(server, name, families);
        }
        found
    }

    fn start(&mut self, server: ServerId, name: Name, families: Families) -> io::Result<()> {
        // The thread may outlive the node, and with it the last reason to keep the library loaded.
        loaded::stay_loaded();
        let answers: Weak<Answers> = Arc::downgrade(&self.answers);
        let builder = thread::Builder::new().name("zgossip-name".to_string()).stack_size(STACK);
        let look_up = move || {
            let found = name.look_up(families);
            if let Some(answers) = answers.upgrade() {
                answers.add((server, found));
            }
        };
        os::blocked(|| builder.spawn(look_up))?;
        self.running.insert(server, Instant::now());
        Ok(())
    }
}

impl Answers {
    fn add(&self, found: Found) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        self.signal.set();
    }

    fn take(&self) -> Vec<Found> {
        // In this order: what comes in between sets it again.
        self.signal.clear();
        std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The address to try after this one: a name may have several, of which some do not answer.
pub(crate) fn next_address(found: &[SocketAddr], tried: Option<SocketAddr>) -> Option<SocketAddr> {
    let place = tried.and_then(|tried| found.iter().position(|address| *address == tried));
    found.get(place.map_or(0, |place| (place + 1) % found.len())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn with(endpoint: &str, numeric: &str) -> Option<String> {
        let name = Name::of(endpoint.as_bytes())?;
        Some(String::from_utf8(name.at(address(numeric))).unwrap())
    }

    #[test]
    fn a_name_is_replaced_and_everything_else_kept() {
        let found = |endpoint| with(endpoint, "192.0.2.1:5670");
        assert_eq!(found("tcp://server:5670").unwrap(), "tcp://192.0.2.1:5670");
        assert_eq!(found("tcp://eth0;a-b.example_1:5670").unwrap(), "tcp://eth0;192.0.2.1:5670");
        assert_eq!(found("tcp://[::1]:0;server:5670").unwrap(), "tcp://[::1]:0;192.0.2.1:5670");
        assert_eq!(
            with("tcp://server:5670", "[fe80::1%3]:5670").unwrap(),
            "tcp://[fe80::1%3]:5670"
        );
    }

    #[test]
    fn what_is_no_name_is_left_to_libzmq() {
        for endpoint in [
            "tcp://127.0.0.1:5670",
            "tcp://127.1:5670",
            "tcp://[::1]:5670",
            "tcp://[fe80::1%eth0]:5670",
            "tcp://eth0;127.0.0.1:5670",
            "tcp://server",
            "tcp://server:",
            "tcp://server:0",
            "tcp://server:+5",
            "tcp://server:70000",
            "tcp://server:*",
            "tcp://a b:5670",
            "tcp://:5670",
            "ipc://server:5670",
            "inproc://server:5670",
            "server:5670",
            "",
        ] {
            assert_eq!(Name::of(endpoint.as_bytes()), None, "{endpoint}");
        }
        assert_eq!(Name::of(b"tcp://\xff:5670"), None);
    }

    #[test]
    fn the_addresses_of_a_name_are_tried_in_turns() {
        let found = ["192.0.2.1:1", "192.0.2.2:1"].map(address);
        assert_eq!(next_address(&found, None), Some(found[0]));
        assert_eq!(next_address(&found, Some(found[0])), Some(found[1]));
        assert_eq!(next_address(&found, Some(found[1])), Some(found[0]));
        assert_eq!(next_address(&found, Some(address("192.0.2.3:1"))), Some(found[0]));
        assert_eq!(next_address(&[], None), None);
    }

    #[test]
    fn a_name_with_ipv6_addresses_alone_is_reached_where_ipv6_will_do() {
        let (v4, v6) = (address("192.0.2.1:1"), address("[2001:db8::1]:1"));
        let both = || vec![v6, v4];
        assert_eq!(of_families(both(), Families::Ipv4), Ok(vec![v4]));
        assert_eq!(of_families(both(), Families::Ipv4First), Ok(vec![v4]));
        assert_eq!(of_families(both(), Families::Both), Ok(both()));
        assert!(of_families(vec![v6], Families::Ipv4).is_err());
        assert_eq!(of_families(vec![v6], Families::Ipv4First), Ok(vec![v6]));
    }

    #[test]
    fn an_answer_is_told_by_the_descriptor() {
        let mut resolver = Resolver::new().unwrap();
        let name = Name::of(b"tcp://localhost:5670").unwrap();
        resolver.ask(ServerId(7), &name, Families::Ipv4).unwrap();
        resolver.answers.signal.wait(Some(20_000)).unwrap();
        let found = resolver.take();
        assert_eq!(found, [(ServerId(7), Ok(vec![address("127.0.0.1:5670")]))]);
        assert_eq!(resolver.waited(ServerId(7)), None);
    }
}
