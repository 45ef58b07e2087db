//! The configuration of a node.

use super::{Error, Node};

impl Node {
    /// Set one item of the configuration.
    ///
    /// ```
    /// # let node = zgossip::Node::new("node")?;
    /// node.set("server/timeout", "2000")?;
    /// assert_eq!(node.set("", "x").unwrap_err().kind(), zgossip::ErrorKind::Refused);
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn set(&self, path: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Error> {
        self.call(&[b"SET", path.as_ref(), value.as_ref()]).map(drop)
    }

    /// Take the configuration from a file, and again whenever it changes.
    ///
    /// Fails where the file cannot be loaded, which changes nothing, and where something in it could
    /// not be done.
    pub fn load(&self, file: impl AsRef<[u8]>) -> Result<(), Error> {
        self.call(&[b"LOAD", file.as_ref()]).map(drop)
    }

    /// Write the configuration to a file, whole or not at all; `-` is standard output.
    pub fn save(&self, file: impl AsRef<[u8]>) -> Result<(), Error> {
        self.call(&[b"SAVE", file.as_ref()]).map(drop)
    }
}
