//! What is bound, and what PORT tells of it.

use super::Config;
use crate::core::io::Io;
use crate::core::output::Output;

#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// What PORT answers: the last TCP port, or -1 after a BIND that failed.
    port: i64,
    last_tcp_port: i64,
    endpoints: Vec<Vec<u8>>,
}

impl Bindings {
    pub(super) fn port(&self) -> i64 {
        self.port
    }

    pub(super) fn contains(&self, endpoint: &[u8]) -> bool {
        self.endpoints.iter().any(|bound| bound == endpoint)
    }
}

impl Config {
    /// BIND of the owner.
    pub(in crate::core) fn bind(&mut self, io: &mut Io, endpoint: &[u8]) {
        if self.secure_for_bind(io, endpoint) {
            io.push(Output::Bind { endpoint: endpoint.to_vec(), by_file: false });
        } else {
            self.bind_failed();
        }
    }

    /// A BIND of the owner failed, and PORT says so.
    pub(in crate::core) fn bind_failed(&mut self) {
        self.bindings.port = -1;
    }

    /// What became of a bind; the port of a TCP endpoint.
    pub(in crate::core) fn on_bound(
        &mut self,
        io: &mut Io,
        endpoint: &[u8],
        by_file: bool,
        outcome: Result<Option<u16>, &str>,
    ) {
        match outcome {
            Ok(port) => {
                if let Some(port) = port {
                    self.bindings.last_tcp_port = i64::from(port);
                }
                self.bindings.port = self.bindings.last_tcp_port;
                if !self.bindings.contains(endpoint) {
                    self.bindings.endpoints.push(endpoint.to_vec());
                }
            }
            Err(reason) => {
                // PORT tells the owner of its own failures only (observed).
                if !by_file {
                    self.bind_failed();
                }
                io.refuse(&[b"could not bind to ", endpoint, b" (", reason.as_bytes(), b")"]);
            }
        }
    }
}
