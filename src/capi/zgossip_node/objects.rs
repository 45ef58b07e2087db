//! Objects that belong to C: how their bytes are shown, and how they end.

use super::errors::bad_argument;
use crate::node::Error;
use std::ffi::c_char;

/// Tell the size of a text that ends with a NUL, where somebody wants to know; its bytes.
///
/// # Safety
/// `size` is NULL or the address of a size.
pub(super) unsafe fn tell(text: &[u8], size: *mut usize) -> *const c_char {
    // SAFETY: by the caller.
    if let Some(size) = unsafe { size.as_mut() } {
        *size = text.len() - 1;
    }
    text.as_ptr().cast()
}

/// Destroy what was made by `Box::into_raw`.
///
/// # Safety
/// `self_p` is NULL or points to NULL or to such an object.
pub(super) unsafe fn destroy<T>(self_p: *mut *mut T) -> Result<i64, Error> {
    // SAFETY: by the caller.
    let this = unsafe { self_p.as_mut() }.ok_or_else(|| bad_argument("self_p", "is NULL"))?;
    let this = std::mem::replace(this, std::ptr::null_mut());
    if !this.is_null() {
        // SAFETY: by the caller; nobody has the pointer any more.
        drop(unsafe { Box::from_raw(this) });
    }
    Ok(0)
}
