//! Which implementation a program runs.

use super::zgossip::zgossip;
use crate::driver::loaded::{bound_globally, file_of};
use crate::driver::undivided;
use once_cell::sync::OnceCell;
use std::ffi::{CString, c_char, c_void};

const VERSION: &str = concat!("libzgossip ", env!("CARGO_PKG_VERSION"));

/// Tell which implementation of zgossip this program runs.
///
/// Returns "libzgossip X.Y.Z" where the program's zgossip is this library's, and "libzgossip
/// X.Y.Z, not in use: zgossip is that of FILE" where another library comes first, which
/// `-lczmq -lzgossip` in this order would bring about. CZMQ itself has no such function: where it
/// is missing, the original runs.
///
/// The string belongs to the library and stays valid for the life of the process. Any thread may
/// call this at any time.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_version() -> *const c_char {
    static TEXT: OnceCell<CString> = OnceCell::new();
    let first = || TEXT.get_or_init(|| CString::new(describe()).unwrap_or_default());
    TEXT.get().unwrap_or_else(|| undivided(first)).as_ptr()
}

fn describe() -> Vec<u8> {
    // This function is never interposed by a CZMQ, so it lives where our zgossip lives.
    let ours = file_of(zgossip_version as *const c_void);
    let bound = bound_globally(c"zgossip");
    // A program that is linked statically may export no name at all: there is one zgossip, ours.
    let theirs = if bound.is_null() { None } else { file_of(bound) };
    match (ours, theirs) {
        (Some((_, our_base)), Some((file, base))) if base != our_base => {
            [VERSION.as_bytes(), b", not in use: zgossip is that of ", file.as_bytes()].concat()
        }
        _ => {
            // Refer to the function, so that a linker which drops unused code keeps the two
            // together.
            std::hint::black_box(zgossip as *const c_void);
            VERSION.as_bytes().to_vec()
        }
    }
}
