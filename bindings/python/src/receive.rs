//! Events, waited for and told to Python.

use crate::error::to_python;
use crate::text::to_str;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::Arc;
use std::time::Duration;
use zgossip::{ErrorKind, Event, Node};

/// Type, key and value of an event.
pub(crate) type Told<'py> = (&'static str, Bound<'py, PyString>, Bound<'py, PyString>);

/// The next event, or None if none comes in that many seconds, for ever where they are negative; also None
/// after a signal that Python did not want to end the wait.
pub(crate) fn receive<'py>(
    py: Python<'py>,
    node: Arc<Node>,
    seconds: f64,
) -> PyResult<Option<Told<'py>>> {
    // A time beyond all clocks is for ever, too.
    let timeout = Duration::try_from_secs_f64(seconds).ok();
    let waits = timeout != Some(Duration::ZERO);
    // What is there already is taken without letting other threads run first, which costs more.
    let mut received = node.recv(Some(Duration::ZERO));
    if waits && matches!(received, Ok(None)) {
        received = py.detach(|| node.recv(timeout));
    }
    // The last one that holds the node waits for its end.
    if let Some(last) = Arc::into_inner(node) {
        py.detach(|| drop(last));
    }
    match received {
        Ok(event) => event.map(|event| told(py, &event)).transpose(),
        Err(error) if error.kind() == ErrorKind::Interrupted => py.check_signals().map(|()| None),
        Err(error) => Err(to_python(error)),
    }
}

fn told<'py>(py: Python<'py>, event: &Event) -> PyResult<Told<'py>> {
    let (kind, key, value) = match event {
        Event::Tuple(tuple) => ("tuple", tuple.key(), tuple.value()),
        Event::Log { level, text } => ("log", level.name().as_bytes(), text.as_bytes()),
        Event::Joined { endpoint } => ("joined", endpoint.as_bytes(), &b""[..]),
        _ => ("unknown", &b""[..], &b""[..]),
    };
    Ok((kind, to_str(py, key)?, to_str(py, value)?))
}
