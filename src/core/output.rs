//! What a node wants done.

use super::admission::Admission;
use super::input::{Millis, Purpose};
use super::link::{LinkId, ServerId};
use super::security::{CurveClient, Security};
use super::tuple_frame::TupleFrame;
use crate::wire::{Extension, MessageType, Stamp};

/// A frame to send. A tuple's frame is encoded once and shared by all links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A message without fields, and the extension behind it.
    Signal(MessageType, Option<Box<Extension>>),
    /// The tuple at this position of the log: for a native peer with its stamp, for a CZMQ peer without.
    Tuple { frame: TupleFrame, position: usize, stamp: Option<Stamp> },
}

/// Levels of CZMQ's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
    Notice,
    Debug,
}

/// One thing to do. Small, as there is one for each link that a tuple goes to. Messages for the owner are not
/// among them: they wait in the [`Outbox`](super::Outbox) until the owner takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Output {
    /// Queue the frame for the peer, without waiting; answered by `Input::Blocked` where the queue is full.
    Send { link: LinkId, frame: Frame },
    /// Bind the ROUTER, because the owner or a file says so; answered by `Input::Bound`.
    Bind { endpoint: Vec<u8>, by_file: bool },
    /// Give the ROUTER this security, for the binds that follow.
    Secure(Box<Security>),
    /// Let in these clients and no others from now on, if they come by this domain; answered by
    /// `Input::Admitted`.
    Admit(Box<Admission>),
    /// Read all files of this directory, now and whenever it has changed, and no other directory any more; answered
    /// by `Input::Certificates`.
    Certificates { path: Vec<u8> },
    /// Make a DEALER and connect it.
    Connect { server: ServerId, endpoint: Vec<u8>, curve: Option<Box<CurveClient>> },
    /// Close the DEALER of this server.
    Disconnect { server: ServerId },
    /// Read nothing more of this peer until then, as far as its socket is its own.
    Pause { link: LinkId, until: Millis },
    /// Read a file; answered by `Input::Loaded`.
    Load { path: Vec<u8>, purpose: Purpose },
    /// Tell by `Input::Loaded` with `Purpose::Reload` when this file has changed; no other file any more.
    Watch { path: Vec<u8> },
    /// Replace the file by this content, whole or not at all. The path `-` means standard output.
    Save { path: Vec<u8>, content: Vec<u8> },
    /// One line for the log. Bytes, because it may quote a peer or the owner.
    Log(Level, Vec<u8>),
    /// Tell the owner why something that it asked for is not done: as the outcome of a call where one waits,
    /// otherwise as a warning in the log.
    Refused(Vec<u8>),
    /// Send the process's log to standard output: the owner asked for it by name.
    LogToStdout,
    /// End the actor.
    Stop,
}
