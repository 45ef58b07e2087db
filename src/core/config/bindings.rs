//! What is bound, and the number that PORT tells.

use super::endpoint::is_inproc;

#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// The number that PORT tells: the last TCP port, or -1 after a BIND that failed.
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

    /// Whether something is bound that others than this process reach.
    pub(super) fn are_open(&self) -> bool {
        self.endpoints.iter().any(|endpoint| !is_inproc(endpoint))
    }

    /// This endpoint is bound now; for a TCP endpoint, to this port.
    pub(super) fn add(&mut self, endpoint: &[u8], port: Option<u16>) {
        if let Some(port) = port {
            self.last_tcp_port = i64::from(port);
        }
        self.port = self.last_tcp_port;
        if !self.contains(endpoint) {
            self.endpoints.push(endpoint.to_vec());
        }
    }

    pub(super) fn failed(&mut self) {
        self.port = -1;
    }
}
