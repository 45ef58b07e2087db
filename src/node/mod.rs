//! The node for Rust programs; the C functions of `zgossip_node.h` are shells over it.
//!
//! Here a node is made and ended. The other files hold what can be asked of it, a subject each.

mod configuration;
mod connections;
mod error;
mod event;
mod options;
mod receive;
mod security;
#[cfg(test)]
mod tests;
mod tuples;

pub use error::{Error, ErrorKind};
pub use event::{Event, Level};
pub use options::{Log, Options};
pub use security::new_keys;
pub use tuples::Tuple;

use crate::driver::{Answer, Handle, LogTo, Order};

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

    /// End the node before it is dropped. Calls that are under way, and later ones, say so.
    pub fn close(&self) {
        self.0.close();
    }
}

/// Frames of a command. A NUL would end one, and what is meant must not be cut in silence.
fn command(frames: &[&[u8]]) -> Result<Order, Error> {
    if frames.iter().any(|frame| frame.contains(&0)) {
        return Err(Error::bad_argument("an argument holds a NUL byte"));
    }
    Ok(Order::Command(frames.iter().map(|frame| frame.to_vec()).collect()))
}
