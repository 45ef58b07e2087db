//! What waits in libzmq for each peer, and frames as messages.
//!
//! libzmq's own bound of a queue counts messages. Short ones are left to it. Longer ones are lent to libzmq, which
//! says when it has no more use for them, so their bytes are known.

use crate::core::{Frame, LinkId, Node, Output};
use crate::driver::ffi::{Held, Message, ZmqError};
use crate::wire::{encode_signal, stamp_extension};
use std::rc::Rc;
use std::sync::Arc;

/// Frames up to this size are left to libzmq's bound of messages: to lend them costs more than to copy them.
const SHORT: usize = 256;

/// Whether a tuple's frame of this size is lent.
pub(super) fn is_lent(size: usize) -> bool {
    size > SHORT
}

/// What is held for each peer, and by which connection of its.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    clients: Vec<(u64, Held)>,
    servers: Vec<(u64, Held)>,
}

impl Backlog {
    /// What is held for this peer. Of a connection that is gone nothing counts.
    pub(super) fn of(&mut self, link: LinkId, node: &Node) -> Held {
        let connection = node.connection(link);
        let (held, number) = match link {
            LinkId::Client(id) => (&mut self.clients, id.0 as usize),
            LinkId::Server(id) => (&mut self.servers, id.0 as usize),
        };
        if held.len() <= number {
            held.resize_with(number + 1, Default::default);
        }
        match held.get_mut(number) {
            Some((of, held)) if *of == connection => held.clone(),
            Some(entry) => {
                *entry = (connection, Held::default());
                entry.1.clone()
            }
            None => Held::default(),
        }
    }
}

/// A tuple that goes to several links, one after the other, is put together once for all of them.
#[derive(Default)]
pub(super) struct Shared {
    short: Option<Message>,
    lent: Option<Arc<[u8]>>,
}

impl Shared {
    /// The frame as a message. Where the next output sends the same tuple, both share its bytes.
    pub(super) fn message_of(
        &mut self,
        frame: &Frame,
        next: Option<&Output>,
        held: impl FnOnce() -> Held,
    ) -> Result<Message, ZmqError> {
        let (tuple, stamp) = match frame {
            Frame::Signal(signal, None) => return Message::copy_of(&encode_signal(*signal)),
            Frame::Signal(signal, Some(extension)) => {
                let mut bytes = encode_signal(*signal).to_vec();
                extension.write(&mut bytes);
                return Message::copy_of(&bytes);
            }
            Frame::Tuple { frame, stamp, .. } => (frame, stamp),
        };
        let again = matches!(next, Some(Output::Send { frame: Frame::Tuple { frame, stamp: with, .. }, .. })
            if Rc::ptr_eq(frame, tuple) && with == stamp);
        let extension = stamp.map(stamp_extension);
        let extension = extension.as_ref().map_or(&[][..], |extension| extension);
        if is_lent(tuple.len()) {
            let bytes = self.lent.take().unwrap_or_else(|| Arc::from([tuple, extension].concat()));
            let message = Message::lent(&bytes, &held())?;
            self.lent = Some(bytes).filter(|_| again);
            return Ok(message);
        }
        let mut message = match self.short.take() {
            Some(message) => message,
            None => Message::joined(tuple, extension)?,
        };
        if again {
            let share = message.share();
            self.short = Some(message);
            return Ok(share);
        }
        Ok(message)
    }
}
