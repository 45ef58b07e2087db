//! The example of CZMQ's manual.

use super::super::zgossip::zgossip;
use super::{Actor, Failure, curve, new_socket, receive, send_signal};
use crate::driver::czmq;
use crate::wire::{Message, MessageType, decode};
use std::ffi::{CStr, c_void};

/// zgossip with the pipe's type left open, as the table of CZMQ's functions has it.
unsafe extern "C" fn ours(pipe: *mut c_void, args: *mut c_void) {
    // SAFETY: zactor_new passes what zgossip wants.
    unsafe { zgossip(pipe.cast(), args) };
}

/// A node of this library's, whichever zgossip the program is bound to.
pub(super) fn node(name: &'static CStr, verbose: bool) -> Result<Actor, Failure> {
    let node = Actor::new(ours, Some(name))?;
    if verbose {
        node.send(&[b"VERBOSE"])?;
    }
    Ok(node)
}

/// The whole example, its CURVE part included.
pub(crate) fn manual_example(verbose: bool) -> Result<&'static str, Failure> {
    if czmq().is_none_or(|czmq| czmq.actors().is_none()) {
        return Ok("skipped: there is no CZMQ in this program");
    }
    client_to_server(verbose)?;
    peer_to_peer(verbose)?;
    if zmq::has("curve").unwrap_or(false) {
        curve::encrypted(verbose)?;
    }
    Ok("OK")
}

/// A bare DEALER says HELLO, which an empty node does not answer, and PING, which it does.
fn client_to_server(verbose: bool) -> Result<(), Failure> {
    let server = node(c"server", verbose)?;
    server.send(&[b"BIND", b"inproc://zgossip"])?;
    let client = new_socket(zmq::DEALER)?;
    client.connect(b"inproc://zgossip").map_err(|error| error.to_string())?;
    send_signal(&client, MessageType::Hello)?;
    send_signal(&client, MessageType::Ping)?;
    match decode(receive(&client)?.bytes()) {
        Ok(Message::Pong) => Ok(()),
        other => Err(format!("expected PONG, got {other:?}")),
    }
}

/// Two nodes publish by way of a third, whose clients' timeout is shorter than the test.
fn peer_to_peer(verbose: bool) -> Result<(), Failure> {
    let base = node(c"base", verbose)?;
    base.send(&[b"SET", b"server/timeout", b"100"])?;
    base.send(&[b"BIND", b"inproc://base"])?;
    let alpha = node(c"alpha", verbose)?;
    alpha.send(&[b"CONNECT", b"inproc://base"])?;
    alpha.send(&[b"PUBLISH", b"inproc://alpha-1", b"service1"])?;
    alpha.send(&[b"PUBLISH", b"inproc://alpha-2", b"service2"])?;
    let beta = node(c"beta", verbose)?;
    beta.send(&[b"CONNECT", b"inproc://base"])?;
    beta.send(&[b"PUBLISH", b"inproc://beta-1", b"service1"])?;
    beta.send(&[b"PUBLISH", b"inproc://beta-2", b"service2"])?;

    alpha.expect(&[b"DELIVER", b"inproc://alpha-1", b"service1"])?;
    alpha.expect(&[b"DELIVER", b"inproc://alpha-2", b"service2"])?;
    alpha.expect(&[b"DELIVER", b"inproc://beta-1", b"service1"])?;
    alpha.expect(&[b"DELIVER", b"inproc://beta-2", b"service2"])?;
    alpha.send(&[b"STATUS"])?;
    alpha.expect(&[b"STATUS", b"4"])
}
