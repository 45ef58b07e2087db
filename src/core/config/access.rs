//! The list of those who may come in, if the owner or the configuration wants one.

use crate::core::admission::Admission;
use crate::core::input::Millis;
use crate::core::io::Io;
use crate::core::log::{Throttle, times_before};
use crate::core::output::{Level, Output};
use crate::core::security::{Key, Zap};

/// Clients that are turned away make one line in so many milliseconds.
const TURNED_AWAY: Millis = 60_000;

/// Whether there is a list, and who is on it. Without one everybody may come in who knows the node's public
/// key, unless a ZAP handler of the process says otherwise.
#[derive(Debug)]
pub(super) struct Access {
    /// The ZAP domain of this node's binds while there is a list. No other node has it.
    domain: Vec<u8>,
    list: Option<List>,
    turned_away: Throttle,
    unanswered: Throttle,
}

/// Those on the list, by who has put them there.
#[derive(Debug, Default)]
struct List {
    by_owner: Vec<Key>,
    by_file: Vec<Key>,
    certificates: Vec<Key>,
    /// Where those certificates are.
    directory: Option<Vec<u8>>,
    /// Why nobody may come in at all: somebody else in the process decides about that.
    flaw: Option<String>,
}

impl Access {
    /// No list. `node`: a random number that no other node has.
    pub(super) fn new(node: u64) -> Access {
        let domain = format!("zgossip-{node:016x}").into_bytes();
        Access {
            domain,
            list: None,
            turned_away: Throttle::default(),
            unanswered: Throttle::default(),
        }
    }

    /// What the binds are given while there is a list.
    pub(super) fn zap(&self) -> Option<Zap> {
        self.list.as_ref().map(|_| Zap { domain: self.domain.clone(), required: true })
    }

    /// Why nothing may be bound, if something is wrong with the list.
    pub(super) fn flaw(&self) -> Option<&str> {
        self.list.as_ref()?.flaw.as_deref()
    }

    /// There is a list from now on, whoever is on it.
    pub(super) fn begin(&mut self) {
        self.list.get_or_insert_default();
    }

    /// The owner allows this key.
    pub(super) fn allow(&mut self, io: &mut Io, key: Key) {
        let Some(list) = &mut self.list else { return };
        if !list.by_owner.contains(&key) {
            list.by_owner.push(key);
        }
        self.tell(io);
    }

    /// The file allows these keys, and a directory only if that comes next.
    pub(super) fn is_configured(&mut self, io: &mut Io, keys: Vec<Key>) {
        let Some(list) = &mut self.list else { return };
        list.by_file = keys;
        list.certificates.clear();
        list.directory = None;
        self.tell(io);
    }

    /// Those may come in whose certificates are in this directory.
    pub(super) fn allow_certificates(&mut self, io: &mut Io, path: &[u8]) {
        let Some(list) = &mut self.list else { return };
        list.directory = Some(path.to_vec());
        io.push(Output::Certificates { path: path.to_vec() });
    }

    /// The directory of certificates has been read. Where it cannot be, nobody comes in by it.
    pub(super) fn on_certificates(
        &mut self,
        io: &mut Io,
        path: &[u8],
        keys: Result<Vec<Key>, &str>,
    ) {
        // A directory that is not named any more may still change.
        let named = |list: &&mut List| list.directory.as_deref() == Some(path);
        let Some(list) = self.list.as_mut().filter(named) else { return };
        match &keys {
            Ok(keys) => {
                let count = keys.len().to_string();
                io.log(Level::Notice, &[count.as_bytes(), b" certificates in '", path, b"'"]);
            }
            Err(reason) => {
                io.refuse(&[b"cannot read certificates of '", path, b"': ", reason.as_bytes()]);
            }
        }
        list.certificates = keys.unwrap_or_default();
        self.tell(io);
    }

    /// Have the driver ask this list about clients.
    fn tell(&self, io: &mut Io) {
        let Some(list) = &self.list else { return };
        let keys = [&list.by_owner[..], &list.by_file, &list.certificates].concat();
        let admission = Admission { domain: self.domain.clone(), keys };
        io.push(Output::Admit(Box::new(admission)));
    }

    /// Whether the list is asked about clients.
    pub(super) fn on_admitted(&mut self, io: &mut Io, outcome: Result<(), &str>) {
        if let Some(list) = &mut self.list {
            list.flaw = outcome.err().map(str::to_string);
        }
        if let Err(reason) = outcome {
            io.refuse(&[b"ALLOW refused: ", reason.as_bytes()]);
        }
    }

    /// A client was turned away.
    pub(super) fn on_turned_away(&mut self, io: &mut Io, address: &[u8]) {
        let Some(more) = self.turned_away.pass(io.now(), TURNED_AWAY) else { return };
        let more = times_before(more);
        let parts: &[&[u8]] = &[
            b"a client from ",
            address,
            b" is not let in: its key is not allowed",
            more.as_bytes(),
        ];
        io.log(Level::Warning, parts);
    }

    /// Clients were not let in because nobody answers for this ZAP domain.
    pub(super) fn on_no_zap_handler(&mut self, io: &mut Io, domain: &[u8]) {
        if self.unanswered.pass(io.now(), TURNED_AWAY).is_some() {
            let parts: &[&[u8]] = &[
                b"nobody is let in until a ZAP handler runs in this process (domain '",
                domain,
                b"')",
            ];
            io.log(Level::Warning, parts);
        }
    }
}
