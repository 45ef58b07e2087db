//! Panics: one line in the log, and no further than this library.

use super::ffi::fork::undivided;
use super::ffi::os::uncancelled;
use super::log::log_line;
use crate::core::Level;
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Run library code, undisturbed by cancellation. A panic in it is logged as one error line, and None is
/// returned.
pub(crate) fn contain<T>(code: impl FnOnce() -> T) -> Option<T> {
    log_panics_once();
    let outside = INSIDE.with(|inside| inside.replace(true));
    let outcome = uncancelled(|| catch_unwind(AssertUnwindSafe(code)));
    INSIDE.with(|inside| inside.set(outside));
    outcome.ok()
}

/// What panic! was called with.
fn text_of(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic")
}

/// A Rust program that uses this crate keeps its own hook for its own panics.
fn log_panics_once() {
    static ONCE: Once = Once::new();
    if ONCE.is_completed() {
        return;
    }
    let log_panics = || {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if INSIDE.with(Cell::get) {
                let what = text_of(panic.payload());
                let place = panic.location().map(ToString::to_string).unwrap_or_default();
                let line = format!("zgossip: internal error at {place}: {what}");
                log_line(Level::Error, line.as_bytes());
            } else {
                before(panic);
            }
        }));
    };
    undivided(|| ONCE.call_once(log_panics));
}
