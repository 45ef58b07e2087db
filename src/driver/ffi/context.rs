//! The ZeroMQ context of processes that have no CZMQ.

use super::fork::undivided;
use super::signal::spare_descriptors;
use super::socket::ZmqError;
use std::ffi::{c_int, c_void};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Sockets that one context can hold. libzmq takes 12 bytes for each at once, and its default of
/// 1,023 would end at a few hundred nodes.
const MAX_SOCKETS: c_int = 16_384;
/// Descriptors that a context takes for itself, with some to spare. libzmq ends the process where it
/// does not get them.
pub(super) const DESCRIPTORS_OF_CONTEXT: usize = 10;

/// A context that ends when nobody has it any more.
pub(crate) struct Context(*mut c_void);

// SAFETY: a libzmq context may be used by all threads.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    fn new() -> Result<Context, ZmqError> {
        spare_descriptors(DESCRIPTORS_OF_CONTEXT)?;
        // SAFETY: a new context, NULL where there is no memory; then there will be no socket either.
        let raw = unsafe { zmq_sys::zmq_ctx_new() };
        // SAFETY: libzmq refuses a NULL.
        unsafe { zmq_sys::zmq_ctx_set(raw, zmq_sys::ZMQ_MAX_SOCKETS as c_int, MAX_SOCKETS) };
        let context = Context(raw);
        // The first socket brings the context's threads and descriptors along; libzmq refuses a NULL.
        let first = context.new_socket(zmq_sys::ZMQ_PAIR as c_int);
        // SAFETY: ours, closed once.
        match unsafe { zmq_sys::zmq_close(first) } {
            0 => Ok(context),
            _ => Err(ZmqError::TOO_MANY_FILES),
        }
    }

    /// The one that all nodes of this process share, so that they reach each other by inproc. A
    /// child after a fork has another.
    pub(super) fn shared() -> Result<Arc<Context>, ZmqError> {
        static SHARED: Mutex<(u32, Weak<Context>)> = Mutex::new((0, Weak::new()));
        undivided(|| {
            let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            let process = std::process::id();
            match shared.1.upgrade() {
                Some(context) if shared.0 == process => Ok(context),
                other => {
                    // Its threads are not in this process, and ending it would wait for them.
                    std::mem::forget(other);
                    let context = Arc::new(Context::new()?);
                    *shared = (process, Arc::downgrade(&context));
                    Ok(context)
                }
            }
        })
    }

    /// A new socket; NULL where there is none.
    pub(super) fn new_socket(&self, kind: c_int) -> *mut c_void {
        // SAFETY: libzmq refuses a NULL, and a kind that does not exist.
        unsafe { zmq_sys::zmq_socket(self.0, kind) }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: ours, ended once, and all sockets are closed; a signal may interrupt it.
        while unsafe { zmq_sys::zmq_ctx_term(self.0) } != 0 && ZmqError::last() == ZmqError::INTR {}
    }
}
