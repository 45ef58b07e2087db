//! What is left of an actor after a panic.
//!
//! The owner knows nothing of the panic and must not hang: commands that have a reply still get one,
//! and `$TERM` ends what is left. All other commands are dropped; a line in the log told of the panic.

use super::pipe::Pipe;
use crate::core::Outbox;
use crate::driver::actor::{LastWords, Owner};
use crate::driver::ffi::{Poller, ZmqError, czmq};
use crate::wire::until_nul;

/// Answer the pipe until the owner, an interrupt or the end of the process ends it.
pub(super) fn answer(pipe: &mut Pipe, last: LastWords) -> Result<(), ZmqError> {
    let mut poller = Poller::default();
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
