//! What can happen to a node.

use super::link::{ClientId, LinkId, ServerId};

/// Milliseconds of a clock that never runs backwards; where its zero lies does not matter. The core never
/// asks for the time, it is told.
pub(crate) type Millis = u64;

/// A peer's message: its first frame, without the routing id before it, and how many frames there were.
///
/// A message of the protocol has one frame. Of a longer one only the number of frames matters, for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) frame: &'a [u8],
    pub(crate) frames: usize,
}

/// Why the driver read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The owner said LOAD or CONFIGURE.
    Load,
    /// The loaded file has changed.
    Reload,
    /// The configuration names a CURVE certificate.
    Certificate,
}

/// One thing that has happened. The driver tells them one by one, and carries out the outputs in between.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    /// A command of the owner: the frames of one message.
    Command(&'a [&'a [u8]]),
    /// A message on the ROUTER.
    FromClient { routing_id: &'a [u8], message: Received<'a> },
    /// The ROUTER has no route to this client any more.
    ClientGone(ClientId),
    /// A message on a DEALER.
    FromServer { server: ServerId, message: Received<'a> },
    /// The connection to a server is up, for the first time or again.
    ServerUp(ServerId),
    /// The connection to a server is down; libzmq goes on trying.
    ServerDown(ServerId),
    /// The connection to a server is refused, for this reason; libzmq goes on trying.
    ServerRefused { server: ServerId, reason: &'a str },
    /// [`Output::Connect`](super::Output::Connect) could not be carried out.
    ConnectFailed { server: ServerId, reason: &'a str },
    /// A frame could not be queued, because the queue for this peer is full.
    Blocked { link: LinkId, unsent: Unsent },
    /// The outcome of [`Output::Bind`](super::Output::Bind): for a TCP endpoint its port.
    Bound { endpoint: &'a [u8], by_file: bool, outcome: Result<Option<u16>, &'a str> },
    /// The outcome of [`Output::Load`](super::Output::Load).
    Loaded { path: &'a [u8], purpose: Purpose, content: Result<&'a [u8], &'a str> },
    /// [`Output::Save`](super::Output::Save) failed.
    SaveFailed { path: &'a [u8], reason: &'a str },
    /// [`Output::Secure`](super::Output::Secure) failed.
    SecureFailed { reason: &'a str },
    /// The outcome of [`Output::Admit`](super::Output::Admit).
    Admitted(Result<(), &'a str>),
    /// The contents of all files of the directory that [`Output::Certificates`](super::Output::Certificates) names.
    Certificates { path: &'a [u8], files: Result<&'a [Vec<u8>], &'a str> },
    /// Clients were refused because no ZAP handler runs that could let them in by this domain.
    NoZapHandler { domain: &'a [u8] },
    /// A client from this address is not on the list of those who may come in.
    TurnedAway { address: &'a [u8] },
    /// Time has passed.
    Tick,
    /// A neighbour that is waited for takes what is under way to it.
    Moved,
}

impl Input<'_> {
    /// Whether this comes from outside. The other inputs come from carrying out an output, while others may
    /// still wait.
    pub(super) fn is_first(&self) -> bool {
        matches!(
            self,
            Input::Command(_) | Input::FromClient { .. } | Input::FromServer { .. } | Input::Tick
        )
    }
}

/// What a peer with a full queue did not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// The tuple at this position of the log.
    Tuple(usize),
    /// A HELLO, PING, PONG or INVALID.
    Signal(crate::wire::MessageType),
}
