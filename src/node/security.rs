//! Keys, and who asks a ZAP handler.

use super::{Error, ErrorKind, Node};
use crate::core::Key;
use crate::driver;

impl Node {
    /// Give the node its own CURVE keys, before bind and connect, which from then on are encrypted or
    /// refused.
    ///
    /// ```
    /// let (public, secret) = zgossip::new_keys()?;
    /// let hub = zgossip::Node::new("hub")?;
    /// hub.set_keys(&public, &secret)?;
    /// let port = hub.bind("tcp://127.0.0.1:*")?;
    ///
    /// let leaf = zgossip::Node::new("leaf")?;
    /// let (own_public, own_secret) = zgossip::new_keys()?;
    /// leaf.set_keys(&own_public, &own_secret)?;
    /// leaf.connect_with_key(format!("tcp://127.0.0.1:{port}"), &public)?;
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn set_keys(
        &self,
        public: impl AsRef<[u8]>,
        secret: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        let (public, secret) = (public.as_ref(), secret.as_ref());
        // Both or none.
        if Key::from_z85(public).is_none() || Key::from_z85(secret).is_none() {
            return Err(Error::bad_argument("not a key of 40 Z85 characters"));
        }
        self.call(&[b"SET PUBLICKEY", public])?;
        self.call(&[b"SET SECRETKEY", secret]).map(drop)
    }

    /// Let in the client with this public key, and from now on nobody who is not allowed. To be called before
    /// bind the first time, later at any time. A client that comes by inproc is not asked for a key. The setting
    /// `zgossip/security/certificates` does the same with a directory.
    pub fn allow(&self, public_key: impl AsRef<[u8]>) -> Result<(), Error> {
        let key = public_key.as_ref();
        if Key::from_z85(key).is_none() {
            return Err(Error::bad_argument("not a key of 40 Z85 characters"));
        }
        self.call(&[b"ALLOW", key]).map(drop)
    }

    /// The domain under which a ZAP handler is asked about clients, before bind. The handler is one
    /// in the context of the sockets, such as CZMQ's zauth. Without one nobody is let in. A node with a list of
    /// those who may come in, see [`Node::allow`], asks that and no other handler.
    pub fn set_zap_domain(&self, domain: impl AsRef<[u8]>) -> Result<(), Error> {
        self.call(&[b"ZAP DOMAIN", domain.as_ref()]).map(drop)
    }
}

/// A pair of CURVE keys: public and secret, 40 characters of Z85 each.
pub fn new_keys() -> Result<(String, String), Error> {
    let none = || Error::new(ErrorKind::NoResources, "this libzmq has no CURVE".to_string());
    driver::new_keys().ok_or_else(none)
}
