//! What the node must hold, by what it tells a client that is always connected and says nothing.

use crate::core::ServerId;
use crate::wire::Stamp;
use std::collections::{HashMap, HashSet};

/// Who has caused something. Numbers tell one connection from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Owner,
    Client(usize, u32),
    Server(ServerId, u32),
    Time,
}

/// The tuple set, put together from two sides.
#[derive(Default)]
pub(super) struct Held {
    /// By what the node tells its clients: the values, and who has brought each.
    pub(super) tuples: HashMap<Vec<u8>, (Vec<u8>, Cause)>,
    stamps: HashMap<Vec<u8>, Stamp>,
    /// Keys that the owner has unpublished. Peers that lack them are told them all the same.
    unpublished: HashSet<Vec<u8>>,
    /// Everything that anybody has ever offered.
    offered: HashSet<(Vec<u8>, Vec<u8>)>,
    pub(super) keys: HashSet<Vec<u8>>,
    /// By what the owner said: the values. None once a peer has offered something too.
    by_owner: Option<HashMap<Vec<u8>, Vec<u8>>>,
}

impl Held {
    pub(super) fn new() -> Held {
        Held { by_owner: Some(HashMap::new()), ..Held::default() }
    }

    pub(super) fn offer(&mut self, key: &[u8], value: &[u8], cause: Cause) {
        self.offered.insert((key.to_vec(), value.to_vec()));
        self.keys.insert(key.to_vec());
        match &mut self.by_owner {
            Some(tuples) if cause == Cause::Owner => {
                tuples.insert(key.to_vec(), value.to_vec());
            }
            by_owner => *by_owner = None,
        }
    }

    /// Whether this stamp is older than that of the tuple that came from there: no honest peer says that.
    pub(super) fn is_contrary(&self, key: &[u8], stamp: Option<Stamp>, from: Cause) -> bool {
        let older = |held: &Stamp| stamp.is_some_and(|stamp| stamp < *held);
        let by = self.tuples.get(key).map(|(_, cause)| *cause);
        by == Some(from) && self.stamps.get(key).is_some_and(older)
    }

    pub(super) fn unpublish(&mut self, key: &[u8]) {
        if self.tuples.remove(key).is_some() {
            self.unpublished.insert(key.to_vec());
        }
        if let Some(tuples) = &mut self.by_owner {
            tuples.remove(key);
        }
    }

    /// The node replicates a change: of the value, or of its stamp.
    pub(super) fn changed(&mut self, key: &[u8], value: &[u8], stamp: Stamp, cause: Cause) {
        self.unpublished.remove(key);
        let before = self.stamps.insert(key.to_vec(), stamp);
        let newer = before.is_none_or(|before| before < stamp);
        let old = self.tuples.insert(key.to_vec(), (value.to_vec(), cause));
        assert!(
            newer || old.is_none_or(|(old, _)| old != value),
            "replicated although nothing changed"
        );
        self.assert_offered(key, value);
    }

    pub(super) fn assert_offered(&self, key: &[u8], value: &[u8]) {
        let tuple = (key.to_vec(), value.to_vec());
        assert!(self.offered.contains(&tuple), "a tuple that nobody published: {tuple:?}");
    }

    /// A tuple is sent to a peer. It must be the present one, and must not have come from there.
    pub(super) fn assert_sent_well(&self, key: &[u8], value: &[u8], to: Cause, czmq: bool) {
        if self.unpublished.contains(key) {
            return self.assert_offered(key, value);
        }
        let Some((held, cause)) = self.tuples.get(key) else { panic!("not held: {key:?}") };
        assert_eq!(held, value, "a value of the past");
        // A CZMQ peer may have to be told its own value again, where our value has replaced it there.
        assert!(czmq || *cause != to, "sent back to where it came from");
    }

    /// What STATUS tells.
    pub(super) fn check(&self, count: usize) {
        assert_eq!(count, self.tuples.len(), "keys held, and keys that peers were told of");
        let Some(by_owner) = &self.by_owner else { return };
        assert_eq!(count, by_owner.len(), "keys held, and keys that the owner published");
    }

    /// The values are those that the owner published last.
    pub(super) fn check_values(&self) {
        let Some(by_owner) = &self.by_owner else { return };
        for (key, value) in by_owner {
            assert_eq!(self.tuples.get(key).map(|(held, _)| held), Some(value));
        }
    }

    /// The first tuple of which a peer holds another value, or none, in words.
    pub(super) fn first_other(&self, view: &HashMap<Vec<u8>, (Vec<u8>, Stamp)>) -> Option<String> {
        let other = |key: &Vec<u8>, value| view.get(key).is_none_or(|(held, _)| held != value);
        let (key, held) = self.tuples.iter().find(|(key, (value, _))| other(key, value))?;
        let (has, stamp) = (view.get(key), self.stamps.get(key));
        Some(format!("of {key:?} it has {has:?} and not {held:?} with {stamp:?}"))
    }

    /// Whether these are all the tuples that are held.
    pub(super) fn all_in<'a>(&self, known: impl Fn(&[u8]) -> Option<&'a Vec<u8>>) -> bool {
        self.tuples.iter().all(|(key, (value, _))| known(key) == Some(value))
    }
}
