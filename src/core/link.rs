//! Names of the two kinds of links.

/// A client: a peer that connected to our ROUTER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClientId(pub(crate) u32);

/// A server: a server that we connected to, with a DEALER of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ServerId(pub(crate) u32);

/// One life of one connection, never used again: where a tuple came from. 0 is the owner.
pub(crate) type Source = u32;

/// No tuple has this mark.
pub(crate) const NOBODY: Source = Source::MAX - 1;

/// One connection to one peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum LinkId {
    Client(ClientId),
    Server(ServerId),
}
