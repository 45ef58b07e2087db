//! The node, as far as no call of it waits for events: those are in `zgossip` and `zgossip.asyncio`.

use crate::error::{closed, to_python};
use crate::receive::{Told, receive};
use crate::text::{bytes, name, path, to_str};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyIterator, PyMemoryView, PyString};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use zgossip::{Log, Options, Tuple};

/// A gossip node, running on a thread of the library until it is closed.
///
/// To len, in and node[key] it is the tuples that it holds, and iteration goes over their keys, as of a
/// dict. It cannot be copied or pickled, nor passed to another process.
///
/// log: where the node says what goes wrong: "process" (standard error, or CZMQ's log), "events" or "off".
/// verbose: log every step.
#[pyclass(subclass, frozen, module = "zgossip._native")]
pub(crate) struct Node {
    /// None once it is closed. A call that is under way in another thread keeps it until it returns.
    node: Mutex<Option<Arc<zgossip::Node>>>,
}

impl Node {
    fn open(&self) -> PyResult<Arc<zgossip::Node>> {
        let node = self.node.lock().unwrap_or_else(PoisonError::into_inner);
        node.clone().ok_or_else(closed)
    }

    /// Call the node, while other threads of Python run.
    fn call<T: Send>(
        &self,
        py: Python<'_>,
        call: impl FnOnce(&zgossip::Node) -> Result<T, zgossip::Error> + Send,
    ) -> PyResult<T> {
        let node = self.open()?;
        py.detach(|| {
            let result = call(&node);
            // The last one that holds the node waits for its end.
            drop(node);
            result
        })
        .map_err(to_python)
    }

    fn find(&self, py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<Option<Tuple>> {
        let key = bytes("key", key)?;
        self.call(py, |node| node.get(&key))
    }
}

#[pymethods]
impl Node {
    #[new]
    #[pyo3(signature = (name="", *, log="process", verbose=false), text_signature = "(name='', *, log='process', verbose=False)")]
    fn new(py: Python<'_>, name: &str, log: &str, verbose: bool) -> PyResult<Node> {
        let log = match log {
            "process" => Log::Process,
            "events" => Log::Events,
            "off" => Log::Off,
            other => {
                let text = format!("log must be 'process', 'events' or 'off', not {other:?}");
                return Err(PyValueError::new_err(text));
            }
        };
        let options = Options { log, verbose };
        let node = py
            .detach(|| zgossip::Node::with_options(name.as_bytes(), &options))
            .map_err(to_python)?;
        Ok(Node { node: Mutex::new(Some(Arc::new(node))) })
    }

    /// Leave the network. Iterations over events end; other calls raise EndedError. May be called again.
    fn close(&self, py: Python<'_>) {
        let node = self.node.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| {
            if let Some(node) = &node {
                node.close();
            }
            drop(node);
        });
    }

    /// Whether the node has been closed.
    #[getter]
    fn closed(&self) -> bool {
        self.open().is_err()
    }

    /// Accept other nodes at an endpoint; the TCP port, or 0.
    fn bind(&self, py: Python<'_>, endpoint: &Bound<'_, PyAny>) -> PyResult<u16> {
        let endpoint = name("endpoint", endpoint)?;
        self.call(py, |node| node.bind(endpoint))
    }

    /// Join the node that is bound there, now or whenever it will be; encrypted if its key is given.
    #[pyo3(signature = (endpoint, server_key=None))]
    fn connect(
        &self,
        py: Python<'_>,
        endpoint: &Bound<'_, PyAny>,
        server_key: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let endpoint = name("endpoint", endpoint)?;
        let key = server_key.map(|key| name("server_key", key)).transpose()?;
        self.call(py, |node| match key {
            Some(key) => node.connect_with_key(endpoint, key),
            None => node.connect(endpoint),
        })
    }

    /// Leave the node that was named to connect.
    fn disconnect(&self, py: Python<'_>, endpoint: &Bound<'_, PyAny>) -> PyResult<()> {
        let endpoint = name("endpoint", endpoint)?;
        self.call(py, |node| node.disconnect(endpoint))
    }

    /// Tell the network a tuple.
    fn publish(
        &self,
        py: Python<'_>,
        key: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (key, value) = (bytes("key", key)?, bytes("value", value)?);
        self.call(py, |node| node.publish(&key, &value))
    }

    /// Forget a tuple, in this node only.
    fn unpublish(&self, py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<()> {
        let key = bytes("key", key)?;
        self.call(py, |node| node.unpublish(&key))
    }

    /// Wait until the neighbours have taken everything that was published before; how many have. At most so many
    /// seconds; None: until nobody has taken anything for a second (zgossip/linger).
    #[pyo3(signature = (timeout=None))]
    fn flush(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<usize> {
        if timeout.is_some_and(|seconds| seconds < 0.0) {
            return Err(PyValueError::new_err("timeout: is negative"));
        }
        let longest = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        let timeout = timeout.map(longest);
        self.call(py, |node| node.flush(timeout))
    }

    /// The value of a key, or the default where the node holds no such tuple.
    #[pyo3(signature = (key, default=None))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        key: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.find(py, key)? {
            Some(tuple) => Ok(Some(to_str(py, tuple.value())?.into_any())),
            None => Ok(default),
        }
    }

    /// All tuples that the node holds at this moment, in the order of their last change.
    fn tuples<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        for tuple in self.call(py, |node| node.snapshot())? {
            found.set_item(to_str(py, tuple.key())?, to_str(py, tuple.value())?)?;
        }
        Ok(found)
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.call(py, |node| node.size())
    }

    /// A node that holds no tuple yet is a node nevertheless.
    fn __bool__(&self) -> bool {
        true
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyString>> {
        match self.find(py, key)? {
            Some(tuple) => to_str(py, tuple.value()),
            None => Err(PyKeyError::new_err(key.clone().unbind())),
        }
    }

    fn __contains__(&self, py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        let is_text = key.is_instance_of::<PyString>()
            || key.is_instance_of::<PyBytes>()
            || key.is_instance_of::<PyByteArray>()
            || key.is_instance_of::<PyMemoryView>();
        Ok(is_text && self.find(py, key)?.is_some())
    }

    /// The keys that the node holds at this moment.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.tuples(py)?.try_iter()
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a zgossip node cannot be copied, pickled or sent to another process: make another one there",
        ))
    }

    /// A descriptor that is readable while events wait, for select and the like.
    fn fileno(&self) -> PyResult<i32> {
        Ok(self.open()?.as_fd().as_raw_fd())
    }

    /// Set one item of the configuration, such as "server/verbose".
    fn set(
        &self,
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (path, value) = (name("path", path)?, name("value", value)?);
        self.call(py, |node| node.set(path, value))
    }

    /// Take the configuration from a file, and again whenever it changes.
    fn load(&self, py: Python<'_>, file: &Bound<'_, PyAny>) -> PyResult<()> {
        let file = path("file", file)?;
        self.call(py, |node| node.load(file))
    }

    /// Write the configuration to a file.
    fn save(&self, py: Python<'_>, file: &Bound<'_, PyAny>) -> PyResult<()> {
        let file = path("file", file)?;
        self.call(py, |node| node.save(file))
    }

    /// Encrypt, with these keys as this node's own; before bind and connect. See new_keys.
    fn set_keys(
        &self,
        py: Python<'_>,
        public_key: &Bound<'_, PyAny>,
        secret_key: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (public, secret) = (name("public_key", public_key)?, name("secret_key", secret_key)?);
        self.call(py, |node| node.set_keys(public, secret))
    }

    /// Let in the client with this public key, and nobody who is not allowed; before bind.
    fn allow(&self, py: Python<'_>, public_key: &Bound<'_, PyAny>) -> PyResult<()> {
        let key = name("public_key", public_key)?;
        self.call(py, |node| node.allow(key))
    }

    /// The domain under which a ZAP handler is asked about clients; before bind.
    fn set_zap_domain(&self, py: Python<'_>, domain: &Bound<'_, PyAny>) -> PyResult<()> {
        let domain = name("domain", domain)?;
        self.call(py, |node| node.set_zap_domain(domain))
    }

    /// The next event as (type, key, value), or None if none comes in that many seconds. A negative time
    /// is for ever. Signals are Python's: Ctrl-C raises KeyboardInterrupt.
    fn _receive<'py>(&self, py: Python<'py>, seconds: f64) -> PyResult<Option<Told<'py>>> {
        receive(py, self.open()?, seconds)
    }
}
