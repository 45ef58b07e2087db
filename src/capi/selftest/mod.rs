//! The self tests that the C functions run: CZMQ's manual, step by step.
//!
//! Everything goes by way of CZMQ's own zactor, and waits for conditions with a deadline, so the
//! order in which threads get to run does not matter.

mod curve;
mod example;

pub(super) use example::manual_example;

use crate::driver::{
    ActorFunction, Borrowed, Czmq, Message, Owned, SocketFactory, contain, czmq, print,
};
use crate::wire::{MessageType, encode_signal};
use std::ffi::{CStr, c_void};
use std::time::{Duration, Instant};

/// A machine under load may take its time, but not for ever.
const DEADLINE: Duration = Duration::from_secs(30);

/// What a test found wrong.
pub(super) type Failure = String;

/// Run a test in the manner of CZMQ's: one line, and no return after a failure.
pub(super) fn run(name: &str, test: impl FnOnce() -> Result<&'static str, Failure>) {
    print(&format!(" * {name}: "));
    match contain(test) {
        Some(Ok(outcome)) => print(&format!("{outcome}\n")),
        Some(Err(failure)) => {
            print(&format!("FAILED: {failure}\n"));
            std::process::abort();
        }
        None => std::process::abort(),
    }
}

/// An actor made by zactor_new, destroyed on drop.
pub(super) struct Actor {
    czmq: &'static Czmq,
    actor: *mut c_void,
    pipe: Borrowed,
}

impl Actor {
    pub(super) fn new(
        function: ActorFunction,
        name: Option<&'static CStr>,
    ) -> Result<Actor, Failure> {
        let czmq = czmq().ok_or("there is no CZMQ")?;
        let actors = czmq.actors().ok_or("there is no zactor")?;
        let argument = name.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: an actor function, and NULL or a string that lives for the whole program.
        let actor = unsafe { (actors.new)(function, argument.cast()) };
        if actor.is_null() {
            return Err(format!("zactor_new made no {name:?}"));
        }
        // SAFETY: the actor is alive until drop, and used by this thread only.
        let pipe = unsafe { Borrowed::from_raw(czmq.resolve(actor)) };
        Ok(Actor { czmq, actor, pipe })
    }

    pub(super) fn send(&self, frames: &[&[u8]]) -> Result<(), Failure> {
        let last = frames.len().saturating_sub(1);
        for (place, frame) in frames.iter().enumerate() {
            self.pipe.send_bytes(frame, place < last).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// The actor's next message.
    pub(super) fn receive(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let mut frames = Vec::new();
        loop {
            let frame = receive(&self.pipe)?;
            frames.push(frame.bytes().to_vec());
            if !frame.more() {
                return Ok(frames);
            }
        }
    }

    pub(super) fn expect(&self, frames: &[&[u8]]) -> Result<(), Failure> {
        let got = self.receive()?;
        if got.iter().map(Vec::as_slice).eq(frames.iter().copied()) {
            return Ok(());
        }
        let text = |frames: Vec<&[u8]>| String::from_utf8_lossy(&frames.join(&b' ')).into_owned();
        let got = text(got.iter().map(Vec::as_slice).collect());
        Err(format!("expected '{}', got '{got}'", text(frames.to_vec())))
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        if let Some(actors) = self.czmq.actors() {
            // SAFETY: made by zactor_new, destroyed once.
            unsafe { (actors.destroy)(&mut self.actor) };
        }
    }
}

/// A frame from a socket, waited for.
pub(super) fn receive(socket: &Borrowed) -> Result<Message, Failure> {
    let mut message = Message::new();
    let end = Instant::now() + DEADLINE;
    while !socket.receive(&mut message).map_err(|error| error.to_string())? {
        if Instant::now() > end {
            return Err("nothing came within 30 seconds".to_string());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(message)
}

/// A socket of the process's context.
pub(super) fn new_socket(kind: zmq::SocketType) -> Result<Owned, Failure> {
    let socket = SocketFactory::for_pipe().and_then(|factory| factory.new_socket(kind));
    socket.map_err(|error| error.to_string())
}

pub(super) fn send_signal(socket: &Borrowed, id: MessageType) -> Result<(), Failure> {
    socket.send_bytes(&encode_signal(id), false).map_err(|error| error.to_string())
}
