//! Sockets: those that a node makes, and the pipe's, which is CZMQ's.

use super::czmq::Czmq;
use super::fork::undivided;
use super::message::Message;
use super::signal::spare_descriptors;
use std::ffi::{CStr, CString, c_int, c_void};
use std::fmt;
use std::ops::Deref;
use std::os::fd::RawFd;

/// Descriptors that libzmq may take for one socket, one bind or one connect: the socket's own, and those
/// that it opens and closes while it looks for an address.
pub(super) const DESCRIPTORS: usize = 4;

/// An errno as libzmq gives it, its own numbers included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ZmqError(pub(crate) c_int);

impl ZmqError {
    pub(crate) const AGAIN: ZmqError = ZmqError(libc::EAGAIN);
    pub(crate) const INTR: ZmqError = ZmqError(libc::EINTR);
    pub(crate) const HOST_UNREACHABLE: ZmqError = ZmqError(libc::EHOSTUNREACH);
    pub(crate) const IN_USE: ZmqError = ZmqError(libc::EADDRINUSE);
    pub(crate) const FORBIDDEN: ZmqError = ZmqError(libc::EACCES);
    pub(crate) const TOO_MANY_FILES: ZmqError = ZmqError(libc::EMFILE);
    const NO_SUCH_ADDRESS: ZmqError = ZmqError(libc::EADDRNOTAVAIL);
    const NO_SUCH_FAMILY: ZmqError = ZmqError(libc::EAFNOSUPPORT);
    const INVALID: ZmqError = ZmqError(libc::EINVAL);

    /// Whether the context or the socket has ended. Whatever else goes wrong costs a message or a peer.
    pub(crate) fn is_end(self) -> bool {
        self.0 == zmq_sys::errno::ETERM || self.0 == libc::ENOTSOCK
    }

    pub(super) fn last() -> ZmqError {
        // SAFETY: reads the calling thread's errno.
        ZmqError(unsafe { zmq_sys::zmq_errno() })
    }
}

impl fmt::Display for ZmqError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: libzmq returns a C string for every number.
        let text = unsafe { CStr::from_ptr(zmq_sys::zmq_strerror(self.0)) };
        f.write_str(&text.to_string_lossy())
    }
}

fn check(rc: c_int) -> Result<(), ZmqError> {
    if rc == -1 { Err(ZmqError::last()) } else { Ok(()) }
}

/// A socket that somebody else closes: the actor's end of the owner's pipe.
///
/// Deliberately neither Send nor Sync, like every ZeroMQ socket.
#[derive(Debug)]
pub(crate) struct Borrowed(*mut c_void);

impl Borrowed {
    /// # Safety
    /// `raw` is a live libzmq socket of this process's libzmq, used by no other thread while this
    /// value exists.
    pub(crate) unsafe fn from_raw(raw: *mut c_void) -> Borrowed {
        Borrowed(raw)
    }

    /// The next frame, without waiting; None when there is none.
    pub(crate) fn receive(&self, message: &mut Message) -> Result<bool, ZmqError> {
        loop {
            // SAFETY: a live socket and an initialised message.
            let rc = unsafe { zmq_sys::zmq_msg_recv(message.raw(), self.0, zmq::DONTWAIT) };
            match check(rc.min(0)) {
                Ok(()) => return Ok(true),
                Err(ZmqError::AGAIN) => return Ok(false),
                Err(ZmqError::INTR) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next frame, waited for. A signal ends the wait: a program must be able to interrupt it.
    pub(crate) fn wait_for(&self, message: &mut Message) -> Result<(), ZmqError> {
        // SAFETY: a live socket and an initialised message.
        let rc = unsafe { zmq_sys::zmq_msg_recv(message.raw(), self.0, 0) };
        check(rc.min(0))
    }

    /// Queue a frame with a copy of these bytes, waiting as long as the socket is full.
    pub(crate) fn send_waiting(&self, bytes: &[u8], more: bool) -> Result<(), ZmqError> {
        let mut message = Message::copy_of(bytes)?;
        let flags = if more { zmq::SNDMORE } else { 0 };
        // SAFETY: a live socket and an initialised message.
        let rc = unsafe { zmq_sys::zmq_msg_send(message.raw(), self.0, flags) };
        check(rc.min(0))
    }

    /// Queue a frame, never waiting. The message is empty afterwards if that went well.
    pub(crate) fn send(&self, message: &mut Message, more: bool) -> Result<(), ZmqError> {
        let flags = zmq::DONTWAIT | if more { zmq::SNDMORE } else { 0 };
        loop {
            // SAFETY: a live socket and an initialised message.
            let rc = unsafe { zmq_sys::zmq_msg_send(message.raw(), self.0, flags) };
            match check(rc.min(0)) {
                Err(ZmqError::INTR) => {}
                outcome => return outcome,
            }
        }
    }

    /// Queue a frame with a copy of these bytes, never waiting.
    pub(crate) fn send_bytes(&self, bytes: &[u8], more: bool) -> Result<(), ZmqError> {
        let flags = zmq::DONTWAIT | if more { zmq::SNDMORE } else { 0 };
        loop {
            // SAFETY: a live socket; the bytes are copied during the call.
            let rc =
                unsafe { zmq_sys::zmq_send(self.0, bytes.as_ptr().cast(), bytes.len(), flags) };
            match check(rc.min(0)) {
                Err(ZmqError::INTR) => {}
                outcome => return outcome,
            }
        }
    }

    fn number(&self, option: c_int) -> Result<c_int, ZmqError> {
        let mut value: c_int = 0;
        let mut size = size_of::<c_int>();
        // SAFETY: the option is an int, and the size says so.
        let rc =
            unsafe { zmq_sys::zmq_getsockopt(self.0, option, (&raw mut value).cast(), &mut size) };
        check(rc).map(|()| value)
    }

    /// (POLLIN, POLLOUT). Asking also makes the socket process what other threads have sent it.
    pub(crate) fn events(&self) -> Result<(bool, bool), ZmqError> {
        let events = self.number(zmq_sys::ZMQ_EVENTS as c_int)?;
        let on = |flag: u32| events & flag as c_int != 0;
        Ok((on(zmq_sys::ZMQ_POLLIN), on(zmq_sys::ZMQ_POLLOUT)))
    }

    /// The descriptor that becomes readable when `events` is worth asking again.
    pub(crate) fn descriptor(&self) -> Result<RawFd, ZmqError> {
        self.number(zmq_sys::ZMQ_FD as c_int)
    }

    /// The socket's type; fails where this is no socket of this process's libzmq.
    pub(crate) fn kind(&self) -> Result<c_int, ZmqError> {
        self.number(zmq_sys::ZMQ_TYPE as c_int)
    }

    /// For how long it keeps what was not sent when it is closed, in milliseconds.
    pub(super) fn linger(&self) -> Result<c_int, ZmqError> {
        self.number(zmq_sys::ZMQ_LINGER as c_int)
    }

    /// Whether it takes IPv6 addresses.
    pub(super) fn takes_ipv6(&self) -> bool {
        self.number(zmq_sys::ZMQ_IPV6 as c_int) == Ok(1)
    }

    /// Where it was bound or connected last, with the real port.
    pub(crate) fn last_endpoint(&self) -> Option<Vec<u8>> {
        let mut text = vec![0_u8; 1024];
        let mut size = text.len();
        let option = zmq_sys::ZMQ_LAST_ENDPOINT as c_int;
        // SAFETY: the buffer has the size that is named.
        let rc =
            unsafe { zmq_sys::zmq_getsockopt(self.0, option, text.as_mut_ptr().cast(), &mut size) };
        check(rc).ok()?;
        text.truncate(size.saturating_sub(1));
        Some(text)
    }

    pub(crate) fn set_number(&self, option: u32, value: c_int) -> Result<(), ZmqError> {
        // SAFETY: the option takes an int; libzmq refuses a wrong size.
        check(unsafe {
            zmq_sys::zmq_setsockopt(
                self.0,
                option as c_int,
                (&raw const value).cast(),
                size_of::<c_int>(),
            )
        })
    }

    pub(crate) fn set_bytes(&self, option: u32, value: &[u8]) -> Result<(), ZmqError> {
        // SAFETY: the value has the size that is named.
        check(unsafe {
            zmq_sys::zmq_setsockopt(self.0, option as c_int, value.as_ptr().cast(), value.len())
        })
    }

    fn with_endpoint(
        &self,
        endpoint: &[u8],
        call: unsafe extern "C" fn(*mut c_void, *const std::ffi::c_char) -> c_int,
    ) -> Result<(), ZmqError> {
        let endpoint = CString::new(endpoint).map_err(|_| ZmqError::INVALID)?;
        // SAFETY: a live socket and a C string.
        check(unsafe { call(self.0, endpoint.as_ptr()) })
    }

    pub(crate) fn bind(&self, endpoint: &[u8]) -> Result<(), ZmqError> {
        spare_descriptors(DESCRIPTORS)?;
        self.with_endpoint(endpoint, zmq_sys::zmq_bind)
    }

    pub(crate) fn connect(&self, endpoint: &[u8]) -> Result<(), ZmqError> {
        spare_descriptors(DESCRIPTORS)?;
        self.with_endpoint(endpoint, zmq_sys::zmq_connect)
    }

    pub(crate) fn unbind(&self, endpoint: &[u8]) -> Result<(), ZmqError> {
        self.with_endpoint(endpoint, zmq_sys::zmq_unbind)
    }

    pub(crate) fn disconnect(&self, endpoint: &[u8]) -> Result<(), ZmqError> {
        self.with_endpoint(endpoint, zmq_sys::zmq_disconnect)
    }

    /// Report what happens to the socket's connections to a PAIR at this inproc endpoint; none
    /// ends the reporting.
    pub(crate) fn monitor(&self, endpoint: Option<&[u8]>, events: u32) -> Result<(), ZmqError> {
        let endpoint = endpoint.map(CString::new).transpose().map_err(|_| ZmqError::INVALID)?;
        let name = endpoint.as_ref().map_or(std::ptr::null(), |name| name.as_ptr());
        // SAFETY: a live socket, and a C string or NULL.
        check(unsafe { zmq_sys::zmq_socket_monitor(self.0, name, events as c_int) })
    }
}

/// The addresses that a server given by name may be reached at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Families {
    Ipv4,
    /// As the system gives them.
    Both,
    /// Where there is no IPv4 address, an IPv6 address will do.
    Ipv4First,
}

/// A socket that we made; closed on drop.
pub(crate) struct Owned {
    socket: Borrowed,
    czmq: Option<&'static Czmq>,
    /// No program has chosen between IPv4 and IPv6 for it, so that each endpoint does.
    any_family: bool,
}

impl Owned {
    /// One that zmq_socket made; the error where it is NULL.
    pub(super) fn new(raw: *mut c_void) -> Result<Owned, ZmqError> {
        match raw.is_null() {
            true => Err(ZmqError::last()),
            false => Ok(Owned { socket: Borrowed(raw), czmq: None, any_family: false }),
        }
    }

    /// One that CZMQ makes. It has a lock of its own for the whole process.
    pub(super) fn counted(kind: c_int, czmq: &'static Czmq) -> Result<Owned, ZmqError> {
        let mut socket = Owned::new(undivided(|| czmq.new_socket(kind)))?;
        socket.czmq = Some(czmq);
        Ok(socket)
    }

    /// IPv4 and IPv6 endpoints will do. Otherwise it is as ZMQ_IPV6 says.
    pub(super) fn takes_any_family(&mut self) {
        self.any_family = true;
    }

    pub(crate) fn families(&self) -> Families {
        match (self.any_family, self.socket.takes_ipv6()) {
            (true, _) => Families::Ipv4First,
            (false, true) => Families::Both,
            (false, false) => Families::Ipv4,
        }
    }

    /// With ZMQ_IPV6 libzmq takes IPv4 addresses by way of IPv6, which not every machine has. So it is set for
    /// those endpoints only that need it.
    fn suits(&self, ipv6: bool) -> Result<(), ZmqError> {
        match self.any_family {
            true => self.socket.set_number(zmq_sys::ZMQ_IPV6, c_int::from(ipv6)),
            false => Ok(()),
        }
    }

    pub(crate) fn bind(&self, endpoint: &[u8]) -> Result<(), ZmqError> {
        let everywhere = endpoint.starts_with(b"tcp://*:");
        self.suits(everywhere || has_ipv6_address(endpoint))?;
        match self.socket.bind(endpoint) {
            // There is no IPv6 here: IPv4 alone will do.
            Err(ZmqError::NO_SUCH_ADDRESS | ZmqError::NO_SUCH_FAMILY) if everywhere => {
                self.suits(false)?;
                self.socket.bind(endpoint)
            }
            outcome => outcome,
        }
    }

    pub(crate) fn connect(&self, endpoint: &[u8]) -> Result<(), ZmqError> {
        self.suits(has_ipv6_address(endpoint))?;
        self.socket.connect(endpoint)
    }
}

fn has_ipv6_address(endpoint: &[u8]) -> bool {
    endpoint.strip_prefix(b"tcp://").is_some_and(|rest| rest.contains(&b'['))
}

impl Deref for Owned {
    type Target = Borrowed;
    fn deref(&self) -> &Borrowed {
        &self.socket
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        match self.czmq {
            // CZMQ counts its sockets and waits for them at exit.
            Some(czmq) => undivided(|| czmq.close_socket(self.socket.0)),
            None => {
                // SAFETY: ours, closed once.
                let _ = unsafe { zmq_sys::zmq_close(self.socket.0) };
            }
        }
    }
}
