//! The tuples of a node: published, forgotten and read.

use super::{Error, ErrorKind, Node, command};
use crate::core::{Pair, has_room};
use crate::driver::Order;
use std::fmt;
use std::time::Duration;

/// A key and its value. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Tuple(pub(super) Pair);

impl Tuple {
    /// The key: at most 255 bytes, no NUL among them.
    pub fn key(&self) -> &[u8] {
        self.0.key()
    }

    /// The value. No NUL is among its bytes.
    pub fn value(&self) -> &[u8] {
        self.0.value()
    }

    /// The value, and a NUL behind it for C.
    pub(crate) fn value_and_nul(&self) -> &[u8] {
        self.0.value_and_nul()
    }
}

/// `key=value`, for people.
impl fmt::Display for Tuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.key()))?;
        f.write_str("=")?;
        f.write_str(&String::from_utf8_lossy(self.value()))
    }
}

impl fmt::Debug for Tuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Node {
    /// Tell the network a tuple. The newest value of a key wins, everywhere.
    ///
    /// A key has at most 255 bytes, a value less than 4 GiB, and neither holds a NUL byte, which
    /// would end it in CZMQ peers. A value above `zgossip/limits/value` (16 MiB) is refused. A tuple beyond one of the
    /// other limits is a line in the log. Does not wait for the node, unless that is 10,000 publications behind.
    pub fn publish(&self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Error> {
        let (key, value) = (checked_key(key.as_ref())?, value.as_ref());
        let most = self.0.longest_value()?;
        if value.len() > most {
            return Err(Error::refused(format!(
                "the value has {} bytes, and zgossip/limits/value is {most}",
                value.len()
            )));
        }
        if !has_room(value.len()) {
            let text = format!("there is no memory for a value of {} bytes", value.len());
            return Err(Error::new(ErrorKind::NoResources, text));
        }
        self.post(&[b"PUBLISH", key, value])
    }

    /// Forget a tuple, as UNPUBLISH of the actor does. Nothing happens where there is none.
    pub fn unpublish(&self, key: impl AsRef<[u8]>) -> Result<(), Error> {
        self.post(&[b"UNPUBLISH", checked_key(key.as_ref())?])
    }

    fn post(&self, frames: &[&[u8]]) -> Result<(), Error> {
        if frames.last().is_some_and(|value| u32::try_from(value.len()).is_err()) {
            return Err(Error::bad_argument("the value is longer than a frame can say"));
        }
        Ok(self.0.post(command(frames)?)?)
    }

    /// The tuple that the node holds of a key.
    ///
    /// ```
    /// # let node = zgossip::Node::new("node")?;
    /// node.publish("key", "value")?;
    /// assert_eq!(node.get("key")?.unwrap().value(), b"value");
    /// assert_eq!(node.get("another")?, None);
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Tuple>, Error> {
        let key = key.as_ref().to_vec();
        Ok(self.0.call(Order::Get(key))?.tuples.pop().map(Tuple))
    }

    /// Wait until the neighbours have taken everything that was published before; how many have. That ends with the
    /// time-out at the latest; without one, when nobody has taken anything for as long as `zgossip/linger` says, a second
    /// by default.
    ///
    /// ```
    /// # let node = zgossip::Node::new("node")?;
    /// # let hub = zgossip::Node::new("hub")?;
    /// # let port = hub.bind("tcp://127.0.0.1:*")?;
    /// node.connect(format!("tcp://127.0.0.1:{port}"))?;
    /// node.publish("key", "value")?;
    /// assert_eq!(node.flush(None)?, 1);
    /// assert!(hub.get("key")?.is_some());
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn flush(&self, timeout: Option<Duration>) -> Result<usize, Error> {
        let most = timeout.map_or(-1, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX));
        Ok(self.0.call(Order::Flush(most))?.number as usize)
    }

    /// How many tuples the node holds.
    pub fn size(&self) -> Result<usize, Error> {
        Ok(self.0.call(Order::Size)?.number as usize)
    }

    /// All tuples that the node holds at one moment, in the order of their last change.
    ///
    /// ```
    /// # let node = zgossip::Node::new("node")?;
    /// node.publish("a", "1")?;
    /// node.publish("b", "2")?;
    /// for tuple in node.snapshot()? {
    ///     println!("{tuple}");
    /// }
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn snapshot(&self) -> Result<Vec<Tuple>, Error> {
        Ok(self.0.call(Order::Snapshot)?.tuples.into_iter().map(Tuple).collect())
    }
}

fn checked_key(key: &[u8]) -> Result<&[u8], Error> {
    match key.len() {
        0..=crate::wire::MAX_KEY => Ok(key),
        _ => Err(Error::bad_argument("the key has more than 255 bytes")),
    }
}
