//! What is known of any peer, client or server.

use super::conduct::Conduct;
use super::flow::Flow;
use super::rate::Rate;
use super::refused::Refused;
use super::restraint::{Limits, Restraint};
use crate::core::czmq::CzmqPeer;
use crate::core::input::Millis;
use crate::core::link::Source;
use crate::core::rules::{Rule, keeps};

/// What a peer has shown itself to be.
#[derive(Debug)]
enum Kind {
    /// A client that has not said HELLO yet, or a server to which we have not said HELLO.
    Unknown,
    /// A native peer, which understands stamps and all other extensions.
    Native,
    /// A CZMQ peer. A server that has not answered our HELLO as a native peer counts as one.
    Czmq(Box<CzmqPeer>),
}

/// One connection with one peer.
#[derive(Debug)]
pub(in crate::core) struct Peer {
    kind: Kind,
    /// The source of the tuples that come by this connection.
    source: Source,
    flow: Flow,
    /// Tuples without a stamp that are answered.
    answers: Restraint,
    conduct: Conduct,
    rate: Rate,
    /// What it holds and we refused.
    refused: Refused,
}

/// A tuple without a stamp is a few bytes, and its answer may be a large value. A native peer sends such tuples in
/// one go, before it knows what we are.
const ANSWERS: Limits =
    Limits { rule: Rule::FewAnswers, at_once: 8, first: 50, longest: 10_000, forgiven: 5000 };

impl Peer {
    pub(super) fn new(source: Source) -> Peer {
        Peer {
            kind: Kind::Unknown,
            source,
            flow: Flow::default(),
            answers: Restraint::new(&ANSWERS),
            conduct: Conduct::default(),
            rate: Rate::default(),
            refused: Refused::default(),
        }
    }

    /// The same peer by a new connection: only what limits it goes on.
    pub(super) fn connected_again(&mut self, source: Source) {
        (self.kind, self.source, self.flow) = (Kind::Unknown, source, Flow::default());
    }

    /// The connection is down, or the session over. What a CZMQ peer held then is no news any more: it would replace
    /// what is written until it comes back.
    pub(super) fn is_gone(&mut self) {
        if self.is_czmq() && keeps(Rule::GoneIsGone) {
            self.kind = Kind::Unknown;
        }
    }

    /// Whether it takes what it is sent.
    pub(super) fn flow_mut(&mut self) -> &mut Flow {
        &mut self.flow
    }

    /// A tuple of its that has no stamp is to be answered: when.
    pub(in crate::core) fn is_answered_at(&mut self, now: Millis) -> Millis {
        self.answers.counts(now)
    }

    /// One more message of it has come. Until when no more are read, if there are more than `most` in a second. The set
    /// of a CZMQ peer does not count: how large that is it does not say.
    pub(in crate::core) fn is_paused(&mut self, most: usize, now: Millis) -> Option<Millis> {
        match &self.kind {
            Kind::Czmq(czmq) if czmq.is_collecting() => None,
            _ => self.rate.counts(most, now),
        }
    }

    /// It begins to tell its set of so many tuples.
    pub(in crate::core) fn tells_set(&mut self, tuples: usize, now: Millis) {
        self.rate.tells_set(tuples, now);
    }

    /// Whether it is a CZMQ peer to which values are under way, or wait to be sent.
    pub(super) fn is_taking(&self) -> bool {
        matches!(&self.kind, Kind::Czmq(czmq) if czmq.is_taking())
    }

    pub(in crate::core) fn refused(&self) -> &Refused {
        &self.refused
    }

    pub(in crate::core) fn refused_mut(&mut self) -> &mut Refused {
        &mut self.refused
    }

    pub(in crate::core) fn source(&self) -> Source {
        self.source
    }

    pub(in crate::core) fn is_native(&self) -> bool {
        matches!(self.kind, Kind::Native)
    }

    pub(super) fn becomes_native(&mut self) {
        self.kind = Kind::Native;
    }

    pub(in crate::core) fn is_czmq(&self) -> bool {
        matches!(self.kind, Kind::Czmq(_))
    }

    /// It is a CZMQ peer, of which this is known.
    pub(super) fn becomes_czmq(&mut self, known: CzmqPeer) {
        self.kind = Kind::Czmq(Box::new(known));
    }

    #[cfg(test)]
    pub(in crate::core) fn czmq(&self) -> Option<&CzmqPeer> {
        match &self.kind {
            Kind::Czmq(czmq) => Some(czmq),
            Kind::Unknown | Kind::Native => None,
        }
    }

    pub(in crate::core) fn czmq_mut(&mut self) -> Option<&mut CzmqPeer> {
        match &mut self.kind {
            Kind::Czmq(czmq) => Some(czmq),
            Kind::Unknown | Kind::Native => None,
        }
    }

    pub(in crate::core) fn conduct(&self) -> &Conduct {
        &self.conduct
    }

    pub(in crate::core) fn conduct_mut(&mut self) -> &mut Conduct {
        &mut self.conduct
    }
}
