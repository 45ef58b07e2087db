//! What the standard library does not tell.

use super::fork::undivided;
use std::ffi::c_int;
use std::io;

/// The local time as CZMQ's log writes it: `26-01-31 23:59:59`.
pub(crate) fn log_date() -> String {
    let mut text = [0_u8; 32];
    // SAFETY: all-zero is a valid tm; localtime_r and strftime write within what they are given.
    let size = unsafe {
        let now = libc::time(std::ptr::null_mut());
        let mut local: libc::tm = std::mem::zeroed();
        if libc::localtime_r(&now, &mut local).is_null() {
            return String::new();
        }
        let format = c"%y-%m-%d %H:%M:%S".as_ptr();
        libc::strftime(text.as_mut_ptr().cast(), text.len(), format, &local)
    };
    String::from_utf8_lossy(text.get(..size).unwrap_or_default()).into_owned()
}

/// Run code with all signals of the system blocked, and so every thread that it starts: a handler
/// must run in a thread of the program's, where it can interrupt what that waits for.
pub(crate) fn blocked<T>(code: impl FnOnce() -> T) -> T {
    // SAFETY: all-zero is a valid set; each call gets sets that live during the call.
    unsafe {
        let (mut all, mut before): (libc::sigset_t, libc::sigset_t) = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        let result = code();
        libc::pthread_sigmask(libc::SIG_SETMASK, &before, std::ptr::null_mut());
        result
    }
}

/// Run code in which this thread cannot be cancelled, as it has locks there and values that must be dropped:
/// cancellation unwinds a thread's stack, which Rust does not allow. It comes after the call instead.
pub(crate) fn uncancelled<T>(code: impl FnOnce() -> T) -> T {
    unsafe extern "C" {
        fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
    }
    /// The same in glibc and in musl.
    const DISABLE: c_int = 1;
    struct Before(c_int);
    impl Drop for Before {
        fn drop(&mut self) {
            // SAFETY: a state that the thread had; whoever does not want to know the last one passes NULL.
            unsafe { pthread_setcancelstate(self.0, std::ptr::null_mut()) };
        }
    }
    let mut before = Before(0);
    // SAFETY: a state that is defined, and the address of an int.
    unsafe { pthread_setcancelstate(DISABLE, &mut before.0) };
    code()
}

/// A pair of CURVE keys in Z85, 40 characters each; none where libzmq has no CURVE.
pub(crate) fn new_keys() -> Option<(String, String)> {
    let (mut public, mut secret) = ([0_u8; 41], [0_u8; 41]);
    // SAFETY: each has room for 40 characters and a NUL.
    let rc = undivided(|| unsafe {
        zmq_sys::zmq_curve_keypair(public.as_mut_ptr().cast(), secret.as_mut_ptr().cast())
    });
    let text = |key: [u8; 41]| String::from_utf8_lossy(&key[..40]).into_owned();
    (rc == 0).then(|| (text(public), text(secret)))
}

/// Write to a descriptor of the process. The standard library's own streams have locks, which a thread
/// may hold that a fork leaves behind.
fn write_all(descriptor: c_int, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        // SAFETY: so many bytes are there.
        let rc = unsafe { libc::write(descriptor, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(rc) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(_) => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => {}
                error => return Err(error),
            },
        }
    }
    Ok(())
}

/// Print on standard output.
pub(crate) fn print_all(bytes: &[u8]) -> io::Result<()> {
    write_all(libc::STDOUT_FILENO, bytes)
}

/// Print on standard error. Where it is closed, that is no reason to end a node.
pub(crate) fn complain(line: &[u8]) {
    let _ = write_all(libc::STDERR_FILENO, line);
}
