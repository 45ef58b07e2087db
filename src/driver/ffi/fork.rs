//! What a fork must not divide.
//!
//! A child has one thread, the one that called fork. A lock that another held at that moment stays
//! locked in the child for ever. So whoever takes one of the library's process-wide locks says so, and
//! a fork waits for the moment when nobody has any. None of them is held for long: nothing is waited
//! for under them.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

/// Threads that are inside.
static INSIDE: AtomicU32 = AtomicU32::new(0);
/// A fork is under way: nobody enters.
static FORKING: AtomicBool = AtomicBool::new(false);
/// How long either side waits before it asks again. A fork itself takes longer.
const PAUSE: Duration = Duration::from_micros(20);

thread_local! {
    /// How often this thread is inside. A signal handler that forks must not wait for the code that it
    /// interrupted.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Run code that takes a process-wide lock. It must not wait for anything else than such a lock.
pub(crate) fn undivided<T>(code: impl FnOnce() -> T) -> T {
    let _inside = Inside::enter();
    code()
}

struct Inside;

impl Inside {
    fn enter() -> Inside {
        if DEPTH.replace(DEPTH.get() + 1) == 0 {
            INSIDE.fetch_add(1, Ordering::SeqCst);
            while FORKING.load(Ordering::SeqCst) {
                INSIDE.fetch_sub(1, Ordering::SeqCst);
                std::thread::sleep(PAUSE);
                INSIDE.fetch_add(1, Ordering::SeqCst);
            }
        }
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        if DEPTH.replace(DEPTH.get() - 1) == 1 {
            INSIDE.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

extern "C" fn before() {
    while FORKING.swap(true, Ordering::SeqCst) {
        std::thread::sleep(PAUSE);
    }
    let mine = u32::from(DEPTH.get() > 0);
    while INSIDE.load(Ordering::SeqCst) > mine {
        std::thread::sleep(PAUSE);
    }
}

extern "C" fn after_in_parent() {
    FORKING.store(false, Ordering::SeqCst);
}

extern "C" fn after_in_child() {
    // Those that were about to enter are not in this process.
    INSIDE.store(u32::from(DEPTH.get() > 0), Ordering::SeqCst);
    FORKING.store(false, Ordering::SeqCst);
}

/// Before anything of this library can be called: later there could be a fork between the first use of
/// a lock and this.
extern "C" fn watch_for_forks() {
    // SAFETY: three functions that live as long as the library does; glibc forgets them when it goes.
    // Fails only without memory, and then forks are as they were.
    unsafe { libc::pthread_atfork(Some(before), Some(after_in_parent), Some(after_in_child)) };
}

// SAFETY: the loader calls what is in this section once, and functions without parameters may be there.
#[unsafe(link_section = ".init_array")]
#[used]
static AT_LOAD: extern "C" fn() = watch_for_forks;
