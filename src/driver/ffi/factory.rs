//! Where a node's sockets come from.

use super::context::{Context, DESCRIPTORS_OF_CONTEXT};
use super::czmq::{Czmq, czmq};
use super::fork::undivided;
use super::interrupts;
use super::signal::spare_descriptors;
use super::socket::{DESCRIPTORS, Owned, ZmqError};
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;
use std::sync::Arc;

/// Makes the sockets of one node.
pub(crate) struct SocketFactory(Source);

enum Source {
    /// The owner uses CZMQ: its function makes them, and it counts them.
    Czmq(&'static Czmq),
    /// The owner has a handle, and CZMQ is in the process too.
    Beside(Beside),
    /// There is no CZMQ.
    Own(Arc<Context>),
}

/// CZMQ's context, in which the library makes sockets by itself. CZMQ does not count these: where counted ones
/// are open, zsys_shutdown leaves the context behind and the next one ends the process with an assertion.
/// Instead it waits until they are closed, so the node must learn that it should close them: from a socket
/// that does nothing else, as there may be no other.
struct Beside {
    context: *mut c_void,
    /// The program's zsys settings.
    linger: c_int,
    ipv6: bool,
    watch: Owned,
}

impl SocketFactory {
    /// For a node behind a CZMQ pipe: in CZMQ's context. For the tests, which have none, one of our own.
    pub(crate) fn for_pipe() -> Result<SocketFactory, ZmqError> {
        let Some(czmq) = czmq() else { return SocketFactory::own() };
        interrupts::catch(czmq);
        spare_descriptors(DESCRIPTORS_OF_CONTEXT)?;
        Ok(SocketFactory(Source::Czmq(czmq)))
    }

    /// For a node with a handle: in CZMQ's context as well, if there is one. inproc must reach CZMQ's
    /// actors, and a ZAP handler answers in its own context only. After a fork CZMQ has another one, as
    /// the library has.
    pub(crate) fn for_handle() -> Result<SocketFactory, ZmqError> {
        match czmq() {
            Some(czmq) => Ok(SocketFactory(Source::Beside(Beside::new(czmq)?))),
            None => SocketFactory::own(),
        }
    }

    fn own() -> Result<SocketFactory, ZmqError> {
        Ok(SocketFactory(Source::Own(Context::shared()?)))
    }

    /// A new socket, or why there is none: usually that the context's limit is reached.
    pub(crate) fn new_socket(&self, kind: zmq::SocketType) -> Result<Owned, ZmqError> {
        spare_descriptors(DESCRIPTORS)?;
        let kind = kind as c_int;
        match &self.0 {
            Source::Czmq(czmq) => Owned::counted(kind, czmq),
            Source::Beside(beside) => beside.new_socket(kind),
            Source::Own(context) => {
                let mut socket = Owned::new(context.new_socket(kind))?;
                socket.takes_any_family();
                // CZMQ's default. libzmq's would keep the context waiting for peers that never come.
                socket.set_number(zmq_sys::ZMQ_LINGER, 0)?;
                Ok(socket)
            }
        }
    }

    /// Tells the contexts of this process apart, as long as they live.
    pub(crate) fn context(&self) -> usize {
        match &self.0 {
            Source::Czmq(czmq) => undivided(|| czmq.context()) as usize,
            Source::Beside(beside) => beside.context as usize,
            Source::Own(context) => Arc::as_ptr(context) as usize,
        }
    }

    /// Readable when `check` is worth calling, where it ever is.
    pub(crate) fn descriptor(&self) -> Option<RawFd> {
        match &self.0 {
            Source::Beside(beside) => beside.watch.descriptor().ok(),
            Source::Czmq(_) | Source::Own(_) => None,
        }
    }

    /// Fails once the context has ended.
    pub(crate) fn check(&self) -> Result<(), ZmqError> {
        match &self.0 {
            Source::Beside(beside) => beside.watch.events().map(drop),
            Source::Czmq(_) | Source::Own(_) => Ok(()),
        }
    }

    /// The same, before a socket connects again within the process. zmq_ctx_term ends all inproc connections
    /// whose server is not there yet, and then tells all sockets. One that connects again in between, because
    /// its connection went down, would be waited for without end. libzmq has a lock over both steps, which a
    /// new socket needs as well: so making one tells whether the context is before them or behind.
    pub(crate) fn check_before_inproc(&self) -> Result<(), ZmqError> {
        match &self.0 {
            Source::Beside(beside) => beside.new_socket(zmq_sys::ZMQ_PAIR as c_int).map(drop),
            Source::Czmq(_) | Source::Own(_) => Ok(()),
        }
    }
}

impl Beside {
    fn new(czmq: &'static Czmq) -> Result<Beside, ZmqError> {
        spare_descriptors(DESCRIPTORS_OF_CONTEXT)?;
        undivided(|| {
            let like = interrupts::kept(|| Owned::counted(zmq_sys::ZMQ_PAIR as c_int, czmq))?;
            let context = czmq.context();
            let watch = Owned::new(in_context(context, zmq_sys::ZMQ_PAIR as c_int))?;
            Ok(Beside { context, linger: like.linger()?, ipv6: like.takes_ipv6(), watch })
        })
    }

    fn new_socket(&self, kind: c_int) -> Result<Owned, ZmqError> {
        let socket = Owned::new(in_context(self.context, kind))?;
        socket.set_number(zmq_sys::ZMQ_LINGER, self.linger)?;
        socket.set_number(zmq_sys::ZMQ_IPV6, c_int::from(self.ipv6))?;
        Ok(socket)
    }
}

fn in_context(context: *mut c_void, kind: c_int) -> *mut c_void {
    // SAFETY: a context, which cannot go before the socket that watches it, or NULL, which is refused.
    unsafe { zmq_sys::zmq_socket(context, kind) }
}
