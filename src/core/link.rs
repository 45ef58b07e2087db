//! Names for connections: as client, as server, and as the source of tuples.

/// A client: a peer that has connected to our ROUTER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClientId(pub(crate) u32);

/// A server: a peer that we have connected to, with a DEALER of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ServerId(pub(crate) u32);

/// A source: the connection by which a tuple came. Each connection gets a new one; 0 is the owner.
pub(crate) type Source = u32;

/// A source that no tuple has.
pub(crate) const NOBODY: Source = Source::MAX - 1;

/// One connection to one peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum LinkId {
    Client(ClientId),
    Server(ServerId),
}
