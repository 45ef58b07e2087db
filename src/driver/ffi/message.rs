//! One frame of a ZeroMQ message.

use super::socket::ZmqError;
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use zmq_sys::zmq_msg_t;

/// ZMQ_SRCFD: the descriptor that a message came by. Deprecated for the races that it invites, which
/// `Connection` knows how to avoid; zmq-sys leaves it out.
const SRCFD: c_int = 2;

/// The bytes that libzmq holds for one peer, of messages that were lent to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held(Arc<AtomicUsize>);

impl Held {
    pub(crate) fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What libzmq was lent for one message.
struct Lent {
    bytes: Arc<[u8]>,
    /// So many of them.
    size: usize,
    held: Held,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.held.0.fetch_sub(self.size, Ordering::Relaxed);
    }
}

/// libzmq has no more use for a message: it is on its way, or its connection is gone.
unsafe extern "C" fn give_back(_data: *mut c_void, hint: *mut c_void) {
    // SAFETY: the hint of `Message::lent`, given back once.
    drop(unsafe { Box::from_raw(hint.cast::<Lent>()) });
}

/// An owned `zmq_msg_t`.
pub(crate) struct Message(zmq_msg_t);

impl Message {
    /// An empty frame, to receive into.
    pub(crate) fn new() -> Message {
        let mut raw = zmq_msg_t::default();
        // SAFETY: the record is ours; zmq_msg_init cannot fail.
        unsafe { zmq_sys::zmq_msg_init(&mut raw) };
        Message(raw)
    }

    /// A frame with a copy of these bytes.
    pub(crate) fn copy_of(bytes: &[u8]) -> Result<Message, ZmqError> {
        Message::joined(bytes, &[])
    }

    /// A frame with a copy of these bytes, and of those behind them.
    pub(crate) fn joined(bytes: &[u8], more: &[u8]) -> Result<Message, ZmqError> {
        let mut raw = zmq_msg_t::default();
        // SAFETY: the record is ours. The sum of two sizes in memory does not overflow.
        if unsafe { zmq_sys::zmq_msg_init_size(&mut raw, bytes.len() + more.len()) } != 0 {
            return Err(ZmqError::last());
        }
        // SAFETY: the message has room for exactly so many bytes, and is not shared yet.
        unsafe {
            let to = zmq_sys::zmq_msg_data(&mut raw).cast::<u8>();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
            std::ptr::copy_nonoverlapping(more.as_ptr(), to.add(bytes.len()), more.len());
        }
        Ok(Message(raw))
    }

    /// The first `size` of these bytes as a frame whose content stays with us, shared with others, until libzmq has no
    /// more use for it. Until then it counts in what is held for a peer: nothing else tells how much of what was sent
    /// waits in libzmq.
    pub(crate) fn lent(bytes: &Arc<[u8]>, size: usize, held: &Held) -> Result<Message, ZmqError> {
        let size = size.min(bytes.len());
        held.0.fetch_add(size, Ordering::Relaxed);
        let lent = Box::new(Lent { bytes: Arc::clone(bytes), size, held: held.clone() });
        let data = lent.bytes.as_ptr().cast_mut().cast();
        let hint = Box::into_raw(lent);
        let mut raw = zmq_msg_t::default();
        // SAFETY: the record is ours. The bytes live until `give_back` is called, once, in whatever thread; nobody
        // writes to them, as libzmq only reads what is to be sent.
        let rc = unsafe {
            zmq_sys::zmq_msg_init_data(&mut raw, data, size, Some(give_back), hint.cast())
        };
        if rc != 0 {
            let error = ZmqError::last();
            // SAFETY: made above; libzmq did not take it.
            drop(unsafe { Box::from_raw(hint) });
            return Err(error);
        }
        Ok(Message(raw))
    }

    /// A second frame with the same content: libzmq counts references instead of copying where the
    /// content is not tiny.
    pub(crate) fn share(&mut self) -> Message {
        let mut copy = Message::new();
        // SAFETY: both are initialised; fails only for an invalid source.
        unsafe { zmq_sys::zmq_msg_copy(&mut copy.0, &mut self.0) };
        copy
    }

    /// The frame's bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        let raw = (&raw const self.0).cast_mut();
        // SAFETY: an initialised message; data and size belong together, and stay until it changes,
        // which needs `&mut self`. zmq_msg_data takes a mutable pointer but does not write.
        unsafe {
            let data = zmq_sys::zmq_msg_data(raw).cast::<u8>();
            let size = zmq_sys::zmq_msg_size(raw);
            if data.is_null() { &[] } else { std::slice::from_raw_parts(data, size) }
        }
    }

    /// Whether another frame of the same message follows.
    pub(crate) fn more(&self) -> bool {
        // SAFETY: an initialised message.
        unsafe { zmq_sys::zmq_msg_more(&self.0) != 0 }
    }

    /// The descriptor of the connection that the message came by; it may have been closed since. None within
    /// the process.
    pub(super) fn descriptor(&self) -> Option<RawFd> {
        // SAFETY: an initialised message.
        let descriptor = unsafe { zmq_sys::zmq_msg_get(&self.0, SRCFD) };
        (descriptor >= 0).then_some(descriptor)
    }

    pub(super) fn raw(&mut self) -> *mut zmq_msg_t {
        &mut self.0
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        // SAFETY: initialised, closed once. A sent message is an empty one by then.
        unsafe { zmq_sys::zmq_msg_close(&mut self.0) };
    }
}
