//! The self test: each message, sent and received, with a DEALER and a ROUTER of libzmq's own.

use super::super::selftest::{Failure, new_socket, run};
use super::sockets::receive;
use super::zgossip_msg_t;
use crate::driver::Borrowed;
use crate::wire::MessageType;

/// Self test of this class. Prints one line, or aborts with the failed check.
///
/// verbose: print each message as well.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_msg_test(verbose: bool) {
    run("zgossip_msg", || every_message(verbose));
}

const TEXT: &std::ffi::CStr = c"Life is short but Now lasts for ever";

fn send_twice(message: &zgossip_msg_t, output: &Borrowed) -> Result<(), Failure> {
    let frame = message.encode().ok_or("the message has no frame")?;
    for _ in 0..2 {
        output.send_bytes(&frame, false).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Encode, send, receive, decode, compare.
fn every_message(verbose: bool) -> Result<&'static str, Failure> {
    let (output, input) = (new_socket(zmq::DEALER)?, new_socket(zmq::ROUTER)?);
    let endpoint = b"inproc://zgossip-msg-selftest";
    output.bind(endpoint).map_err(|error| error.to_string())?;
    input.connect(endpoint).map_err(|error| error.to_string())?;
    // Owned by this function, so the raw pointers of the C functions are not needed.
    let mut sent = empty();
    let mut received = empty();
    for id in [
        MessageType::Hello,
        MessageType::Publish,
        MessageType::Ping,
        MessageType::Pong,
        MessageType::Invalid,
    ] {
        sent.id = id as i32;
        sent.key = TEXT.to_owned();
        sent.value = Some(TEXT.to_owned());
        sent.ttl = 123;
        send_twice(&sent, &output)?;
        for _ in 0..2 {
            receive(&mut received, &input)?;
            if verbose {
                crate::driver::print(&format!("\n   {}", id.name()));
            }
            let same = received.id == sent.id;
            let fields = id != MessageType::Publish
                || (&received.key, &received.value, received.ttl)
                    == (&sent.key, &sent.value, sent.ttl);
            if !same || !fields {
                return Err(format!("{} came back as something else", id.name()));
            }
        }
    }
    received.drop_routing_id();
    Ok("OK")
}

fn empty() -> zgossip_msg_t {
    let (key, value) = (std::ffi::CString::default(), None);
    zgossip_msg_t { routing_id: std::ptr::null_mut(), id: 0, key, value, ttl: 0 }
}
