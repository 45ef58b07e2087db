//! `zgossip_node.h`: a node with a handle, for programs without CZMQ and for other languages.
//!
//! A file with the name of one in `src/node` stands on that one. `tests/header.rs` says in which order the files
//! make up the header.

mod arguments;
mod configuration;
mod connections;
mod errors;
mod event;
mod handles;
mod lifetime;
mod list;
mod objects;
mod receive;
mod security;
#[cfg(test)]
mod tests;
mod tuples;

pub use configuration::*;
pub use connections::*;
pub use errors::*;
pub use event::*;
pub use handles::zgossip_node_t;
pub use lifetime::*;
pub use list::*;
pub use receive::*;
pub use security::*;
pub use tuples::*;
