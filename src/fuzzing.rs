//! What must hold for any bytes: the entries of the fuzz targets in `fuzz/`, and in the normal
//! test run properties over random bytes and over the seeds in `fuzz/corpus-seeds`.
//!
//! `bench` is driven by `benches/micro` instead, and checks nothing.
//!
//! Each function panics where an invariant is broken. Not part of the library: compiled for tests
//! and by `cargo fuzz`, which sets `cfg(fuzzing)`.
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
