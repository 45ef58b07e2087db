//! An owner at the other end of a CZMQ pipe: commands come in, deliveries and replies go out.

use super::after_panic;
use crate::core::{Input, Level, Millis, Node, Outbox, OwnerMessage};
use crate::driver::actor::{LastWords, Owner, live};
use crate::driver::ffi::{Borrowed, Message, Poller, SocketFactory, ZmqError, czmq};
use crate::driver::log::log_line;
use std::os::fd::RawFd;

/// Be an actor at this end of a pipe until the owner says `$TERM`.
///
/// Whatever goes wrong in here, the owner is never left waiting for a reply.
pub(crate) fn run(pipe: Borrowed, label: &[u8]) {
    let mut pipe = match Pipe::open(pipe) {
        Ok(pipe) => pipe,
        Err(error) => {
            let line = format!("zgossip: the actor's pipe cannot be used: {error}");
            return log_line(Level::Error, line.as_bytes());
        }
    };
    let outlived = match live(&mut pipe, label) {
        Ok(last) => last,
        Err(reason) => {
            let line = format!("zgossip: the actor cannot start: {reason}");
            log_line(Level::Error, line.as_bytes());
            Some(LastWords::default())
        }
    };
    if let Some(last) = outlived {
        let _ = after_panic::answer(&mut pipe, last);
    }
    let _ = pipe.leave_room();
}

/// The signal that a CZMQ actor sends when it is ready, and zactor_new waits for: status 0.
const READY: i64 = 0x7766_5544_3322_1100;

/// zactor_destroy waits at most so much longer than with CZMQ's actor where a neighbour takes nothing.
const LINGER: Millis = 250;

/// No command has more frames; what comes behind them is ignored.
const MOST_FRAMES: usize = 4;

/// The actor's end of the pipe.
pub(super) struct Pipe {
    socket: Borrowed,
    /// Frames of the command that is being read; kept for their memory.
    frames: Vec<Message>,
    /// So many of them have come.
    count: usize,
}

impl Pipe {
    /// Take the pipe over and tell the owner that the actor is ready.
    pub(super) fn open(socket: Borrowed) -> Result<Pipe, ZmqError> {
        // The owner must never wait for the node, so its commands may queue without a limit. That can
        // be set only after the pipe is attached, which asking for events brings about, and before the
        // ready signal.
        socket.events()?;
        socket.set_number(zmq_sys::ZMQ_RCVHWM, 0)?;
        socket.send_bytes(&READY.to_ne_bytes(), false)?;
        Ok(Pipe { socket, frames: Vec::new(), count: 0 })
    }

    pub(super) fn socket(&self) -> &Borrowed {
        &self.socket
    }

    /// The next command's frames, None when there is none.
    pub(super) fn receive(&mut self) -> Result<Option<&[Message]>, ZmqError> {
        loop {
            let count = self.count;
            if self.frames.len() == count {
                self.frames.push(Message::new());
            }
            let Some(frame) = self.frames.get_mut(count) else { return Ok(None) };
            if !self.socket.receive(frame)? {
                // Messages are atomic: only a first frame can be missing.
                self.frames.clear();
                self.count = 0;
                return Ok(None);
            }
            self.count += 1;
            if !frame.more() {
                self.count = 0;
                return Ok(self.frames.get(..=count));
            }
        }
    }

    /// Wait until the pipe takes another message. When an actor has returned, CZMQ sends the signal
    /// that zactor_destroy waits for, and does not wait for room: in a full pipe the signal would be
    /// lost, and the owner would wait for ever. zactor_destroy reads meanwhile, so there will be room.
    pub(super) fn leave_room(&self) -> Result<(), ZmqError> {
        let mut poller = Poller::default();
        let _ = poller.add(self.socket.descriptor()?, 0);
        while !self.socket.events()?.1 && !czmq::czmq().is_some_and(czmq::Czmq::interrupted) {
            poller.wait(100, |_| {});
        }
        Ok(())
    }

    fn send(&self, message: &OwnerMessage) -> Result<(), ZmqError> {
        match message {
            OwnerMessage::Deliver(tuple) => {
                self.send_all([b"DELIVER", tuple.key(), tuple.value()].map(Message::copy_of))
            }
            OwnerMessage::Reply { word, number } => {
                let number = number.to_string();
                self.send_all([word.as_bytes(), number.as_bytes()].map(Message::copy_of))
            }
            OwnerMessage::Answer { word, texts } => {
                let texts = texts.iter().map(|text| &**text);
                let frames = [word.as_bytes()].into_iter().chain(texts).map(Message::copy_of);
                self.send_frames(&mut frames.collect::<Result<Vec<_>, _>>()?)
            }
            // The actor's owner has no message for it.
            OwnerMessage::Joined(_) => Ok(()),
        }
    }

    /// All frames of a message, or none.
    fn send_all<const N: usize>(
        &self,
        frames: [Result<Message, ZmqError>; N],
    ) -> Result<(), ZmqError> {
        if let Some(error) = frames.iter().find_map(|frame| frame.as_ref().err()) {
            return Err(*error);
        }
        self.send_frames(&mut frames.map(|frame| frame.unwrap_or_else(|_| Message::new())))
    }

    /// They are made before the first is sent, and only the first can be refused, as a message's frames are
    /// counted as one.
    fn send_frames(&self, frames: &mut [Message]) -> Result<(), ZmqError> {
        let last = frames.len().saturating_sub(1);
        for (place, frame) in frames.iter_mut().enumerate() {
            self.socket.send(frame, place < last)?;
        }
        Ok(())
    }
}

impl Owner for Pipe {
    fn descriptor(&self) -> Result<RawFd, ZmqError> {
        self.socket.descriptor()
    }

    fn sockets(&self) -> Result<SocketFactory, ZmqError> {
        SocketFactory::for_pipe()
    }

    fn linger(&self) -> Millis {
        LINGER
    }

    fn take(&mut self, node: &mut Node, now: Millis) -> Result<bool, ZmqError> {
        let Some(frames) = self.receive()? else { return Ok(false) };
        let mut texts: [&[u8]; MOST_FRAMES] = Default::default();
        texts.iter_mut().zip(frames).for_each(|(text, frame)| *text = frame.bytes());
        let texts = texts.get(..frames.len()).unwrap_or(&texts);
        node.handle(now, Input::Command(texts));
        Ok(true)
    }

    fn taken(&mut self, _node: &Node) {}

    /// Until the pipe is full.
    fn flush(&mut self, outbox: &mut Outbox) -> Result<(), ZmqError> {
        while let Some(message) = outbox.front() {
            match self.send(message) {
                Ok(()) => drop(outbox.pop()),
                Err(ZmqError::AGAIN) => {
                    outbox.pipe_is_full();
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn log(&mut self, level: Level, text: &[u8]) {
        log_line(level, text);
    }

    /// A command has no answer for it.
    fn refused(&mut self, reason: &[u8]) {
        self.log(Level::Warning, reason);
    }

    /// Its line in the log says so.
    fn short_of_resources(&mut self) {}

    fn interrupted(&self) -> bool {
        czmq::czmq().is_some_and(czmq::Czmq::interrupted)
    }
}
