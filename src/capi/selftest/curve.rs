//! The CURVE part of the manual's example, which CZMQ itself runs in draft builds only.

use super::example::node;
use super::{Actor, Failure};
use crate::driver::czmq;
use std::ffi::c_char;

/// A public and a secret key as text.
struct KeyPair {
    public: Vec<u8>,
    secret: Vec<u8>,
}

impl KeyPair {
    fn new() -> Result<KeyPair, Failure> {
        let (mut public, mut secret) = (vec![0_u8; 41], vec![0_u8; 41]);
        // SAFETY: libzmq writes 40 characters and a NUL to each.
        let rc = unsafe {
            zmq_sys::zmq_curve_keypair(
                public.as_mut_ptr().cast::<c_char>(),
                secret.as_mut_ptr().cast::<c_char>(),
            )
        };
        public.truncate(40);
        secret.truncate(40);
        if rc == 0 { Ok(KeyPair { public, secret }) } else { Err("no key pair".to_string()) }
    }
}

fn command(actor: &Actor, frames: &[&[u8]]) -> Result<(), Failure> {
    actor.send(frames)?;
    // zauth answers each command with a signal.
    actor.receive().map(|_| ())
}

/// A server and a client with keys, and a ZAP handler that lets any key in.
pub(super) fn encrypted(verbose: bool) -> Result<(), Failure> {
    let actors = czmq().and_then(|czmq| czmq.actors()).ok_or("there is no zauth")?;
    let auth = Actor::new(actors.zauth, None)?;
    if verbose {
        command(&auth, &[b"VERBOSE"])?;
    }
    command(&auth, &[b"ALLOW", b"127.0.0.1"])?;
    command(&auth, &[b"CURVE", b"*"])?;

    let (server_keys, client_keys) = (KeyPair::new()?, KeyPair::new()?);
    let server = with_keys(node(c"server", verbose)?, &server_keys)?;
    server.send(&[b"BIND", b"tcp://127.0.0.1:*"])?;
    server.send(&[b"PORT"])?;
    let reply = server.receive()?;
    let [word, port] = reply.as_slice() else { return Err("PORT has no reply".to_string()) };
    if word != b"PORT" || port == b"-1" || port == b"0" {
        return Err("the server is not bound".to_string());
    }
    let endpoint = [b"tcp://127.0.0.1:", port.as_slice()].concat();

    let client = with_keys(node(c"client", verbose)?, &client_keys)?;
    client.send(&[b"CONNECT", &endpoint, &server_keys.public])?;
    client.send(&[b"PUBLISH", b"tcp://127.0.0.1:9001", b"service1"])?;
    server.expect(&[b"DELIVER", b"tcp://127.0.0.1:9001", b"service1"])?;
    server.send(&[b"STATUS"])?;
    server.expect(&[b"STATUS", b"1"])
}

fn with_keys(node: Actor, keys: &KeyPair) -> Result<Actor, Failure> {
    node.send(&[b"SET PUBLICKEY", &keys.public])?;
    node.send(&[b"SET SECRETKEY", &keys.secret])?;
    node.send(&[b"ZAP DOMAIN", b"TEST"])?;
    Ok(node)
}
