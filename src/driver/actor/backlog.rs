//! What waits in libzmq for each peer, and frames as messages.
//!
//! libzmq's own bound of a queue counts messages. Short ones are left to it. Longer ones are lent to libzmq, which
//! says when it has no more use for them, so their bytes are known.

use crate::core::{Frame, LinkId, Node, Output};
use crate::driver::ffi::{Held, Message, ZmqError};
use crate::wire::{Stamp, encode_signal, stamp_extension};
use std::sync::Arc;

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

/// A short tuple that goes to several links, one after the other, is put together once for all of them: the tuple for
/// which that was done last, and the result.
#[derive(Default)]
pub(super) struct Shared(Option<(Arc<[u8]>, Option<Stamp>, Message)>);

impl Shared {
    /// The frame as a message. Where the next output sends the same short tuple, both share its bytes.
    pub(super) fn message_of(
        &mut self,
        frame: &Frame,
        next: Option<&Output>,
        held: impl FnOnce() -> Held,
    ) -> Result<Message, ZmqError> {
        match frame {
            Frame::Signal(signal, None) => Message::copy_of(&encode_signal(*signal)),
            Frame::Signal(signal, Some(extension)) => {
                let mut bytes = encode_signal(*signal).to_vec();
                extension.write(&mut bytes);
                Message::copy_of(&bytes)
            }
            Frame::Tuple { frame, stamp, .. } if frame.is_long() => {
                let all = frame.memory();
                let size = if stamp.is_some() { all.len() } else { frame.len() };
                Message::lent(all, size, &held())
            }
            Frame::Tuple { frame, stamp, .. } => self.short(frame.memory(), *stamp, next),
        }
    }

    fn short(
        &mut self,
        tuple: &Arc<[u8]>,
        stamp: Option<Stamp>,
        next: Option<&Output>,
    ) -> Result<Message, ZmqError> {
        let again = matches!(next, Some(Output::Send {
            frame: Frame::Tuple { frame, stamp: with, .. },
            ..
        }) if Arc::ptr_eq(frame.memory(), tuple) && *with == stamp);
        // The output for which it was kept may have had to wait.
        let is_same = |(of, with, _): &(Arc<[u8]>, Option<Stamp>, Message)| {
            Arc::ptr_eq(of, tuple) && *with == stamp
        };
        let mut message = match self.0.take().filter(is_same) {
            Some((.., message)) => message,
            None => {
                let extension = stamp.map(stamp_extension);
                let extension = extension.as_ref().map_or(&[][..], |extension| extension);
                Message::joined(tuple, extension)?
            }
        };
        if !again {
            return Ok(message);
        }
        let shared = message.share();
        self.0 = Some((Arc::clone(tuple), stamp, message));
        Ok(shared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::{ClientId, TupleFrame};

    fn send(frame: &TupleFrame, client: u32) -> Output {
        let frame = Frame::Tuple { frame: frame.clone(), position: 0, stamp: None };
        Output::Send { link: LinkId::Client(ClientId(client)), frame }
    }

    /// What is sent by the first of these outputs, if it is not left out.
    fn message(shared: &mut Shared, outputs: &[Output], held: &Held) -> Vec<u8> {
        let [Output::Send { frame, .. }, ..] = outputs else { panic!("no output") };
        let message = shared.message_of(frame, outputs.get(1), || held.clone());
        message.expect("there is memory").bytes().to_vec()
    }

    #[test]
    fn what_is_kept_for_an_output_that_has_to_wait_is_not_sent_in_the_place_of_another() {
        let short = |byte| TupleFrame::new(&mut Vec::new(), b"key", &[byte], Stamp::default());
        let (one, other) = (short(1), short(2));
        let outputs = [send(&one, 0), send(&one, 1), send(&other, 0), send(&other, 1)];
        let (mut shared, held) = (Shared::default(), Held::default());
        assert_eq!(message(&mut shared, &outputs, &held), *one);
        assert_eq!(message(&mut shared, &outputs[2..], &held), *other, "the second waits");
        assert_eq!(message(&mut shared, &outputs[3..], &held), *other);
    }

    #[test]
    fn what_libzmq_has_no_more_use_for_is_not_held() {
        let (stamp, held) = (Stamp::default(), Held::default());
        let frame = TupleFrame::new(&mut Vec::new(), b"key", &[1; 1000], stamp);
        let (mut shared, mut sent) = (Shared::default(), Vec::new());
        for (stamp, size) in [(None, frame.len()), (Some(stamp), frame.memory().len())] {
            let frame = Frame::Tuple { frame: frame.clone(), position: 0, stamp };
            let before = held.bytes();
            let message = shared.message_of(&frame, None, || held.clone()).expect("memory");
            assert_eq!(message.bytes().len(), size);
            assert_eq!(held.bytes(), before + size);
            sent.push(message);
        }
        drop(sent);
        assert_eq!(held.bytes(), 0);
    }
}
