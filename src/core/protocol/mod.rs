//! What is said on a connection, and what a message, a connection or the time calls for.

mod greeting;
mod receive;
mod sketches;
pub(super) mod time;
pub(super) mod with_clients;
pub(super) mod with_servers;
