//! The exported C functions, one file or folder for each header.
//!
//! Nothing is decided here: arguments are checked and turned into safe values, and a panic goes no
//! further than [`contain`](crate::driver::contain).
#![allow(unsafe_code)]

mod selftest;
mod types;
mod version;
mod zgossip;
mod zgossip_msg;
mod zgossip_node;

pub use types::{zframe_t, zsock_t};
pub use version::zgossip_version;
pub use zgossip::{zgossip, zgossip_test};
pub use zgossip_msg::*;
pub use zgossip_node::*;
