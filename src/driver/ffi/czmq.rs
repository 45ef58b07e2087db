//! The CZMQ of this process, if there is one.

use super::fork::undivided;
use super::loaded;
use crate::core::Level;
use once_cell::sync::OnceCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};

const COUNT: usize = 19;

/// What is used of CZMQ, in the order of `czmq_weak.c`. The first eleven are needed to be a node;
/// a static link may leave out the others.
const NAMES: [&CStr; COUNT] = [
    c"zsock_resolve",
    c"zsys_socket",
    c"zsys_close",
    c"zsys_error",
    c"zsys_warning",
    c"zsys_notice",
    c"zsys_debug",
    c"zsys_set_logstream",
    c"zsys_interrupted",
    c"zsys_init",
    c"zsys_catch_interrupts",
    c"zframe_new",
    c"zframe_dup",
    c"zframe_destroy",
    c"zframe_data",
    c"zframe_size",
    c"zactor_new",
    c"zactor_destroy",
    c"zauth",
];

type Table = [*const c_void; COUNT];

/// An actor function as zactor_new takes it.
pub(crate) type ActorFunction = unsafe extern "C" fn(*mut c_void, *mut c_void);

type LogLine = unsafe extern "C" fn(*const c_char, ...);

/// Functions of one libczmq, with the C signatures of czmq 4.x (zsock.h, zsys.h).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Czmq {
    resolve: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    socket: unsafe extern "C" fn(c_int, *const c_char, usize) -> *mut c_void,
    close: unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> c_int,
    error: LogLine,
    warning: LogLine,
    notice: LogLine,
    debug: LogLine,
    set_logstream: unsafe extern "C" fn(*mut c_void),
    interrupted: *const c_int,
    init: unsafe extern "C" fn() -> *mut c_void,
    catch_interrupts: unsafe extern "C" fn(),
    frames: Option<Frames>,
    actors: Option<Actors>,
}

/// zframe.h
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frames {
    pub(crate) new: unsafe extern "C" fn(*const c_void, usize) -> *mut c_void,
    pub(crate) dup: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    pub(crate) destroy: unsafe extern "C" fn(*mut *mut c_void),
    pub(crate) data: unsafe extern "C" fn(*mut c_void) -> *mut u8,
    pub(crate) size: unsafe extern "C" fn(*mut c_void) -> usize,
}

/// zactor.h and zauth.h
#[derive(Debug, Clone, Copy)]
pub(crate) struct Actors {
    pub(crate) new: unsafe extern "C" fn(ActorFunction, *const c_void) -> *mut c_void,
    pub(crate) destroy: unsafe extern "C" fn(*mut *mut c_void),
    pub(crate) zauth: ActorFunction,
}

// SAFETY: function addresses, and the address of an int that CZMQ shares between threads.
unsafe impl Send for Czmq {}
// SAFETY: as above.
unsafe impl Sync for Czmq {}

unsafe extern "C" {
    fn zgossip_weak_czmq(table: *mut *const c_void, size: usize);
    fn zgossip_stdout() -> *mut c_void;
}

/// The CZMQ of this process. Looked for until it is found once: a program may load it late.
pub(crate) fn czmq() -> Option<&'static Czmq> {
    static CZMQ: OnceCell<Czmq> = OnceCell::new();
    let look = || CZMQ.get_or_try_init(|| weak().or_else(loaded_privately).ok_or(())).ok();
    CZMQ.get().or_else(|| undivided(look))
}

fn weak() -> Option<Czmq> {
    let mut table: Table = [std::ptr::null(); COUNT];
    // SAFETY: the table has room for so many entries.
    unsafe { zgossip_weak_czmq(table.as_mut_ptr(), COUNT) };
    from_table(&table)
}

/// A language runtime may have loaded libczmq for itself alone (RTLD_LOCAL): the weak references
/// stay NULL, but the library can be asked for by name, or found among all that is loaded. Such a package may
/// bring a libzmq as well. A socket belongs to one libzmq, so a CZMQ over another is none for this library.
fn loaded_privately() -> Option<Czmq> {
    let library =
        loaded::find_library(c"libczmq.so.4", NAMES[0], |czmq| czmq.shares(c"zmq_socket"))?;
    from_table(&NAMES.map(|name| library.symbol(name)))
}

fn from_table(table: &Table) -> Option<Czmq> {
    let needed = table.get(..11)?;
    if needed.iter().any(|address| address.is_null()) {
        return None;
    }
    let all = |range: std::ops::Range<usize>| {
        table.get(range).is_some_and(|part| part.iter().all(|address| !address.is_null()))
    };
    // `f!(n)`: entry n as the function that the field's type says.
    macro_rules! f {
        ($n:literal) => {{
            // The field's type is the annotation.
            #[allow(clippy::missing_transmute_annotations)]
            // SAFETY: the address of the CZMQ symbol NAMES[n], not NULL, whose C signature the
            // field's type repeats.
            unsafe {
                std::mem::transmute::<*const c_void, _>(table[$n])
            }
        }};
    }
    Some(Czmq {
        resolve: f!(0),
        socket: f!(1),
        close: f!(2),
        error: f!(3),
        warning: f!(4),
        notice: f!(5),
        debug: f!(6),
        set_logstream: f!(7),
        interrupted: table[8].cast(),
        init: f!(9),
        catch_interrupts: f!(10),
        frames: all(11..16).then(|| Frames {
            new: f!(11),
            dup: f!(12),
            destroy: f!(13),
            data: f!(14),
            size: f!(15),
        }),
        actors: all(16..19).then(|| Actors { new: f!(16), destroy: f!(17), zauth: f!(18) }),
    })
}

impl Czmq {
    /// The libzmq socket of a `zsock_t`, a `zactor_t`, or of itself.
    ///
    /// # Safety
    /// `object` is one of the three, alive and not NULL.
    pub(crate) unsafe fn resolve(&self, object: *mut c_void) -> *mut c_void {
        // SAFETY: by the caller.
        unsafe { (self.resolve)(object) }
    }

    /// CZMQ's process-wide context.
    pub(super) fn context(&self) -> *mut c_void {
        // SAFETY: may be called at any time, and again.
        unsafe { (self.init)() }
    }

    /// Have CZMQ handle SIGINT and SIGTERM, unless the program or the environment does not want that.
    pub(super) fn catch_interrupts(&self) {
        // SAFETY: may be called at any time, and again.
        unsafe { (self.catch_interrupts)() };
    }

    /// A socket in CZMQ's process-wide context, with the program's zsys settings; NULL when there
    /// are too many.
    pub(super) fn new_socket(&self, kind: c_int) -> *mut c_void {
        // SAFETY: without a file name CZMQ does not track the socket's creator; any kind is
        // allowed, a wrong one gives NULL.
        unsafe { (self.socket)(kind, std::ptr::null(), 0) }
    }

    /// Close a socket that `new_socket` made.
    pub(super) fn close_socket(&self, socket: *mut c_void) {
        // SAFETY: the caller, `Owned`, has it from new_socket and closes it once.
        unsafe { (self.close)(socket, std::ptr::null(), 0) };
    }

    /// The functions of zframe, if this program contains them.
    pub(crate) fn frames(&self) -> Option<&Frames> {
        self.frames.as_ref()
    }

    /// The functions of zactor and zauth, if this program contains them.
    pub(crate) fn actors(&self) -> Option<&Actors> {
        self.actors.as_ref()
    }

    /// Whether CZMQ's own handler has caught SIGINT or SIGTERM.
    pub(crate) fn interrupted(&self) -> bool {
        // SAFETY: the address of a C `volatile int` that lives as long as the library.
        unsafe { self.interrupted.read_volatile() != 0 }
    }

    /// One line into the program's log.
    pub(crate) fn log(&self, level: Level, line: &[u8]) {
        let write = match level {
            Level::Error => self.error,
            Level::Warning => self.warning,
            Level::Notice => self.notice,
            Level::Debug => self.debug,
        };
        let line: Vec<u8> = line.iter().map(|&byte| if byte == 0 { b'?' } else { byte }).collect();
        if let Ok(line) = CString::new(line) {
            // SAFETY: a format that takes one string, and that string.
            unsafe { write(c"%s".as_ptr(), line.as_ptr()) };
        }
    }

    /// Send the process's log to standard output.
    pub(crate) fn log_to_stdout(&self) {
        // SAFETY: stdout is a FILE that is always there.
        unsafe { (self.set_logstream)(zgossip_stdout()) };
    }
}

/// Print by way of C's standard output, in step with what the program itself prints there.
pub(crate) fn print(text: &str) {
    if let Ok(text) = CString::new(text) {
        // SAFETY: a C string, and a FILE that is always there.
        unsafe {
            libc::fputs(text.as_ptr(), zgossip_stdout().cast());
            libc::fflush(zgossip_stdout().cast());
        }
    }
}
