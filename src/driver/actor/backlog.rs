//! What waits in libzmq for each peer, and frames as messages.
//!
//! libzmq's own bound of a queue counts messages. Short ones are left to it. Longer ones are lent to libzmq, which
//! says when it has no more use for them, so their bytes are known.

use crate::core::{Frame, LinkId, Node, Output};
use crate::driver::ffi::{Held, Message, ZmqError};
use crate::wire::{Stamp, encode_signal, stamp_extension};
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

/// A tuple that goes to several links, one after the other, is put together once for all of them: the tuple for which
/// that was done last, and the result.
#[derive(Default)]
pub(super) struct Shared(Option<(Rc<[u8]>, Option<Stamp>, Made)>);

enum Made {
    Short(Message),
    Lent(Arc<Vec<u8>>),
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
        // The output for which it was kept may have had to wait.
        let is_same = |(of, with, _): &(Rc<[u8]>, Option<Stamp>, Made)| {
            Rc::ptr_eq(of, tuple) && with == stamp
        };
        let made = self.0.take().filter(is_same).map(|(.., made)| made);
        let extension = stamp.map(stamp_extension);
        let extension = extension.as_ref().map_or(&[][..], |extension| extension);
        let (message, made) = if is_lent(tuple.len()) {
            let bytes = match made {
                Some(Made::Lent(bytes)) => bytes,
                _ => Arc::new([tuple, extension].concat()),
            };
            (Message::lent(&bytes, &held())?, Made::Lent(bytes))
        } else {
            let mut message = match made {
                Some(Made::Short(message)) => message,
                _ => Message::joined(tuple, extension)?,
            };
            if !again {
                return Ok(message);
            }
            (message.share(), Made::Short(message))
        };
        if again {
            self.0 = Some((Rc::clone(tuple), *stamp, made));
        }
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ClientId;

    fn send(frame: &Rc<[u8]>, client: u32) -> Output {
        let frame = Frame::Tuple { frame: Rc::clone(frame), position: 0, stamp: None };
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
        for size in [SHORT, SHORT + 1] {
            let (one, other) = (Rc::from(vec![1; size]), Rc::from(vec![2; size]));
            let outputs = [send(&one, 0), send(&one, 1), send(&other, 0), send(&other, 1)];
            let (mut shared, held) = (Shared::default(), Held::default());
            assert_eq!(message(&mut shared, &outputs, &held), *one);
            assert_eq!(message(&mut shared, &outputs[2..], &held), *other, "the second waits");
            assert_eq!(message(&mut shared, &outputs[3..], &held), *other);
        }
    }

    #[test]
    fn what_libzmq_has_no_more_use_for_is_not_held() {
        let (frame, held) = (Rc::from(vec![1; SHORT + 1]), Held::default());
        let (mut shared, outputs) = (Shared::default(), [send(&frame, 0), send(&frame, 1)]);
        let [Output::Send { frame, .. }, next] = &outputs else { panic!("no output") };
        let first = shared.message_of(frame, Some(next), || held.clone());
        assert_eq!(held.bytes(), SHORT + 1);
        let second = shared.message_of(frame, None, || held.clone());
        assert_eq!(held.bytes(), 2 * (SHORT + 1));
        drop((first, second));
        assert_eq!(held.bytes(), 0);
    }
}
