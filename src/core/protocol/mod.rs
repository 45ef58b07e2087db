//! What is said with clients and servers: what to do about a message, a connection that comes or goes, or the
//! time.

mod clock_set;
mod clocks;
mod greeting;
mod receive;
mod sketches;
pub(super) mod time;
pub(super) mod with_clients;
pub(super) mod with_servers;
