//! Lists of tuples, as C walks through them.

use super::errors::{answer, bad_argument, code};
use super::objects::{destroy, tell};
use crate::node::{Error, Tuple};
use std::ffi::{CString, c_char, c_int};

/// The tuples of a node at one moment, and a place among them. It belongs to the caller alone.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct zgossip_tuples_t {
    tuples: Vec<Tuple>,
    /// How many have been passed, the current one included.
    passed: usize,
    /// Key of the current one.
    key: CString,
}

pub(super) fn new_list(tuples: Vec<Tuple>) -> *mut zgossip_tuples_t {
    Box::into_raw(Box::new(zgossip_tuples_t { tuples, passed: 0, key: CString::default() }))
}

impl zgossip_tuples_t {
    fn current(&self) -> Result<&Tuple, Error> {
        let place = self.passed.checked_sub(1);
        let tuple = place.and_then(|place| self.tuples.get(place));
        tuple.ok_or_else(|| bad_argument("tuples", "is at no tuple"))
    }
}

/// # Safety
/// NULL, or a list of zgossip_node_snapshot that is alive as long as the returned value.
unsafe fn tuples<'a>(this: *mut zgossip_tuples_t) -> Result<&'a mut zgossip_tuples_t, Error> {
    // SAFETY: by the caller.
    unsafe { this.as_mut() }.ok_or_else(|| bad_argument("tuples", "is NULL"))
}

/// Go to the first tuple, and then to the one after each:
///
/// ```text
/// zgossip_tuples_t *all = zgossip_node_snapshot (node);
/// while (zgossip_tuples_next (all) > 0)
///     printf ("%s = %s\n", zgossip_tuples_key (all, NULL), zgossip_tuples_value (all, NULL));
/// zgossip_tuples_destroy (&all);
/// ```
///
/// Returns 1, 0 where there is none any more, or an error.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or a list of zgossip_node_snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_tuples_next(self_: *mut zgossip_tuples_t) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let this = unsafe { tuples(self_) }?;
        this.passed = this.tuples.len().min(this.passed) + 1;
        let key = this.current().map(Tuple::key).unwrap_or_default();
        this.key = CString::new(key).unwrap_or_default();
        Ok(i64::from(this.passed <= this.tuples.len()))
    })
}

/// How many tuples the list has in all, or an error.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or a list of zgossip_node_snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_tuples_size(self_: *mut zgossip_tuples_t) -> i64 {
    // SAFETY: by the caller.
    answer(&mut || Ok(unsafe { tuples(self_) }?.tuples.len() as i64))
}

/// The current tuple's key: bytes with a NUL behind them, valid until the next call of
/// zgossip_tuples_next. NULL where the list is at no tuple.
///
/// size: set to the number of bytes, without the NUL, or NULL.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or a list of zgossip_node_snapshot, `size` NULL or the address of a size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_tuples_key(
    self_: *mut zgossip_tuples_t,
    size: *mut usize,
) -> *const c_char {
    let mut key = std::ptr::null();
    answer(&mut || {
        // SAFETY: by the caller.
        let this = unsafe { tuples(self_) }?;
        this.current()?;
        // SAFETY: by the caller.
        key = unsafe { tell(this.key.as_bytes_with_nul(), size) };
        Ok(0)
    });
    key
}

/// The current tuple's value: bytes with a NUL behind them, valid until the list is destroyed. NULL
/// where the list is at no tuple.
///
/// size: set to the number of bytes, without the NUL, or NULL.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_` is NULL or a list of zgossip_node_snapshot, `size` NULL or the address of a size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_tuples_value(
    self_: *mut zgossip_tuples_t,
    size: *mut usize,
) -> *const c_char {
    let mut value = std::ptr::null();
    answer(&mut || {
        // SAFETY: by the caller.
        value = unsafe { tell(tuples(self_)?.current()?.value_and_nul(), size) };
        Ok(0)
    });
    value
}

/// Destroy a list and set the caller's pointer to NULL. The address of a NULL is fine.
///
/// Returns 0, or ZGOSSIP_BAD_ARGUMENT for a NULL.
///
/// Threads: one at a time.
///
/// # Safety
/// `self_p` is NULL or points to NULL or to a list of zgossip_node_snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_tuples_destroy(self_p: *mut *mut zgossip_tuples_t) -> c_int {
    // SAFETY: by the caller.
    code(&mut || unsafe { destroy(self_p) })
}
