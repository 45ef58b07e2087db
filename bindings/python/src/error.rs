//! Errors of the library as Python's, whose classes are in `zgossip/_errors.py`.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use zgossip::{Error, ErrorKind};

/// The error of its kind.
pub(crate) fn to_python(error: Error) -> PyErr {
    let class = match error.kind() {
        ErrorKind::BadArgument => "BadArgumentError",
        ErrorKind::Refused => "RefusedError",
        ErrorKind::Ended => "EndedError",
        ErrorKind::NoResources => "NoResourcesError",
        _ => "Error",
    };
    named(class, error.text())
}

/// What a node that is closed answers.
pub(crate) fn closed() -> PyErr {
    named("EndedError", "the node is closed")
}

fn named(class: &str, text: &str) -> PyErr {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    Python::attach(|py| {
        let made = MODULE
            .get_or_try_init(py, || py.import("zgossip._errors").map(Bound::unbind))
            .and_then(|module| module.bind(py).getattr(class))
            .and_then(|class| Ok(class.cast_into::<PyType>()?));
        match made {
            Ok(class) => PyErr::from_type(class, text.to_string()),
            Err(error) => error,
        }
    })
}
