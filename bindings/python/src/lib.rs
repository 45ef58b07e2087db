//! `zgossip._native`: gossip nodes for Python, over the crate's API for Rust.
//!
//! What waits, and what only Python can say well, is in the modules beside it: `zgossip` and `zgossip.asyncio`.

mod error;
mod node;
mod receive;
mod text;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::node::Node;

    /// A new pair of CURVE keys: the public one, the secret one.
    #[pyfunction]
    fn new_keys() -> PyResult<(String, String)> {
        zgossip::new_keys().map_err(error::to_python)
    }

    /// Which version of the package this is.
    #[pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
