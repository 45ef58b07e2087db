//! What a node wants done, in this order.

use super::input::Purpose;
use super::link::{LinkId, ServerId};
use super::security::{CurveClient, Security};
use crate::wire::{Extension, MessageType, Stamp};
use std::rc::Rc;

/// A frame to send. A tuple's frame is encoded once and shared by all links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A message without fields, and what follows it.
    Signal(MessageType, Option<Box<Extension>>),
    /// The tuple at this position of the log; with its stamp for a native peer, without for a CZMQ peer.
    Tuple { frame: Rc<[u8]>, position: usize, stamp: Option<Stamp> },
}

/// Levels of CZMQ's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
    Notice,
    Debug,
}

/// One thing to do; small, as there is one for each link that a tuple goes to. Messages to the owner are not among them: they wait in the
/// [`Outbox`](super::Outbox) until the pipe takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Output {
    /// Queue the frame for the peer, never waiting.
    Send { link: LinkId, frame: Frame },
    /// Bind the ROUTER, because the owner or a file says so; answered by `Input::Bound`.
    Bind { endpoint: Vec<u8>, by_file: bool },
    /// Give the ROUTER this security, for the binds that follow.
    Secure(Box<Security>),
    /// Make a DEALER and connect it.
    Connect { server: ServerId, endpoint: Vec<u8>, curve: Option<Box<CurveClient>> },
    /// Close the DEALER of this server.
    Disconnect { server: ServerId },
    /// Read a file; answered by `Input::Loaded`.
    Load { path: Vec<u8>, purpose: Purpose },
    /// Tell by `Output::Load` with `Purpose::Reload` when this file changes, and no other.
    Watch { path: Vec<u8> },
    /// Replace the file by this content, whole or not at all; `-` is standard output.
    Save { path: Vec<u8>, content: Vec<u8> },
    /// One line for the log. Bytes, because it may quote a peer or the owner.
    Log(Level, Vec<u8>),
    /// Tell the owner why something that it asked for is not done: where it waits for the outcome, as
    /// that, otherwise as a warning in the log.
    Refused(Vec<u8>),
    /// Send the process's log to standard output: the owner asked for it by name.
    LogToStdout,
    /// End the actor.
    Stop,
}
