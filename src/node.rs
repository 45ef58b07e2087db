//! The node for Rust programs; the C functions of `zgossip_node.h` are shells over it.

mod error;
mod event;
#[cfg(test)]
mod tests;

pub use error::{Error, ErrorKind};
pub use event::{Event, Level, Tuple};

use crate::core::Key;
use crate::driver::{self, Answer, Handle, LogTo, Order};
use std::os::fd::{AsFd, BorrowedFd, RawFd};
use std::time::Duration;

/// Where lines for the log go: what a node says of peers that misbehave or refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Log {
    /// To CZMQ's log where the process has CZMQ, and to standard error otherwise.
    #[default]
    Process,
    /// They become events; at most the 100 latest wait.
    Events,
    /// Nowhere.
    Off,
}

/// What a node is made with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where lines for the log go.
    pub log: Log,
    /// Log every command and every step.
    pub verbose: bool,
}

/// A gossip node: it holds tuples of a key and a value, connects to other nodes, and all nodes of the
/// network learn all tuples.
///
/// The node runs on a thread of its own until it is dropped. All functions may be called from any
/// thread at any time; they are carried out in the order in which they are called. Those that have a
/// result wait for it, and when they return, the events that they caused are there.
///
/// ```
/// use std::time::Duration;
/// use zgossip::{Event, Node};
///
/// let hub = Node::new("hub")?;
/// let port = hub.bind("tcp://127.0.0.1:*")?;
///
/// let leaf = Node::new("leaf")?;
/// leaf.connect(format!("tcp://127.0.0.1:{port}"))?;
/// leaf.publish("printer/3", "tcp://10.0.0.7:9100")?;
///
/// match hub.recv(Some(Duration::from_secs(20)))? {
///     Some(Event::Tuple(tuple)) => {
///         assert_eq!(tuple.key(), b"printer/3");
///         assert_eq!(tuple.value(), b"tcp://10.0.0.7:9100");
///     }
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), zgossip::Error>(())
/// ```
#[derive(Debug)]
pub struct Node(Handle);

impl Node {
    /// A node; the name is for the log.
    pub fn new(name: impl AsRef<[u8]>) -> Result<Node, Error> {
        Node::with_options(name.as_ref(), &Options::default())
    }

    /// A node with options.
    ///
    /// Fails where there is no thread or no descriptor left.
    ///
    /// ```
    /// use zgossip::{Log, Node, Options};
    ///
    /// let quiet = Node::with_options(b"quiet", &Options { log: Log::Off, verbose: false })?;
    /// # Ok::<(), zgossip::Error>(())
    /// ```
    pub fn with_options(name: &[u8], options: &Options) -> Result<Node, Error> {
        let log = match options.log {
            Log::Process => LogTo::Process,
            Log::Events => LogTo::Events,
            Log::Off => LogTo::Nowhere,
        };
        let no_resources = |text| Error::new(ErrorKind::NoResources, text);
        let handle = Handle::start(name, log).map_err(|error| no_resources(error.to_string()))?;
        let node = Node(handle);
        // Whether it could start shows in its first answer.
        let started = match options.verbose {
            true => node.call(&[b"VERBOSE"]),
            false => node.0.call(Order::Size).map_err(Error::from),
        };
        started.map_err(|error| no_resources(error.text().to_string()))?;
        Ok(node)
    }

    /// Have the node carry out a command of the actor.
    fn call(&self, frames: &[&[u8]]) -> Result<Answer, Error> {
        Ok(self.0.call(command(frames)?)?)
    }

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

    /// Tell the network a tuple. The newest value of a key wins, everywhere.
    ///
    /// A key has at most 255 bytes, a value less than 4 GiB, and neither holds a NUL byte, which
    /// would end it in CZMQ peers. Does not wait for the node, unless that is 10,000 publications behind.
    pub fn publish(&self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Error> {
        self.post(&[b"PUBLISH", checked_key(key.as_ref())?, value.as_ref()])
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

    /// The next event, waited for; None if none comes in time. Without a time-out, waits for ever.
    /// Each event goes to one caller.
    ///
    /// A node whose events nobody takes goes on all the same. Once 2,000 wait, a tuple that changes
    /// again replaces its own waiting event: what waits grows with the number of tuples only.
    pub fn recv(&self, timeout: Option<Duration>) -> Result<Option<Event>, Error> {
        Ok(self.0.receive(timeout)?.map(Event::from))
    }

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

    /// The domain under which a ZAP handler is asked about clients, before bind. The handler is one
    /// in the context of the sockets, such as CZMQ's zauth; a process without CZMQ has none.
    pub fn set_zap_domain(&self, domain: impl AsRef<[u8]>) -> Result<(), Error> {
        self.call(&[b"ZAP DOMAIN", domain.as_ref()]).map(drop)
    }

    /// What `as_fd` borrows, as C takes it; an error after a fork.
    pub(crate) fn descriptor(&self) -> Result<RawFd, Error> {
        Ok(self.0.descriptor()?)
    }

    /// End the node before it is dropped. Calls that are under way, and later ones, say so.
    pub fn close(&self) {
        self.0.close();
    }
}

/// The descriptor is readable exactly while events wait, and after the node has ended: for event
/// loops. It is not to be read, written or closed.
///
/// ```
/// # use std::os::fd::{AsFd, AsRawFd};
/// # let node = zgossip::Node::new("node")?;
/// println!("to be polled: {}", node.as_fd().as_raw_fd());
/// # Ok::<(), zgossip::Error>(())
/// ```
impl AsFd for Node {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.readable()
    }
}

/// A pair of CURVE keys: public and secret, 40 characters of Z85 each.
pub fn new_keys() -> Result<(String, String), Error> {
    let none = || Error::new(ErrorKind::NoResources, "this libzmq has no CURVE".to_string());
    driver::new_keys().ok_or_else(none)
}

/// Frames of a command. A NUL would end one, and what is meant must not be cut in silence.
fn command(frames: &[&[u8]]) -> Result<Order, Error> {
    if frames.iter().any(|frame| frame.contains(&0)) {
        return Err(Error::bad_argument("an argument holds a NUL byte"));
    }
    Ok(Order::Command(frames.iter().map(|frame| frame.to_vec()).collect()))
}

fn checked_key(key: &[u8]) -> Result<&[u8], Error> {
    match key.len() {
        0..=crate::wire::MAX_KEY => Ok(key),
        _ => Err(Error::bad_argument("the key has more than 255 bytes")),
    }
}
