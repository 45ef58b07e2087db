//! What must hold for any bytes. The targets in `fuzz/` call these functions, and so does a normal test run,
//! with random bytes and with the seeds in `fuzz/corpus-seeds`. Each function panics where something does not
//! hold.
//!
//! `bench` checks nothing: `benches/micro` measures by it.
//!
//! This is not part of the library. It is compiled for tests, and by `cargo fuzz`, which sets `cfg(fuzzing)`.
#![allow(missing_docs)]

mod bench;
mod config;
mod feed;
mod frame;
mod held;
mod owner;
mod peer;
mod world;

#[cfg(test)]
mod tests;

pub use bench::{Bench, decode};
pub use config::{settings, zpl};
#[cfg(test)]
pub(crate) use frame::published;
pub use frame::wire_decode;
pub use world::node;
