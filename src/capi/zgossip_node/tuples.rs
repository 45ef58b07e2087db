//! The tuples of a node: published, forgotten and read.

use super::arguments::sized;
use super::errors::{answer, bad_argument, code, not_found};
use super::handles::{node, zgossip_node_t};
use super::list::{new_list, zgossip_tuples_t};
use std::ffi::{c_int, c_void};
use std::time::Duration;

/// Tell the network a tuple. The newest value of a key wins, everywhere.
///
/// key, key_size: at most 255 bytes; the size may be ZGOSSIP_STRING. A key may be empty.
/// value, value_size: less than 4 GiB. Neither may hold a NUL byte, which ends them in CZMQ peers.
/// ttl: 0; reserved for a time to live.
///
/// The bytes are copied. Does not wait for the node's thread, unless that is 10,000 publications
/// behind; calls made later see the tuple. The node's own tuples come as events, too.
///
/// Returns 0, or an error: ZGOSSIP_BAD_ARGUMENT for a key or a value that cannot be published;
/// ZGOSSIP_REFUSED for a value above zgossip/limits/value; ZGOSSIP_NO_RESOURCES where there is no
/// memory for all the copies that the value's way through the node makes, 5 at most.
///
/// Threads: any.
///
/// # Safety
/// `key` and `value` have as many bytes as their sizes say, or are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_publish(
    self_: *mut zgossip_node_t,
    key: *const c_void,
    key_size: usize,
    value: *const c_void,
    value_size: usize,
    ttl: u32,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let key = unsafe { sized(key, key_size, "key") }?;
        // SAFETY: by the caller.
        let value = unsafe { sized(value, value_size, "value") }?;
        if ttl != 0 {
            return Err(bad_argument("ttl", "is not 0"));
        }
        node(self_)?.publish(key, value).map(|()| 0)
    })
}

/// Forget a tuple, as UNPUBLISH of the actor does. No error where there is none.
///
/// Returns 0, or an error. Does not wait, as zgossip_node_publish.
///
/// Threads: any.
///
/// # Safety
/// `key` has as many bytes as its size says, or is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_unpublish(
    self_: *mut zgossip_node_t,
    key: *const c_void,
    key_size: usize,
) -> c_int {
    code(&mut || {
        // SAFETY: by the caller.
        let key = unsafe { sized(key, key_size, "key") }?;
        node(self_)?.unpublish(key).map(|()| 0)
    })
}

/// Wait until the neighbours have taken everything that was published before.
///
/// timeout: at most so many milliseconds; -1: as long as anything is taken, which ends after zgossip/linger
/// milliseconds without progress (1000 by default).
///
/// Returns how many neighbours have taken everything, which may be 0, or an error. A server says so by its PONG, a
/// client by an answer or, where it is a CZMQ peer, by its echo.
///
/// Threads: any. To destroy the node meanwhile ends the wait, with the number so far or with
/// ZGOSSIP_ENDED.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_node_flush(self_: *mut zgossip_node_t, timeout: c_int) -> c_int {
    code(&mut || {
        let timeout = u64::try_from(timeout).ok().map(Duration::from_millis);
        let taken = node(self_)?.flush(timeout)?;
        Ok(i64::try_from(taken).unwrap_or(i64::MAX))
    })
}

/// The value that the node holds of a key.
///
/// buffer, capacity: where to put it. As much as fits is copied, and a NUL behind it if that fits.
/// NULL and 0 to ask for the size only.
///
/// Returns the size of the whole value, without a NUL, or an error: ZGOSSIP_NOT_FOUND where the node
/// holds no such tuple. A result that is larger than the capacity tells how much to come again with.
///
/// Threads: any.
///
/// # Safety
/// `key` has as many bytes as its size says, or is a C string; `buffer` has room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zgossip_node_get(
    self_: *mut zgossip_node_t,
    key: *const c_void,
    key_size: usize,
    buffer: *mut c_void,
    capacity: usize,
) -> i64 {
    answer(&mut || {
        // SAFETY: by the caller.
        let key = unsafe { sized(key, key_size, "key") }?;
        if buffer.is_null() && capacity > 0 {
            return Err(bad_argument("buffer", "is NULL"));
        }
        let tuple = node(self_)?.get(key)?.ok_or_else(not_found)?;
        let value = tuple.value();
        let fits = value.len().min(capacity);
        if capacity > 0 {
            // SAFETY: not NULL, and room for `capacity` bytes by the caller.
            unsafe {
                std::ptr::copy_nonoverlapping(value.as_ptr(), buffer.cast(), fits);
                if fits < capacity {
                    buffer.cast::<u8>().add(fits).write(0);
                }
            }
        }
        Ok(value.len() as i64)
    })
}

/// How many tuples the node holds, or an error.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_node_size(self_: *mut zgossip_node_t) -> i64 {
    answer(&mut || node(self_)?.size().map(|size| size as i64))
}

/// All tuples that the node holds at one moment, in the order of their last change. What happens
/// to the node later, its end included, does not change the list.
///
/// Returns a list, to be destroyed with zgossip_tuples_destroy, or NULL.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn zgossip_node_snapshot(self_: *mut zgossip_node_t) -> *mut zgossip_tuples_t {
    let mut list = std::ptr::null_mut();
    answer(&mut || {
        list = new_list(node(self_)?.snapshot()?);
        Ok(0)
    });
    list
}
