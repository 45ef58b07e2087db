//! Other nodes: accepted, joined and left.

use super::{Error, Node};

impl Node {
    /// Accept other nodes at an endpoint: tcp, ipc or inproc. The port of a TCP endpoint, 0 for
    /// others.
    ///
    /// As a TCP port, `*` takes the lowest free one from 49152 up, `!` a random one; a range may
    /// follow: `tcp://0.0.0.0:*[6000-6100]`.
    ///
    /// ```
    /// # let node = zgossip::Node::new("node")?;
    /// let port = node.bind("tcp://127.0.0.1:*")?;
    /// assert!(port >= 49152);
    /// assert_eq!(node.bind("inproc://here")?, 0);
    /// assert!(node.bind("nonsense").unwrap_err().text().starts_with("could not bind to nonsense"));
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn bind(&self, endpoint: impl AsRef<[u8]>) -> Result<u16, Error> {
        let endpoint = endpoint.as_ref();
        let port = self.call(&[b"BIND", endpoint])?.number;
        let is_tcp = endpoint.starts_with(b"tcp://");
        Ok(u16::try_from(port).ok().filter(|_| is_tcp).unwrap_or(0))
    }

    /// Join the node that is bound there, now or whenever it will be. The connection is made, and
    /// made again after it broke, in the background; a server that refuses us is told in the log.
    pub fn connect(&self, endpoint: impl AsRef<[u8]>) -> Result<(), Error> {
        self.connect_as(endpoint.as_ref(), None)
    }

    /// Join a node over a link that is encrypted with its public CURVE key.
    pub fn connect_with_key(
        &self,
        endpoint: impl AsRef<[u8]>,
        server_key: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        self.connect_as(endpoint.as_ref(), Some(server_key.as_ref()))
    }

    pub(crate) fn connect_as(&self, endpoint: &[u8], key: Option<&[u8]>) -> Result<(), Error> {
        let frames = [b"CONNECT", endpoint, key.unwrap_or_default()];
        let frames = if key.is_some() { &frames[..] } else { &frames[..2] };
        self.call(frames).map(drop)
    }

    /// Leave a node that was connected to by this endpoint. What it has told stays.
    ///
    /// ```
    /// # let node = zgossip::Node::new("node")?;
    /// node.connect("tcp://127.0.0.1:5670")?;
    /// node.disconnect("tcp://127.0.0.1:5670")?;
    /// assert!(node.disconnect("tcp://127.0.0.1:5670").is_err());
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn disconnect(&self, endpoint: impl AsRef<[u8]>) -> Result<(), Error> {
        self.call(&[b"DISCONNECT", endpoint.as_ref()]).map(drop)
    }
}
