//! What is left of an actor after a panic.
//!
//! The owner knows nothing of it and must not hang: commands that have a reply still get one, and
//! `$TERM` ends what is left. Everything else is dropped; one line in the log has said so.

use super::ffi::{Poller, ZmqError, czmq};
use super::owner::{Owner, Pipe};
use crate::core::Outbox;
use crate::wire::until_nul;

/// The last numbers that the node told of itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LastWords {
    pub(crate) tuples: i64,
    pub(crate) port: i64,
}

/// Answer the pipe until the owner, an interrupt or the end of the process ends it.
#[inline(never)]
pub(crate) fn answer(pipe: &mut Pipe, last: LastWords) -> Result<(), ZmqError> {
    let mut poller = Poller::new();
    let _ = poller.add(pipe.socket().descriptor()?, 0);
    let mut outbox = Outbox::default();
    while !czmq::czmq().is_some_and(czmq::Czmq::interrupted) {
        while let Some(frames) = pipe.receive()? {
            match frames.first().map_or(&[][..], |word| until_nul(word.bytes())) {
                b"$TERM" => return Ok(()),
                b"STATUS" => outbox.reply("STATUS", last.tuples),
                b"PORT" => outbox.reply("PORT", last.port),
                _ => {}
            }
            pipe.flush(&mut outbox)?;
        }
        pipe.flush(&mut outbox)?;
        poller.wait(100, |_| {});
    }
    Ok(())
}
